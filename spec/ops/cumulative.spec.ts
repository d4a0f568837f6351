import * as assert from "uvu/assert";
import {
	cumprod,
	cumsum,
	DTypeError,
	grad,
	hvp,
	jvp,
	linearRecurrence,
	ShapeError,
	type Tensor,
	tensor,
	vjp,
	zeros,
} from "../../lib/index.ts";
import { shift } from "../../lib/ops/shift.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan } = Number;

const x = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);

suite("ops/cumulative", (test) => {
	test("cumsum and cumprod run along an axis, and without one over the flattened tensor", () => {
		same(cumsum(x, 0), [
			[1, 2, 3],
			[5, 7, 9],
		]);
		same(cumsum(x, -1), [
			[1, 3, 6],
			[4, 9, 15],
		]);
		same(cumsum(x), [1, 3, 6, 10, 15, 21]);
		same(cumprod(x), [1, 2, 6, 24, 120, 720]);
		same(cumprod(x.T, 0).T, cumprod(x, 1));
		same(cumsum(7), [7]);
		same(cumsum(zeros([0, 2])), zeros([0]));
		same(cumprod(zeros([2, 0]), 1), zeros([2, 0]));
	});

	test("exclusive leaves the own element out, reverse runs from the last", () => {
		const line = tensor([2, 3, 5]);
		same(cumsum(line, 0, { exclusive: true }), [0, 2, 5]);
		same(cumsum(line, 0, { reverse: true }), [10, 8, 5]);
		same(cumsum(line, 0, { reverse: true, exclusive: true }), [8, 5, 0]);
		same(cumprod(line, 0, { exclusive: true }), [1, 2, 6]);
		same(cumprod(line, 0, { reverse: true }), [30, 15, 5]);
		same(cumprod(line, 0, { reverse: true, exclusive: true }), [15, 5, 1]);
	});

	test("the transpose of cumsum sums from the other end", () => {
		const [, pull] = vjp((t: Tensor) => cumsum(t, 1), x);
		same(
			pull(
				tensor([
					[1, 10, 100],
					[2, 0, 0],
				]),
			),
			[
				[111, 110, 100],
				[2, 0, 0],
			],
		);
	});

	test("the gradient of cumprod is exact with zeros, to third order", () => {
		const w = tensor([1, 10, 100]);
		const f = (t: Tensor) => cumprod(t).mul(w).sum();
		// f = x + 10·x·y + 100·x·y·z
		same(grad(f)(tensor([2, 0, 3])), [1, 2 * 310, 0]);
		same(grad(f)(tensor([0, 0, 3])), [1, 0, 0]);
		same(hvp(f, tensor([2, 0, 3]), tensor([1, 1, 1])), [310, 310 + 200, 200]);
		const third = (t: Tensor) => hvp(f, t, tensor([1, 0, 0]));
		same(jvp(third, tensor([0, 0, 0]), tensor([0, 1, 1]))[1], [0, 100, 100]);
	});

	test("a NaN reaches what comes after it and nothing before", () => {
		same(cumsum(tensor([1, nan, 2])), [1, nan, nan]);
		same(cumprod(tensor([2, nan, 0])), [2, nan, nan]);
		same(grad((t: Tensor) => cumprod(t).sum())(tensor([2, 3, nan])), [nan, nan, 6]);
	});

	test("int32 and bool stay whole, an overflow is an error, float32 carries float64 along", () => {
		const whole = tensor([2_000_000_000, 2], { dtype: "int32" });
		assert.is(cumsum(whole).dtype, "int32");
		same(cumsum(tensor([true, true])), [1, 2]);
		refuses(() => cumprod(whole), DTypeError, "cumprod: the result 4000000000 is not an int32");
		const tenths = cumsum(tensor(new Float32Array(10_000).fill(0.1)));
		assert.is(tenths.dtype, "float32");
		same(tenths.data[9999]!, Math.fround(10_000 * Math.fround(0.1)));
	});

	test("linearRecurrence is yₖ = aₖ·yₖ₋₁ + bₖ, and a₀ is not used", () => {
		same(linearRecurrence(tensor([nan, 2, 3]), tensor([1, 10, 100])), [1, 12, 136]);
		same(linearRecurrence(0.5, tensor([8, 0, 0, 0])), [8, 4, 2, 1]);
		const reversed = { reverse: true };
		same(linearRecurrence(tensor([2, 3, nan]), tensor([1, 10, 100]), 0, reversed), [621, 310, 100]);
		same(linearRecurrence(tensor([[1], [2]]), x, 0), [
			[1, 2, 3],
			[6, 9, 12],
		]);
		refuses(() => linearRecurrence(1, 2), ShapeError, "linearRecurrence: axis -1 is out of range");
	});

	test("the gradients of linearRecurrence are those worked out by hand", () => {
		// y = (b₀, a₁b₀ + b₁, a₂(a₁b₀ + b₁) + b₂), all summed.
		const point = { a: tensor([nan, 2, 3]), b: tensor([1, 10, 100]) };
		const f = ({ a, b }: typeof point) => linearRecurrence(a, b).sum();
		const g = grad(f)(point);
		same(g.a, [0, 4, 12]);
		same(g.b, [9, 4, 1]);
	});

	test("shift moves elements along an axis and lets zeros in", () => {
		same(shift(x, 1), [
			[0, 1, 2],
			[0, 4, 5],
		]);
		same(shift(x, -1, 0), [
			[4, 5, 6],
			[0, 0, 0],
		]);
		same(shift(x.T, 1, 0), [
			[0, 0],
			[1, 4],
			[2, 5],
		]);
		same(shift(x, 0), x);
		same(shift(x, 7), zeros([2, 3]));
		near(vjp((t: Tensor) => shift(t, 2), tensor([1, 2, 3]))[1](tensor([5, 6, 7])), [7, 0, 0]);
		refuses(() => shift(x, 0.5), ShapeError, "shift: expected a whole number of steps, got 0.5");
	});

	test("an axis that is not there is refused", () => {
		refuses(() => cumsum(x, 2), ShapeError, "cumsum: axis 2 is out of range");
		refuses(() => cumprod(1, 0), ShapeError, "cumprod: axis 0 is out of range");
	});
});
