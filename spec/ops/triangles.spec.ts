import * as assert from "uvu/assert";
import {
	diagonal,
	diagonalMatrix,
	grad,
	ShapeError,
	tensor,
	tril,
	triu,
	zeros,
} from "../../lib/index.ts";
import { undiagonal } from "../../lib/ops/internal.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const x = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);

suite("ops/triangles", (test) => {
	test("tril and triu keep diagonal k and one side of it", () => {
		// np.tril(x, k) and np.triu(x, k) of NumPy 2.4.
		same(tril(x), [
			[1, 0, 0],
			[4, 5, 0],
		]);
		same(tril(x, 1), [
			[1, 2, 0],
			[4, 5, 6],
		]);
		same(tril(x, -1), [
			[0, 0, 0],
			[4, 0, 0],
		]);
		same(triu(x), [
			[1, 2, 3],
			[0, 5, 6],
		]);
		same(triu(x, 2), [
			[0, 0, 3],
			[0, 0, 0],
		]);
		same(triu(x, -1), x);
		same(tril(x, -9), zeros([2, 3]));
		same(tril(x, 9), x);
	});

	test("a triangle cuts NaN and infinities off exactly, in value and gradient", () => {
		const t = tensor([
			[1, Number.NaN],
			[2, Infinity],
		]);
		same(tril(t, -1), [
			[0, 0],
			[2, 0],
		]);
		same(grad((m: typeof t) => tril(m, -1).square().sum())(t), [
			[0, 0],
			[4, 0],
		]);
	});

	test("tril and triu work on each matrix of a batch and on empty ones", () => {
		const batch = tensor([
			[
				[1, 2],
				[3, 4],
			],
			[
				[5, 6],
				[7, 8],
			],
		]);
		same(triu(batch, 1), [
			[
				[0, 2],
				[0, 0],
			],
			[
				[0, 6],
				[0, 0],
			],
		]);
		assert.equal(tril(zeros([2, 0, 3])).shape, [2, 0, 3]);
		assert.equal(tril(zeros([2, 3, 0])).shape, [2, 3, 0]);
	});

	test("tril refuses a vector and a fraction", () => {
		refuses(() => tril(tensor([1, 2])), ShapeError, "expected a matrix or a batch of matrices");
		refuses(() => triu(x, 0.5), ShapeError, "expected a whole number for the diagonal, got 0.5");
	});

	test("diagonal is a view of one diagonal, empty outside of the matrix", () => {
		same(diagonal(x), [1, 5]);
		same(diagonal(x, { offset: 1 }), [2, 6]);
		same(diagonal(x, { offset: 2 }), [3]);
		same(diagonal(x, { offset: -1 }), [4]);
		assert.equal(diagonal(x, { offset: 3 }).shape, [0]);
		assert.equal(diagonal(x, { offset: -2 }).shape, [0]);
		assert.is(diagonal(x, { offset: 1 }).storage, x.storage);
	});

	test("diagonal puts the diagonal of two axes last", () => {
		const t = tensor(
			Array.from({ length: 24 }, (_, i) => i),
			{ shape: [2, 3, 4] },
		);
		// np.diagonal(t, 1, 1, 2), np.diagonal(t, 0, 2, 0) of NumPy 2.4.
		same(diagonal(t, { offset: 1, axes: [1, 2] }), [
			[1, 6, 11],
			[13, 18, 23],
		]);
		same(diagonal(t, { axes: [-1, 0] }), [
			[0, 13],
			[4, 17],
			[8, 21],
		]);
	});

	test("the gradient of a trace is the identity", () => {
		const square = zeros([3, 3]);
		same(grad((m: typeof square) => diagonal(m).sum())(square), diagonalMatrix(tensor([1, 1, 1])));
	});

	test("diagonalMatrix sets vectors on a diagonal, with the offset adding to the size", () => {
		same(diagonalMatrix(tensor([1, 2]), 1), [
			[0, 1, 0],
			[0, 0, 2],
			[0, 0, 0],
		]);
		same(diagonalMatrix(tensor([1, 2]), -1), [
			[0, 0, 0],
			[1, 0, 0],
			[0, 2, 0],
		]);
		assert.equal(diagonalMatrix(zeros([5, 2])).shape, [5, 2, 2]);
		assert.equal(diagonalMatrix(zeros([0])).shape, [0, 0]);
		refuses(() => diagonalMatrix(1), ShapeError, "expected a vector");
	});

	test("undiagonal goes back to a matrix that is not square", () => {
		same(undiagonal(tensor([7, 8]), [2, 3], { offset: 1 }), [
			[0, 7, 0],
			[0, 0, 8],
		]);
		refuses(
			() => undiagonal(tensor([7]), [2, 3]),
			ShapeError,
			"expected a tensor of shape (2), the diagonal of (2×3), got (1)",
		);
	});

	test("diagonal refuses equal axes and a vector", () => {
		refuses(() => diagonal(x, { axes: [1, -1] }), ShapeError, "expected two different axes");
		refuses(() => diagonal(tensor([1])), ShapeError, "expected at least two axes");
	});
});
