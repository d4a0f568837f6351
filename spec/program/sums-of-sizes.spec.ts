import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import { avgPool1d, concat, conv1d, random, ShapeError, type Tensor } from "../../lib/index.ts";
import { readSize } from "../../lib/program/sizes.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

const points = [
	{ N: 5, M: 4, L: 9, K: 3 },
	{ N: 11, M: 13, L: 24, K: 17 },
	{ N: 47, M: 41, L: 37, K: 29 },
	{ N: 52, M: 67, L: 83, K: 58 },
];
const sizes = points.map((each) => new Map(Object.entries(each)));
const read = (f: (each: (typeof points)[0]) => number) => readSize(points.map(f), sizes, 1e-13);
const sum = (label: string, other: string, sign: 1 | -1, offset = 0, power = 1) => {
	return { label, second: { label: other, sign }, offset, power };
};

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);

suite("program/sums of sizes", (test) => {
	test("sums and differences of two sizes are read, alone and beside others", () => {
		assert.equal(read(({ N, M }) => N + M)!.factors, [sum("M", "N", 1)]);
		assert.equal(read(({ L, K }) => L - K + 1)!.factors, [sum("L", "K", -1, 1)]);
		const mean = read(({ N, M, L, K }) => -2 / (N * M * (L - K + 1)))!;
		assert.is(mean.coefficient, -2);
		assert.equal(mean.factors.slice(2), [sum("L", "K", -1, 1, -1)]);
		assert.equal(read(({ N, M, L }) => 1 / (N * M * (L - 2)))!.factors.at(-1), {
			label: "L",
			power: -1,
			offset: -2,
		});
	});

	test("what is no such sum is not read as one", () => {
		assert.is(
			read(({ N, M, L }) => N + M + L),
			null,
		);
		assert.is(
			read(({ L }) => Math.floor(L / 2)),
			null,
		);
		assert.is(
			read(({ N, M }) => (N === 47 ? N + M + 1 : N + M)),
			null,
		);
	});

	test("a convolution holds for filters of any length, with its shapes by name", () => {
		const f = ({ w, x }: { w: Tensor; x: Tensor }) => conv1d(x, w).as("z").square().mean();
		const args = { params: { w: normal(1, 4, 3, 3), x: normal(2, 2, 3, 6) } };
		const derivation = derive(f, args, { axes: { w: ["O", "I", "K"], x: ["N", "I", "L"] } });
		const text = derivation.print("numpy");
		assert.not.match(text, "Holds for these shapes only");
		assert.match(text, "reshape(N, O, L - K + 1)");
		assert.match(text, "/ (O * N * (L - K + 1))");
		assert.match(derivation.print("ts"), "// N×O×(L−K+1)");
		assert.match(derivation.print("latex"), "N \\times O \\times (L - K + 1)");
	});

	test("the sizes of joined tensors are sums by name", () => {
		const f = ({ x, y }: { x: Tensor; y: Tensor }) => concat([x, y]).as("z").square().mean();
		const args = { params: { x: normal(1, 3, 2), y: normal(2, 4, 2) } };
		const derivation = derive(f, args, { axes: { x: ["N", "D"], y: ["M", "D"] } });
		assert.match(derivation.print("numpy"), "2.0 * z / (D * (M + N))");
		assert.equal(derivation.backward[0]!.axes, ["(M+N)", "D"]);
	});

	test("an axis may be a number of times as long as another one, and programs take it apart", () => {
		const f = (x: Tensor) => {
			const [a, b] = x.split(2, 1) as [Tensor, Tensor];
			return a.mul(b).mean();
		};
		for (const name of ["2·H", "2*H"]) {
			const derivation = derive(f, { x: normal(1, 3, 8) }, { axes: { x: ["N", name] } });
			const text = derivation.print("numpy");
			assert.not.match(text, "Holds for these shapes only");
			assert.match(text, "# Given: x (N×2·H)\nH = x.shape[1] // 2\n");
			assert.match(text, "grad_slice1 = slice2 / (N * H)");
			assert.match(derivation.print("ts"), "const H = Number(x.shape[1]) / 2;");
		}
		const odd = () => derive(f, { x: normal(1, 3, 8) }, { axes: { x: ["N", "3·H"] } });
		refuses(odd, ShapeError, "expected the axis called 3·H to have a multiple of 3");
	});

	test("a number of windows that is rounded is not taken for one that is exact", () => {
		for (const [stride, size] of [2, 3, 5, 7].flatMap((s) => [8, 9, 10, 11].map((n) => [s, n]))) {
			const f = (x: Tensor) => avgPool1d(x, 2, { stride: stride! }).square().sum();
			const args = { x: normal(1, 2, 3, size!) };
			const text = derive(f, args, { axes: { x: ["N", "C", "L"] } }).print("numpy");
			assert.match(text, `Holds for these shapes only: x (2×3×${size})`);
		}
	});
});
