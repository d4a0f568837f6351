import * as assert from "uvu/assert";
import {
	broadcastTo,
	expandDims,
	flip,
	grad,
	matrixTranspose,
	moveAxis,
	permute,
	ravel,
	reshape,
	roll,
	ShapeError,
	squeeze,
	sum,
	swapAxes,
	tensor,
	transpose,
	zeros,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const x = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);

suite("ops/layout", (test) => {
	test("reshape keeps the elements in row-major order and shares their storage", () => {
		const out = reshape(x, [3, 2]);
		same(out, [
			[1, 2],
			[3, 4],
			[5, 6],
		]);
		assert.is(out.storage, x.storage);
	});

	test("reshape copies where no strides give the order, as after a transpose", () => {
		same(reshape(x.T, [6]), [1, 4, 2, 5, 3, 6]);
	});

	test("reshape lets one size of -1 follow from the others, also in an empty tensor", () => {
		assert.equal(reshape(x, [-1, 2]).shape, [3, 2]);
		assert.equal(reshape(zeros([0, 3]), [-1, 3]).shape, [0, 3]);
		assert.equal(reshape(zeros([0, 3]), [-1]).shape, [0]);
	});

	test("reshape refuses sizes that do not fit, are negative or leave two open", () => {
		refuses(() => reshape(x, [4, 2]), ShapeError, "expected a shape of 6 elements, got (4×2)");
		refuses(
			() => reshape(x, [-1, 4]),
			ShapeError,
			"reshape: -1 can be no size in (-1×4), since 4 does not divide the 6 elements of a tensor of shape (2×3)",
		);
		refuses(() => reshape(x, [-2, -3]), ShapeError, "reshape");
		refuses(() => reshape(x, [-1, -1]), ShapeError, "reshape");
	});

	test("permute, transpose, swapAxes and moveAxis are views with the axes in another order", () => {
		const t = zeros([2, 3, 4, 5]);
		assert.equal(permute(t, [3, 0, -2, 1]).shape, [5, 2, 4, 3]);
		assert.equal(transpose(t).shape, [5, 4, 3, 2]);
		assert.equal(transpose(t, [1, 0, 2, 3]).shape, [3, 2, 4, 5]);
		assert.equal(swapAxes(t, 0, -1).shape, [5, 3, 4, 2]);
		// Shapes from NumPy 2.4: np.moveaxis(t, 0, -1), np.moveaxis(t, [0, 1], [-1, -2]).
		assert.equal(moveAxis(t, 0, -1).shape, [3, 4, 5, 2]);
		assert.equal(moveAxis(t, [0, 1], [-1, -2]).shape, [4, 5, 3, 2]);
		for (const view of [permute(t, [1, 0, 2, 3]), swapAxes(t, 1, 2), moveAxis(t, 1, 3), t.T]) {
			assert.is(view.storage, t.storage);
		}
	});

	test("axes left in their order are x itself", () => {
		assert.is(permute(x, [0, -1]), x);
	});

	test("permute and moveAxis refuse axes that are missing, repeated or do not match in number", () => {
		refuses(() => permute(x, [0]), ShapeError, "each axis of (2×3) once, got [0]");
		refuses(() => permute(x, [1, -1]), ShapeError, "once");
		refuses(() => swapAxes(x, 0, 2), ShapeError, "swapAxes: axis 2 is out of range");
		refuses(() => moveAxis(x, [0, 0], [0, 1]), ShapeError, "moveAxis: an axis stands twice");
		refuses(() => moveAxis(x, [0, 1], [0]), ShapeError, "got 2 sources and 1 destinations");
	});

	test("an array that lacks an axis is refused, by whatever takes axes", () => {
		// biome-ignore lint/suspicious/noSparseArray: what JavaScript lets one write
		const lacking = [, 0] as never;
		for (const f of [permute, sum, flip]) refuses(() => f(x, lacking), ShapeError, "got [,0]");
		refuses(() => moveAxis(x, lacking, [0, 1]), ShapeError, "moveAxis: expected an axis");
		refuses(() => roll(x, 1, lacking), ShapeError, "roll: expected an axis");
		refuses(() => roll(x, lacking, [0, 1]), ShapeError, "roll: expected a shift");
	});

	test("matrixTranspose swaps the last two axes and refuses a vector", () => {
		assert.equal(matrixTranspose(zeros([2, 3, 4])).shape, [2, 4, 3]);
		refuses(() => matrixTranspose(tensor([1, 2])), ShapeError, "expected a matrix or a batch");
	});

	test("broadcastTo repeats without copying, and its gradient is the sum over the copies", () => {
		const row = tensor([1, 2, 3]);
		const out = broadcastTo(row, [2, 3]);
		same(out, [
			[1, 2, 3],
			[1, 2, 3],
		]);
		assert.is(out.storage, row.storage);
		same(grad((v: typeof row) => broadcastTo(v, [2, 3]).mul(x).sum())(row), [5, 7, 9]);
		assert.equal(broadcastTo(tensor([[1]]), [0, 4]).shape, [0, 4]);
	});

	test("broadcastTo keeps its shape when the array that named it is changed later", () => {
		const shape = [2, 3];
		const out = broadcastTo(1, shape);
		shape[0] = 7;
		assert.equal(out.shape, [2, 3]);
	});

	test("broadcastTo refuses to shrink or to stretch a size other than 1", () => {
		refuses(() => broadcastTo(x, [3]), ShapeError, "(2×3) does not stretch to (3)");
		refuses(() => broadcastTo(x, [4, 3]), ShapeError, "broadcastTo");
		refuses(() => broadcastTo(x, [2, -3]), ShapeError, "sizes are whole numbers");
	});

	test("expandDims and squeeze add and drop axes of size 1", () => {
		assert.equal(expandDims(x, [0, -1]).shape, [1, 2, 3, 1]);
		assert.equal(squeeze(zeros([1, 2, 1])).shape, [2]);
		assert.equal(squeeze(zeros([1, 2, 1]), -1).shape, [1, 2]);
		refuses(() => squeeze(x, 0), ShapeError, "squeeze: axis 0 has size 2, expected 1");
		refuses(() => expandDims(x, 4), ShapeError, "expandDims: axis 4 is out of range");
	});

	test("ravel lays all elements along one axis, a scalar as one element", () => {
		same(ravel(x), [1, 2, 3, 4, 5, 6]);
		same(ravel(7), [7]);
		assert.equal(ravel(zeros([2, 0])).shape, [0]);
	});
});
