import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { random, type Tensor } from "../../lib/index.ts";
import { near } from "../near.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";
import { planned } from "./schedules.ts";

/** A value that is read again when what stands between is done, which needs all that is before. */
const around =
	(first: (z: Tensor) => Tensor) =>
	(x: Tensor): Tensor => {
		const z = x.mul(2).add(1);
		const b = first(z);
		return b.mul(z.max(-1, { keepDims: true })).add(z);
	};

const large = random.normal(random.key(1), [64, 1024]);

/** How many elements the loops and reductions store, and which ops each computes. */
function stepsOf(f: (x: Tensor) => Tensor, x: Tensor) {
	return planned(f, x).steps.map(({ writes, members }) => {
		return { stored: writes.length, ops: members.map(({ op }) => op.name) };
	});
}

suite("schedule/recompute", (test) => {
	test("what takes few primitives is computed again where it is read, and not stored", () => {
		const steps = stepsOf(
			around((z) => z.clip(-1, 1).square()),
			large,
		);
		assert.equal(steps, [
			{ stored: 1, ops: ["mul", "add"] },
			{ stored: 1, ops: ["max"] },
			{ stored: 1, ops: ["clip", "square", "mul", "add"] },
		]);
	});

	test("a function, many primitives and few elements are stored", () => {
		const many = (z: Tensor) => {
			let y = z;
			for (let i = 0; i < 7; i++) y = y.mul(z).add(1);
			return y;
		};
		assert.is(
			stepsOf(
				around((z) => z.exp()),
				large,
			)[0]!.stored,
			2,
		);
		assert.is(stepsOf(around(many), large)[0]!.stored, 2);
		assert.is(
			stepsOf(
				around((z) => z.square()),
				large.slice([0, 2]),
			)[0]!.stored,
			2,
		);
	});

	test("what is read in other places, or reduced, is stored", () => {
		const square = around((z) => z.square());
		assert.is(stepsOf((x) => square(x.slice([0, 64])), large)[0]!.stored, 1);
		const turned = around((z) => z.square().T.reshape([64, 1024]));
		assert.ok(stepsOf(turned, large).some(({ stored }) => stored === 2));
		const summed = around((z) => z.square().sum(-1, { keepDims: true }));
		assert.ok(stepsOf(summed, large).some(({ stored }) => stored === 2));
	});

	test("what would be kept in memory for that is stored", () => {
		const f = (x: Tensor) => {
			const z = x.mul(2).add(1);
			const b = z.square();
			return b.mul(z.max(-1, { keepDims: true }));
		};
		assert.is(stepsOf(f, large)[0]!.stored, 2);
	});

	test("whatever reads whatever, the values are those of the ops", () => {
		const x = random.normal(random.key(2), [182, 182]);
		const makers: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
			(a, b) => a.add(b),
			(a) => a.mul(0.5),
			(a) => a.clip(-1, 1),
			(a, b) => a.greater(b).where(a, b),
			(a) => a.tanh(),
			(a, b) => a.sub(b.mean(1, { keepDims: true })),
			(a, b) => a.matmul(b.mul(0.01)),
			(a, b) => a.add(b.T),
		];
		const chosen = fc.tuple(fc.nat(makers.length - 1), fc.nat(3), fc.nat(3));
		fc.assert(
			fc.property(fc.array(chosen, { minLength: 6, maxLength: 16 }), (steps) => {
				const f = (first: Tensor) => {
					const values = [first];
					for (const [maker, i, j] of steps) {
						const back = (n: number) => values[Math.max(0, values.length - 1 - n)]!;
						values.push(makers[maker]!(back(i), back(j)));
					}
					return values.slice(-2);
				};
				const [expected, got] = [f(x), compile(f)(x)];
				for (const [i, value] of expected.entries()) near(got[i]!, value, 1e-9);
			}),
			{ numRuns: sampled(60) },
		);
	});

	test("the bits are those of what is stored", () => {
		const f = around((z) => z.clip(-1, 1).square().mul(0.3).add(z));
		const whole = compile(f)(large).data;
		const row = compile(f);
		for (let i = 0; i < 64; i++) {
			const expected = row(large.slice([i, i + 1])).data;
			assert.equal(whole.subarray(1024 * i, 1024 * (i + 1)), expected, `row ${i}`);
		}
	});
});
