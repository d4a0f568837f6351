import * as assert from "uvu/assert";
import {
	argmax,
	argmin,
	grad,
	jvp,
	max,
	min,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { maskFirst } from "../../lib/ops/mask-first.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const x = tensor([
	[3, 1, 3],
	[1, 5, 2],
]);

suite("ops/extremes", (test) => {
	test("max and min reduce over one axis, several, or all", () => {
		same(max(x), 5);
		same(max(x, 0), [3, 5, 3]);
		same(min(x, 1, { keepDims: true }), [[1], [1]]);
		same(max(x, [0, 1], { keepDims: true }), [[5]]);
		same(max(tensor(4)), 4);
	});

	test("among equals the first, in row-major order, takes the whole gradient", () => {
		same(grad((t: Tensor) => max(t, 1).sum())(x), [
			[1, 0, 0],
			[0, 1, 0],
		]);
		same(grad((t: Tensor) => min(t))(x), [
			[0, 1, 0],
			[0, 0, 0],
		]);
		// Along axis 0 of the transpose the elements lie in another order, but the first is the first.
		same(grad((t: Tensor) => max(t.T, 0).sum())(x), [
			[1, 0, 0],
			[0, 1, 0],
		]);
		same(
			jvp(
				(t: Tensor) => max(t, 1),
				x,
				tensor([
					[1, 2, 3],
					[4, 5, 6],
				]),
			)[1],
			[1, 5],
		);
		same(grad((t: Tensor) => max(t))(tensor([0, -0])), [1, 0]);
	});

	test("a NaN shows in the value and in the gradient of its slice, and only of its slice", () => {
		const bad = tensor([
			[1, nan, 9],
			[1, 2, 3],
		]);
		for (const [f, position] of [
			[max, [0, 0, 1]],
			[min, [1, 0, 0]],
		] as const) {
			assert.ok(Number.isNaN(f(bad, 1).data[0]));
			same(grad((t: Tensor) => f(t, 1).sum())(bad), [[nan, nan, nan], position]);
		}
		same(max(bad), nan);
	});

	test("infinities are elements like others", () => {
		same(max(tensor([-inf, -inf])), -inf);
		same(grad((t: Tensor) => max(t))(tensor([-inf, -inf])), [1, 0]);
		same(grad((t: Tensor) => min(t))(tensor([inf, -inf, 0])), [0, 1, 0]);
	});

	test("argmax and argmin give the first of equals, as int32, along an axis or in the flattened tensor", () => {
		same(argmax(x, 1), [0, 1]);
		same(argmax(x, 0), [0, 1, 0]);
		same(argmin(x, -1, { keepDims: true }), [[1], [0]]);
		same(argmax(x), 4);
		same(argmin(x), 1);
		same(argmax(x.T), 3);
		assert.is(argmax(x).dtype, "int32");
	});

	test("a NaN wins in argmax and argmin, the first if there are several", () => {
		// np.argmax and np.argmin of NumPy 2.4 give 1 for both.
		const bad = tensor([1, nan, inf, nan, -inf]);
		same(argmax(bad), 1);
		same(argmin(bad), 1);
		same(argmax(tensor([nan, 5])), 0);
	});

	test("int32 stays int32, bool becomes int32", () => {
		const whole = tensor([2, -7, 5], { dtype: "int32" });
		assert.is(max(whole).dtype, "int32");
		same(min(whole), -7);
		assert.is(max(tensor([false, true])).dtype, "int32");
	});

	test("slices without elements are refused", () => {
		for (const f of [max, min, argmax, argmin]) {
			const { name } = f.op;
			const text = `${name}: expected at least one element along the axes, got none`;
			refuses(() => f(zeros([0])), ShapeError, text);
			refuses(() => f(zeros([2, 0]), 1), ShapeError, text);
			assert.equal(f(zeros([2, 0]), 0).shape, [0]);
		}
	});

	test("maskFirst marks the first element that equals its slice's value", () => {
		same(maskFirst(x, tensor([[3], [1]])), [
			[1, 0, 0],
			[1, 0, 0],
		]);
		same(maskFirst(x, 3), [
			[1, 0, 0],
			[0, 0, 0],
		]);
		same(maskFirst(x, tensor([1, nan, 7])), [
			[0, nan, 0],
			[1, nan, 0],
		]);
		refuses(
			() => maskFirst(x, zeros([4])),
			ShapeError,
			"maskFirst: expected shapes that broadcast",
		);
		refuses(
			() => maskFirst(tensor([1]), zeros([4])),
			ShapeError,
			"maskFirst: (4) does not stretch to (1)",
		);
	});
});
