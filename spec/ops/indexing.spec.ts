import * as assert from "uvu/assert";
import {
	DomainError,
	DTypeError,
	grad,
	ShapeError,
	type Tensor,
	take,
	takeAlongAxis,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { untake, untakeAlongAxis } from "../../lib/ops/internal.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const x = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);
const int = (data: number[] | number[][]) => tensor(data, { dtype: "int32" });

suite("ops/indexing", (test) => {
	test("take puts the shape of the indices in place of the axis", () => {
		same(take(x, [2, 0, 2], 1), [
			[3, 1, 3],
			[6, 4, 6],
		]);
		same(
			take(
				x,
				int([
					[0, 1],
					[-1, 0],
				]),
				1,
			),
			[
				[
					[1, 2],
					[3, 1],
				],
				[
					[4, 5],
					[6, 4],
				],
			],
		);
		same(take(x, -1, 0), [4, 5, 6]);
		assert.equal(take(x, [[[0]]], 0).shape, [1, 1, 1, 3]);
	});

	test("take with no axis indexes the elements in row-major order", () => {
		same(take(x, [5, 0, -2]), [6, 1, 5]);
		same(take(x.T, [1]), [4]);
		same(take(7, 0), 7);
	});

	test("repeated indices add up in the gradient of take", () => {
		const w = tensor([1, 10, 100, 1000]);
		same(
			grad((t: Tensor) => take(t, [2, 0, 2, -1]).mul(w).sum())(tensor([1, 2, 3])),
			[10, 0, 1101],
		);
	});

	test("take of nothing is empty, and its gradient is zeros", () => {
		assert.equal(take(x, [], 1).shape, [2, 0]);
		same(grad((t: Tensor) => take(t, [], 1).sum())(x), zeros([2, 3]));
		assert.equal(take(zeros([0, 3]), [1, 1], 1).shape, [0, 2]);
		refuses(() => take(zeros([0]), 0), DomainError, "index 0 is out of range for axis 0 of size 0");
	});

	test("an index out of range is refused with the axis and its size", () => {
		refuses(
			() => take(x, [0, 3], 1),
			DomainError,
			"take: index 3 is out of range for axis 1 of size 3",
		);
		refuses(
			() => take(x, -3, 0),
			DomainError,
			"take: index -3 is out of range for axis 0 of size 2",
		);
		refuses(
			() => takeAlongAxis(x, [[0], [-4]], 1),
			DomainError,
			"takeAlongAxis: index -4 is out of range for axis 1 of size 3",
		);
		refuses(() => untake(tensor([1]), [2], 0, 2), DomainError, "untake: index 2 is out of range");
	});

	test("float and bool indices are refused", () => {
		refuses(() => take(x, tensor([0, 1]), 0), DTypeError, 'cast them with .astype("int32")');
		refuses(
			() => take(x, tensor([true, false]), 0),
			DTypeError,
			"expected int32 indices, got bool",
		);
		refuses(() => take(x, [0.5], 0), DTypeError, "take: expected int32 indices, got 0.5");
		refuses(() => take(x, Number.NaN, 0), DTypeError, "take: expected int32 indices, got NaN");
		refuses(() => take(x, 2 ** 32, 0), DTypeError, "take: expected int32 indices, got 4294967296");
		refuses(() => take(x, 0, 2), ShapeError, "take: axis 2 is out of range");
	});

	test("takeAlongAxis picks one element a place, and broadcasts over the other axes", () => {
		same(takeAlongAxis(x, [[2], [-3]], 1), [[3], [4]]);
		same(takeAlongAxis(x, [[0, 1, 0]], 0), [[1, 5, 3]]);
		// np.take_along_axis(x, np.array([[1, 0]]), 1) of NumPy 2.4
		same(takeAlongAxis(x, [[1, 0]], 1), [
			[2, 1],
			[5, 4],
		]);
		refuses(() => takeAlongAxis(x, [0], 1), ShapeError, "to have one rank, got (2×3) and (1)");
		refuses(
			() => takeAlongAxis(x, [[0], [0], [0]], 1),
			ShapeError,
			"takeAlongAxis: expected shapes",
		);
	});

	test("the gradient of takeAlongAxis adds up where an element is picked again", () => {
		const w = tensor([
			[1, 10, 100],
			[2, 20, 200],
		]);
		const f = (t: Tensor) =>
			takeAlongAxis(t, [[0, 0, 1]], 1)
				.mul(w)
				.sum();
		same(grad(f)(x), [
			[11, 100, 0],
			[22, 200, 0],
		]);
	});

	test("indices inside a gradient are constants, whatever they are computed from", () => {
		const f = (t: Tensor) => take(t, t.astype("int32"), 0).sum();
		same(grad(f)(tensor([2, 0, 0])), [2, 0, 1]);
	});

	test("sums of int32 that overflow are refused, and float32 sums are rounded once", () => {
		const big = tensor([2 ** 31 - 1, 1], { dtype: "int32" });
		refuses(() => untake(big, [0, 0], 0, 1), DTypeError, "untake: the result 2147483648");
		const small = tensor([1, 2 ** -24, 2 ** -24], { dtype: "float32" });
		const out = untake(small, [0, 0, 0], 0, 1);
		assert.is(out.dtype, "float32");
		same(out, [1 + 2 ** -23]);
		same(untake(tensor([true, true]), [0, 0], 0, 1), [2]);
	});

	test("untake and untakeAlongAxis refuse what take would not give", () => {
		refuses(
			() => untake(x, [0, 1], 1, 3),
			ShapeError,
			"expected the axes (2) of the indices from axis 1 on, got shape (2×3)",
		);
		refuses(() => untake(x, [0, 1], 0, -1), ShapeError, "sizes are whole numbers");
		refuses(() => untakeAlongAxis(x, [[0]], 0, 2), ShapeError, "of the shape (1×1) of the indices");
	});
});
