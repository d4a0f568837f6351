import * as assert from "uvu/assert";
import {
	argsort,
	grad,
	ShapeError,
	sort,
	type Tensor,
	takeAlongAxis,
	tensor,
	topK,
	zeros,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const odd = tensor([2, Number.NaN, 1, Infinity, 2, -Infinity, Number.NaN, 1]);

suite("ops/sorting", (test) => {
	test("argsort is stable and puts NaN last", () => {
		// np.argsort(odd, kind="stable") of NumPy 2.4
		same(argsort(odd), [5, 2, 7, 0, 4, 3, 1, 6]);
		assert.is(argsort(odd).dtype, "int32");
		same(argsort(tensor([0, -0, 0])), [0, 1, 2]);
	});

	test("argsort agrees with the engine's stable sort on lines of every length", () => {
		for (let n = 0; n <= 70; n++) {
			const values = Array.from({ length: n }, (_, i) => (i * 7919) % 13);
			const expected = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
			same(argsort(tensor(values, { dtype: "float64", shape: [n] })), expected);
		}
	});

	test("sort works along any axis, and on views", () => {
		const x = tensor([
			[3, 1, 2],
			[0, 5, 4],
		]);
		same(sort(x), [
			[1, 2, 3],
			[0, 4, 5],
		]);
		same(sort(x, 0), [
			[0, 1, 2],
			[3, 5, 4],
		]);
		same(sort(x.T, 0), [
			[1, 0],
			[2, 4],
			[3, 5],
		]);
		assert.is(sort(tensor([2, 1], { dtype: "int32" })).dtype, "int32");
	});

	test("the gradient of sort goes back to where each element came from", () => {
		const w = tensor([1, 10, 100, 1000]);
		const f = (t: Tensor) => sort(t).mul(w).sum();
		same(grad(f)(tensor([3, 1, 4, 2])), [100, 1, 1000, 10]);
		// At a tie the first of the equal elements comes first.
		same(grad(f)(tensor([2, 1, 2, 1])), [100, 1, 1000, 10]);
		same(grad(f)(tensor([Number.NaN, 1, 0, 2])), [1000, 10, 1, 100]);
	});

	test("empty lines and no lines sort to themselves", () => {
		assert.equal(sort(zeros([2, 0])).shape, [2, 0]);
		assert.equal(argsort(zeros([0, 3]), 1).shape, [0, 3]);
		refuses(() => sort(1), ShapeError, "sort: axis -1 is out of range for a tensor of rank 0");
		refuses(() => argsort(odd, 1), ShapeError, "argsort: axis 1 is out of range");
	});

	test("topK gives the greatest first, the lower index first at a tie, NaN above all", () => {
		const [values, indices] = topK(odd, 5);
		same(values, [Number.NaN, Number.NaN, Infinity, 2, 2]);
		same(indices, [1, 6, 3, 0, 4]);
		assert.is(indices.dtype, "int32");
	});

	test("topK works along any axis, and its indices are those of its values", () => {
		const x = tensor([
			[3, 1],
			[0, 5],
			[4, 2],
		]);
		const [values, indices] = topK(x, 2, 0);
		same(values, [
			[4, 5],
			[3, 2],
		]);
		same(takeAlongAxis(x, indices, 0), values);
		assert.equal(topK(x, 0)[0].shape, [3, 0]);
	});

	test("only what topK took has a gradient", () => {
		const f = (t: Tensor) =>
			topK(t, 2)[0]
				.mul(tensor([1, 10]))
				.sum();
		same(grad(f)(tensor([3, 1, 4])), [10, 0, 1]);
	});

	test("topK refuses more than there is", () => {
		refuses(() => topK(odd, 9), ShapeError, "from 0 to 8, the size of axis 0, got 9");
		refuses(() => topK(odd, 1.5), ShapeError, "got 1.5");
		refuses(() => topK(odd, -1), ShapeError, "got -1");
	});
});
