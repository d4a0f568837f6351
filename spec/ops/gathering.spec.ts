import * as assert from "uvu/assert";
import {
	DomainError,
	DTypeError,
	gather,
	grad,
	oneHot,
	ShapeError,
	scatterAdd,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { ungather } from "../../lib/ops/internal.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const x = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);

suite("ops/gathering", (test) => {
	test("gather reads elements at index tuples, rows at shorter ones, all of x at empty ones", () => {
		same(
			gather(x, [
				[0, 1],
				[-1, -1],
			]),
			[2, 6],
		);
		same(gather(x, [[1], [0], [1]]), [
			[4, 5, 6],
			[1, 2, 3],
			[4, 5, 6],
		]);
		same(gather(x, [1, 0]), 4);
		same(gather(x, []), x);
		assert.equal(gather(x, tensor([], { dtype: "int32", shape: [0, 2] })).shape, [0]);
	});

	test("the gradient of gather adds up where a part is read again", () => {
		const w = tensor([1, 10, 100]);
		const f = (t: Tensor) =>
			gather(t, [
				[0, 1],
				[1, 2],
				[0, -2],
			])
				.mul(w)
				.sum();
		same(grad(f)(x), [
			[0, 101, 0],
			[0, 0, 10],
		]);
	});

	test("gather refuses indices out of range, longer than the rank, and not int32", () => {
		refuses(
			() => gather(x, [[0, 3]]),
			DomainError,
			"gather: index 3 is out of range for axis 1 of size 3",
		);
		refuses(() => gather(x, [-3]), DomainError, "index -3 is out of range for axis 0 of size 2");
		refuses(() => gather(x, [0, 0, 0]), ShapeError, "a size from 0 to 2");
		refuses(() => gather(x, 0), ShapeError, "got indices of shape ()");
		refuses(() => gather(x, tensor([0])), DTypeError, '.astype("int32")');
	});

	test("scatterAdd adds updates at index tuples, repeated ones too, and broadcasts them", () => {
		same(scatterAdd(tensor([1, 2, 3]), [[0], [2], [0]], tensor([10, 20, 30])), [41, 2, 23]);
		same(scatterAdd(x, [[1]], tensor([1, 10, 100])), [
			[1, 2, 3],
			[5, 15, 106],
		]);
		same(
			scatterAdd(
				x,
				[
					[0, 0],
					[0, 0],
				],
				5,
			),
			[
				[11, 2, 3],
				[4, 5, 6],
			],
		);
		same(scatterAdd(zeros([0]), tensor([], { dtype: "int32", shape: [0, 1] }), 1), zeros([0]));
	});

	test("the gradient of scatterAdd passes to x unchanged, and to updates as gather reads it", () => {
		const w = tensor([1, 10, 100]);
		const f = ([t, u]: Tensor[]) =>
			scatterAdd(t!, [[2], [0], [2]], u!)
				.mul(w)
				.sum();
		const [dx, du] = grad(f)([tensor([1, 2, 3]), tensor([4, 5, 6])]);
		same(dx!, [1, 10, 100]);
		same(du!, [100, 1, 100]);
	});

	test("scatterAdd keeps dtypes apart and refuses what does not fit", () => {
		const int = tensor([2 ** 31 - 1], { dtype: "int32" });
		assert.is(scatterAdd(int, [[0]], -1).dtype, "int32");
		refuses(() => scatterAdd(int, [[0]], 1), DTypeError, "is not an int32");
		refuses(() => scatterAdd(int, [[0]], 0.5), DTypeError, "scatterAdd: 0.5 is not an int32");
		const single = tensor([1], { dtype: "float32" });
		assert.is(scatterAdd(single, [[0]], 0.5).dtype, "float32");
		refuses(
			() => scatterAdd(single, [[0]], tensor([1])),
			DTypeError,
			"scatterAdd: expected tensors",
		);
		refuses(() => scatterAdd(x, [[0]], tensor([1, 2])), ShapeError, "scatterAdd");
		refuses(() => scatterAdd(x, [[2]], 1), DomainError, "index 2 is out of range for axis 0");
	});

	test("ungather refuses a tensor that gather would not give", () => {
		same(ungather(tensor([7]), [[1, 1]], [2, 2]), [
			[0, 0],
			[0, 7],
		]);
		refuses(
			() => ungather(x, [[0]], [2, 2]),
			ShapeError,
			"expected a tensor of shape (1×2), got (2×3)",
		);
	});

	test("oneHot sets a 1 at each index along a new last axis", () => {
		same(oneHot([2, 0], 3), [
			[0, 0, 1],
			[1, 0, 0],
		]);
		same(oneHot(1, 2), [0, 1]);
		assert.is(oneHot([0], 2).dtype, "float64");
		assert.is(oneHot([0], 2, { dtype: "float32" }).dtype, "float32");
		assert.is(tensor([0], { dtype: "int32" }).oneHot(2, { dtype: "bool" }).dtype, "bool");
		assert.equal(oneHot([], 3).shape, [0, 3]);
	});

	test("oneHot refuses a label outside of the depth, a negative one too", () => {
		refuses(() => oneHot([3], 3), DomainError, "expected indices from 0 to 2, got 3");
		refuses(() => oneHot([-1], 3), DomainError, "expected indices from 0 to 2, got -1");
		refuses(() => oneHot(tensor([1]), 3), DTypeError, "oneHot: expected int32 indices");
		refuses(() => oneHot([0], 1.5), ShapeError, "sizes are whole numbers");
	});
});
