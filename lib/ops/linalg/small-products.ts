import { whole } from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { eye } from "../../core/create.ts";
import { ShapeError } from "../../core/error.ts";
import { arithmetic, asTensor } from "../../core/lift.ts";
import { checkArgument } from "../../core/options.ts";
import { normalizeAxis, showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { broadcastTo, sum } from "../../structure/broadcasting.ts";
import { permute, reshape } from "../../structure/layout.ts";
import { mul, sub } from "../arithmetic.ts";
import { roll } from "../arranging.ts";
import { type DiagonalOptions, diagonal } from "../diagonals.ts";
import { inverse } from "../linear-algebra.ts";
import { checkSquare } from "../matrices.ts";
import { matmul, tensordot } from "../products.ts";

/**
 * The sum of a diagonal of the matrices that two axes span, by default the first two as in NumPy:
 * `{ axes: [-2, -1] }` takes those of a batch. Int32 and bool give int32.
 * @throws ShapeError when x has fewer than two axes, or the axes are the same or out of range.
 * @throws DTypeError when an int32 sum overflows.
 */
export function trace(x: TensorLike, options?: DiagonalOptions): Tensor {
	return calledAs("trace", () => sum(diagonal(x, options), -1));
}

/**
 * The Kronecker product: a block x[i, j]·y for each element of x, and so along every axis, as in
 * NumPy: (m×n) and (p×q) give (mp×nq). The tensor of lower rank gets axes of size 1 in front.
 * @throws DTypeError for float32 beside float64, or when an int32 product overflows.
 */
export function kron(x: TensorLike, y: TensorLike): Tensor {
	const [left, right] = [asTensor("kron", x), asTensor("kron", y)];
	const rank = Math.max(left.rank, right.rank);
	const sizes = (t: Tensor) => [...new Array<number>(rank - t.rank).fill(1), ...t.shape];
	const [outer, inner] = [sizes(left), sizes(right)];
	return calledAs("kron", () => {
		const blocks = reshape(
			left,
			outer.flatMap((size) => [size, 1]),
		);
		const within = reshape(
			right,
			inner.flatMap((size) => [1, size]),
		);
		return reshape(
			mul(blocks, within),
			outer.map((size, i) => size * inner[i]!),
		);
	});
}

/**
 * The cross product of vectors of three numbers along an axis, by default the last one; the other
 * axes broadcast.
 * @throws ShapeError when that axis does not have size 3, or is out of range.
 * @throws DTypeError for float32 beside float64, or when an int32 result overflows.
 */
export function cross(x: TensorLike, y: TensorLike, axis = -1): Tensor {
	const [left, right] = [x, y].map((value) => {
		const t = asTensor("cross", value);
		const along = normalizeAxis("cross", axis, t.rank);
		if (t.shape[along] !== 3) {
			throw new ShapeError(
				`cross: expected vectors of size 3 along axis ${axis}, got shape ${showShape(t.shape)}`,
			);
		}
		return withLast(t, along);
	}) as [Tensor, Tensor];
	return calledAs("cross", () => {
		// In each of these products 1 follows 0, 2 follows 1 and 0 follows 2.
		const turned = sub(mul(left, roll(right, -1, -1)), mul(roll(left, -1, -1), right));
		const out = roll(turned, -1, -1);
		const along = normalizeAxis("cross", axis, out.rank);
		const order = out.shape.map((_, i) => (i < along ? i : i === along ? out.rank - 1 : i - 1));
		return permute(out, order);
	});
}

/** The axes in order, but this one last. */
function withLast(x: Tensor, axis: number): Tensor {
	return permute(x, [...x.shape.map((_, i) => i).filter((i) => i !== axis), axis]);
}

/**
 * The sum of products over the last axes of both, as in NumPy: a number for two vectors; the other
 * axes of x come first in the result, then those of y. With a scalar it is `mul`.
 * @throws ShapeError when the last axes differ in size.
 * @throws DTypeError for float32 beside float64, or when an int32 result overflows.
 */
export function inner(x: TensorLike, y: TensorLike): Tensor {
	const [left, right] = [asTensor("inner", x), asTensor("inner", y)];
	return calledAs("inner", () =>
		left.rank === 0 || right.rank === 0
			? mul(left, right)
			: tensordot(left, right, [[left.rank - 1], [right.rank - 1]]),
	);
}

/**
 * The product of n times the same square matrix, for each of a batch (…×k×k), by squaring; n = 0
 * gives the identity, a negative n powers of the inverse. Int32 and bool give int32, of the inverse
 * float64.
 * @throws ShapeError when the last two axes are not of one size.
 * @throws DomainError when n is no whole number, or a matrix has no inverse and n is negative.
 * @throws DTypeError when an int32 result overflows.
 */
export function matrixPower(x: TensorLike, n: number): Tensor {
	const t = asTensor("matrixPower", x);
	checkSquare("matrixPower", t);
	checkArgument("matrixPower", "n", n, {
		...whole,
		expected: "a whole number",
		holds: Number.isSafeInteger,
	});
	return calledAs("matrixPower", () => {
		if (n === 0) {
			const one = eye(t.shape.at(-1)!, { dtype: arithmetic.result(t.dtype) });
			return broadcastTo(one, t.shape);
		}
		let square = n < 0 ? inverse(t) : t;
		let out: Tensor | null = null;
		for (let rest = Math.abs(n); ; square = matmul(square, square)) {
			if (rest % 2 === 1) out = out === null ? square : matmul(out, square);
			rest = Math.floor(rest / 2);
			if (rest === 0) return out!;
		}
	});
}
