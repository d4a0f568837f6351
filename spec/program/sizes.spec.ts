import * as assert from "uvu/assert";
import { readSize } from "../../lib/program/sizes.ts";
import { suite } from "../suite.ts";

suite("program/sizes", (test) => {
	test("a number is read as a product of powers of sizes, and only if it is one at every probe", () => {
		const points = [
			{ N: 5, D: 4, K: 3 },
			{ N: 11, D: 13, K: 17 },
			{ N: 30, D: 29, K: 23 },
		];
		const sizes = points.map((each) => new Map(Object.entries(each)));
		const read = (f: (each: (typeof points)[0]) => number) => readSize(points.map(f), sizes, 1e-13);
		const factor = (label: string, power: number, offset = 0) => ({ label, offset, power });
		assert.equal(
			read(({ N }) => 2 * (1 / N)),
			{ coefficient: 2, factors: [factor("N", -1)] },
		);
		assert.equal(
			read(({ N, D }) => (0.3 * N) / Math.sqrt(D)),
			{ coefficient: 0.3, factors: [factor("N", 1), factor("D", -0.5)] },
		);
		assert.equal(
			read(({ N, D, K }) => 1 / (N * D * K)),
			{ coefficient: 1, factors: [factor("N", -1), factor("D", -1), factor("K", -1)] },
		);
		assert.equal(
			read(({ N, D }) => -D / (N - 1)),
			{ coefficient: -1, factors: [factor("D", 1), factor("N", -1, -1)] },
		);
		assert.equal(
			read(() => 0.1),
			{ coefficient: 0.1, factors: [] },
		);
		// A third is no number of thirteen digits.
		const third = read(({ N }) => 1 / (3 * N))!.coefficient;
		assert.ok(Math.abs(3 * third - 1) <= 4 * Number.EPSILON, `${third}`);
		assert.is(
			read(({ N, D, K }) => N + D + K),
			null,
		);
		assert.is(
			read(({ N }) => (N === 30 ? 2 : 1) / N),
			null,
		);
		assert.is(
			read(({ N }) => 5 - N),
			null,
		);
	});
});
