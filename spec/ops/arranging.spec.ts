import * as assert from "uvu/assert";
import {
	concat,
	grad,
	repeat,
	roll,
	ShapeError,
	split,
	stack,
	type Tensor,
	tensor,
	tile,
	unstack,
	zeros,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const v = tensor([1, 2, 3]);
const x = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);

suite("ops/arranging", (test) => {
	test("split cuts into equal parts, or before the given indices, as views", () => {
		const [left, middle, right] = split(x, 3, 1);
		same(left!, [[1], [4]]);
		same(middle!, [[2], [5]]);
		same(right!, [[3], [6]]);
		assert.is(left!.storage, x.storage);
		// np.split([1, 2, 3], [1, 1, 5]) of NumPy 2.4
		const parts = split(v, [1, 1, 5]);
		assert.equal(
			parts.map((part) => part.toArray()),
			[[1], [], [2, 3], []],
		);
	});

	test("split undoes concat, also in the gradient", () => {
		const f = (t: Tensor) => {
			const [p, q] = split(t, [1]);
			return concat([q!, p!])
				.mul(tensor([1, 10, 100]))
				.sum();
		};
		same(grad(f)(v), [100, 1, 10]);
	});

	test("unstack gives the parts at each index of an axis, as views, and undoes stack", () => {
		const [left, middle, right] = unstack(x, -1);
		same(left!, [1, 4]);
		same(middle!, [2, 5]);
		same(right!, [3, 6]);
		assert.is(left!.storage, x.storage);
		same(stack(x.unstack()), x);
		assert.equal(unstack(zeros([0, 2])), []);
		same(
			grad((t: Tensor) =>
				unstack(t, 1)[2]!
					.mul(tensor([5, 6]))
					.sum(),
			)(x),
			[
				[0, 0, 5],
				[0, 0, 6],
			],
		);
		refuses(() => unstack(x, 2), ShapeError, "unstack: axis 2 is out of range");
		refuses(() => unstack(1), ShapeError, "unstack");
	});

	test("split refuses parts that are not equal", () => {
		refuses(() => split(v, 2), ShapeError, "divides axis 0 of size 3, got 2");
		refuses(() => split(v, 0), ShapeError, "split");
		refuses(() => split(v, 1.5), ShapeError, "split");
		refuses(() => split(v, 1, 1), ShapeError, "split: axis 1 is out of range");
		assert.equal(
			split(zeros([0]), 2).map((part) => part.shape),
			[[0], [0]],
		);
	});

	test("tile lays x side by side, with more axes in front if asked", () => {
		same(tile(v, 2), [1, 2, 3, 1, 2, 3]);
		same(tile(tensor([[1], [2]]), [2, 3]), [
			[1, 1, 1],
			[2, 2, 2],
			[1, 1, 1],
			[2, 2, 2],
		]);
		same(tile(v, [2, 1]), [
			[1, 2, 3],
			[1, 2, 3],
		]);
		assert.equal(tile(x, 0).shape, [2, 0]);
		refuses(() => tile(v, -1), ShapeError, "tile: expected a whole number from 0");
	});

	test("repeat sets each part in a row, so often for all or for each", () => {
		same(repeat(v, 2), [1, 1, 2, 2, 3, 3]);
		same(repeat(x, 2, 0), [
			[1, 2, 3],
			[1, 2, 3],
			[4, 5, 6],
			[4, 5, 6],
		]);
		same(repeat(x, [2, 0, 1], 1), [
			[1, 1, 3],
			[4, 4, 6],
		]);
		assert.equal(repeat(x, 0).shape, [0]);
		refuses(() => repeat(x, [1, 2], 1), ShapeError, "expected 3 numbers of repetitions for axis 1");
		refuses(() => repeat(x, 0.5), ShapeError, "got 0.5");
	});

	test("the gradients of tile and repeat sum over the copies", () => {
		const w = tensor([1, 10, 100, 1000]);
		const pair = tensor([1, 2]);
		same(grad((t: Tensor) => tile(t, 2).mul(w).sum())(pair), [101, 1010]);
		same(grad((t: Tensor) => repeat(t, 2).mul(w).sum())(pair), [11, 1100]);
		same(grad((t: Tensor) => repeat(t, [3, 1]).mul(w).sum())(pair), [111, 1000]);
	});

	test("roll moves elements on, and what leaves at the end comes in at the start", () => {
		same(roll(v, 1), [3, 1, 2]);
		same(roll(v, -1), [2, 3, 1]);
		same(roll(v, 7), [3, 1, 2]);
		same(roll(x, 1), [
			[6, 1, 2],
			[3, 4, 5],
		]);
		same(roll(x, 1, 1), [
			[3, 1, 2],
			[6, 4, 5],
		]);
		same(roll(x, [1, -1], [0, 1]), [
			[5, 6, 4],
			[2, 3, 1],
		]);
		same(roll(x, 1, [0, 1]), [
			[6, 4, 5],
			[3, 1, 2],
		]);
		assert.equal(roll(zeros([0, 2]), 5, 0).shape, [0, 2]);
		same(roll(4, 1), 4);
	});

	test("the gradient of roll rolls back", () => {
		same(
			grad((t: Tensor) =>
				roll(t, 1)
					.mul(tensor([1, 10, 100]))
					.sum(),
			)(v),
			[10, 100, 1],
		);
	});

	test("roll refuses fractions and a number of shifts that does not fit", () => {
		refuses(() => roll(x, 0.5, 0), ShapeError, "roll: expected a whole number");
		refuses(() => roll(x, [1, 2], 0), ShapeError, "for each of 1 axes, got [1,2]");
		refuses(() => roll(x, [1, 2]), ShapeError, "for each of 1 axes");
		refuses(() => roll(x, 1, 2), ShapeError, "roll: axis 2 is out of range");
	});
});
