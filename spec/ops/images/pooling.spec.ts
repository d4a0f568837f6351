import * as assert from "uvu/assert";
import {
	avgPool1d,
	avgPool2d,
	grad,
	maxPool1d,
	maxPool2d,
	maxPool2dWithIndices,
	ShapeError,
	type Tensor,
	tensor,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { refuses, same } from "../../near.ts";
import { roads } from "../../roads.ts";
import { suite } from "../../suite.ts";

const { NaN: nan } = Number;

suite("ops/pooling", (test) => {
	test("the greatest of each window; the first of equal ones takes the gradient", () => {
		const x = tensor([
			[
				[
					[1, 5, 2, 2],
					[5, 0, 2, 2],
					[3, 4, -1, -2],
					[0, 1, -3, -4],
				],
			],
		]);
		same(maxPool2d(x, 2), [
			[
				[
					[5, 2],
					[4, -1],
				],
			],
		]);
		const g = grad((v: Tensor) => maxPool2d(v, 2).sum())(x);
		same(g, [
			[
				[
					[0, 1, 1, 0],
					[0, 0, 0, 0],
					[0, 1, 1, 0],
					[0, 0, 0, 0],
				],
			],
		]);
		same(maxPool2d(x, 3, { stride: 1 }), [
			[
				[
					[5, 5],
					[5, 4],
				],
			],
		]);
		same(maxPool2d(x.neg(), 2, { stride: 3, padding: 1 }), [
			[
				[
					[-1, -2],
					[0, 4],
				],
			],
		]);
		same(maxPool1d(tensor([3, 1, 2, 5]), 2), [3, 5]);
	});

	test("windows that overlap add their gradients", () => {
		const f = (v: Tensor) =>
			maxPool1d(v, 2, { stride: 1 })
				.mul(tensor([1, 10, 100]))
				.sum();
		same(grad(f)(tensor([1, 7, 2, 5])), [0, 11, 0, 100]);
	});

	test("the mean of each window counts padding unless told otherwise", () => {
		const x = tensor([
			[1, 2],
			[3, 4],
		]);
		same(avgPool2d(x, 2), [[2.5]]);
		same(avgPool2d(x, 2, { stride: 1, padding: 1 }), [
			[0.25, 0.75, 0.5],
			[1, 2.5, 1.5],
			[0.75, 1.75, 1],
		]);
		const inside = { stride: 1, padding: 1, countIncludePad: false };
		same(avgPool2d(x, 2, inside), [
			[1, 1.5, 2],
			[2, 2.5, 3],
			[3, 3.5, 4],
		]);
		same(avgPool1d(tensor([[1, 3, 5]]), 2, { stride: 1 }), [[2, 4]]);
		same(
			grad((v: Tensor) => avgPool1d(v, 2, { stride: 1 }).sum())(tensor([1, 3, 5])),
			[0.5, 1, 0.5],
		);
	});

	test("an infinity or a NaN counts as an element of its windows, and no other's", () => {
		const x = tensor([1, Number.POSITIVE_INFINITY, 3, Number.NaN, 5, 7]);
		const inside = { stride: 2, countIncludePad: false };
		same(avgPool1d(x, 2, inside), [Number.POSITIVE_INFINITY, Number.NaN, 6]);
		same(maxPool1d(x, 2), [Number.POSITIVE_INFINITY, Number.NaN, 7]);
	});

	test("a NaN shows in the gradient of all elements of its windows of maxPool2d, and no other's", () => {
		const [a, b] = [1, 2];
		const image = tensor([
			[nan, 1, 2, 3],
			[0, 4, 8, 5],
		]);
		const slope = (t: Tensor) =>
			grad((t: Tensor) =>
				maxPool2d(t, 2)
					.mul(tensor([a, b]))
					.sum(),
			)(t);
		const padded = { stride: 1, padding: [0, 1] } as const;
		const overlapping = (t: Tensor) =>
			grad((t: Tensor) => maxPool1d(t, 3, { stride: 1, padding: 1 }).sum())(t);
		for (const f of roads((t: Tensor) => maxPool2d(t, 2))) same(f(image), [[nan, 8]]);
		for (const f of roads((t: Tensor) => maxPool2d(t, 2, padded))) {
			same(f(image), [[nan, nan, 8, 8, 5]]);
		}
		for (const f of roads(slope)) {
			same(f(image), [
				[nan, nan, 0, 0],
				[nan, nan, b, 0],
			]);
		}
		for (const f of roads(overlapping)) same(f(tensor([nan, 1, 3, 2, 5])), [nan, nan, nan, 0, 2]);
	});

	test("with ceil the last window reaches beyond the end, where nothing counts, as in PyTorch", () => {
		const x = tensor([1, 2, 3, 4, 5, 6, 8]);
		const ceil = true;
		for (const f of roads((t: Tensor) => maxPool1d(t, 3, { stride: 2, ceil }))) {
			same(f(x), [3, 5, 8]);
		}
		for (const f of roads((t: Tensor) => maxPool1d(t, 2, { ceil }))) same(f(x), [2, 4, 6, 8]);
		for (const f of roads((t: Tensor) => avgPool1d(t, 4, { stride: 3, ceil }))) {
			same(f(x), [2.5, 5.75]);
			same(f(x.slice([0, 6])), [2.5, 5]);
		}
		// No window begins in the padding behind the end; the padding counts, what is beyond does not.
		same(maxPool1d(x, 2, { stride: 2, padding: 1, ceil }), [1, 3, 5, 8]);
		same(avgPool1d(x.slice([0, 4]), 3, { stride: 2, padding: 1, ceil }), [1, 3, 2]);
		same(
			avgPool1d(x.slice([0, 4]), 3, { stride: 2, padding: 1, ceil, countIncludePad: false }),
			[1.5, 3, 4],
		);
		// A window larger than the image has one place.
		same(maxPool1d(x.slice([0, 2]), 3, { stride: 2, ceil }), [2]);
		same(avgPool1d(x.slice([0, 2]), 3, { stride: 2, ceil }), [1.5]);
		const g = grad((t: Tensor) => avgPool1d(t, 4, { stride: 3, ceil }).sum());
		same(g(x.slice([0, 6])), [0.25, 0.25, 0.25, 0.25 + 1 / 3, 1 / 3, 1 / 3]);
	});

	test("with dilation the elements of a window are apart", () => {
		const x = tensor([5, 1, 2, 9, 3, 4]);
		for (const f of roads((t: Tensor) => maxPool1d(t, 2, { stride: 1, dilation: 3 }))) {
			same(f(x), [9, 3, 4]);
		}
		same(avgPool1d(x, 2, { stride: 1, dilation: 3 }), [7, 2, 3]);
		const image = x.reshape([2, 3]);
		same(maxPool2d(image, 2, { stride: 1, dilation: [1, 2] }), [[9]]);
		refuses(() => maxPool1d(x, 3, { dilation: 3 }), ShapeError, "with dilation (3) does not fit");
	});

	test("maxPool2dWithIndices says where the greatest elements lie: the first of equals, a NaN first", () => {
		const x = tensor([
			[
				[1, 5, 2, 2],
				[5, 0, 2, nan],
				[3, 4, -1, -2],
			],
		]);
		for (const f of roads((t: Tensor) => maxPool2dWithIndices(t, 2, { ceil: true }))) {
			const [values, indices] = f(x);
			same(values, [
				[
					[5, nan],
					[4, -1],
				],
			]);
			same(indices, [
				[
					[1, 7],
					[9, 10],
				],
			]);
			assert.is(indices.dtype, "int32");
		}
		const options = { stride: 1, padding: [1, 0] } as const;
		const [, indices] = maxPool2dWithIndices(tensor([[0, 1]]), [2, 1], options);
		same(indices, [
			[0, 1],
			[0, 1],
		]);
		const pick = (t: Tensor) => maxPool2dWithIndices(t, 2)[0];
		const clean = x.slice(null, [0, 2], [0, 2]);
		same(grad((t: Tensor) => pick(t).sum())(clean), [
			[
				[0, 1],
				[0, 0],
			],
		]);
		const batch = tensor([
			[1, 2],
			[4, 3],
			[0, 0],
			[0, 0],
		]).reshape([2, 2, 2]);
		same(vmap((t: Tensor) => maxPool2dWithIndices(t, 2)[1])(batch), [[[2]], [[0]]]);
	});

	test("what does not fit is refused with the shapes", () => {
		const x = zeros([1, 4, 5, 5]);
		refuses(() => maxPool2d(x, 2, { padding: 2 }), ShapeError, "less padding");
		refuses(() => maxPool2d(x, 6), ShapeError, "does not fit");
		refuses(() => maxPool2d(tensor([1, 2]), 1), ShapeError, "height");
	});
});
