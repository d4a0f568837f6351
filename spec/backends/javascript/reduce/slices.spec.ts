import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { compile, javascriptBackend } from "../../../../lib/compile/index.ts";
import { type DType, DTypeError, random, type Tensor, tensor } from "../../../../lib/index.ts";
import { near, refuses, same } from "../../../near.ts";
import { sampled } from "../../../runs.ts";
import { suite } from "../../../suite.ts";

const inJavaScript = <R>(f: (x: Tensor) => R) => compile(f, { backend: javascriptBackend });

/** A tensor of this shape in another order of its axes, in part backwards. */
const laidOut = (shape: readonly number[], dtype: DType, isTurned: boolean): Tensor => {
	const x = random.normal(random.key(shape.length), isTurned ? shape.toReversed() : shape);
	const cast = x.mul(3).astype(dtype);
	return isTurned ? cast.transpose().flip(0) : cast;
};

const cases = fc.record({
	shape: fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 4 }),
	chosen: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
	isTurned: fc.boolean(),
	dtype: fc.constantFrom<DType>("float64", "float32", "int32", "bool"),
});

suite("javascript/reduce/slices", (test) => {
	test("reductions give the bits of the function by itself, for any layout, axes and dtype", () => {
		fc.assert(
			fc.property(cases, ({ shape, chosen, isTurned, dtype }) => {
				const axes = [...shape.keys()].filter((axis) => chosen[axis]);
				const all = (x: Tensor) => [
					x.sum(axes),
					x.mean(axes),
					x.prod(axes),
					x.max(axes, { keepDims: true }),
					x.min(axes),
					x.all(axes),
					x.any(axes),
					x.argmax(0),
					x.argmin(-1),
				];
				const x = laidOut(shape, dtype, isTurned);
				const expected = all(x);
				for (const [i, y] of inJavaScript(all)(x).entries()) same(y, expected[i]!);
			}),
			{ numRuns: sampled(40) },
		);
	});

	test("of equal elements the first stays, 0 or −0, as in the function by itself", () => {
		for (const values of [
			[-0, 0],
			[0, -0],
			[-1, 0, -0],
			[1, -0, 0],
		]) {
			const x = tensor(values);
			for (const f of [(v: Tensor) => v.max(), (v: Tensor) => v.min()]) {
				assert.ok(Object.is(inJavaScript(f)(x).item(), f(x).item()));
			}
		}
	});

	test("sums of long slices are those of the function by itself, side by side or in a row, of what is computed too", () => {
		const x = random.normal(random.key(1), [3, 1100, 70]);
		const all = (x: Tensor) => [
			x.sum(1),
			x.sum(2),
			x.sum(),
			x.mul(x).sum(1),
			x.tanh().mean([0, 2]),
			x.transpose().exp().sum(0),
		];
		const expected = all(x);
		for (const [i, y] of inJavaScript(all)(x).entries()) same(y, expected[i]!);
	});

	test("normalized slices and what follows them agree to a few units in the last place", () => {
		fc.assert(
			fc.property(cases, ({ shape, chosen, isTurned }) => {
				const axes = [...shape.keys()].filter((axis) => chosen[axis]);
				const all = (x: Tensor) => [
					x.softmax(axes).mul(2).add(x),
					x.logSoftmax(axes),
					x.logSumExp(axes),
					x.variance(axes),
					x.std(axes),
					x.norm(axes),
				];
				const x = laidOut(shape, "float64", isTurned);
				const expected = all(x);
				for (const [i, y] of inJavaScript(all)(x).entries()) near(y, expected[i]!, 1e-14);
			}),
			{ numRuns: sampled(25) },
		);
	});

	test("a sum that overflows int32 throws the error of the op", () => {
		const f = inJavaScript((x) => x.add(1).sum());
		refuses(() => f(tensor([2e9, 2e9], { dtype: "int32" })), DTypeError, "sum: the result");
		same(f(tensor([1, 2], { dtype: "int32" })), 5);
	});
});
