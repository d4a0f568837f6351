import { asTensor } from "../../core/lift.ts";
import { apply } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { logDet } from "../linear-algebra.ts";
import { checkSquare } from "../matrices.ts";
import { determinantSign } from "./sign-of-determinant.ts";

/**
 * Sign and logarithm of the size of the determinant of each matrix of a batch: (…×n×n) gives two
 * tensors (…) with det A = sign · exp(log), neither of which over- or underflows. A singular matrix
 * has 0 and −∞, 0×0 has 1 and 0. The logarithm is `logDet`; the sign has no gradient. Int32 and
 * bool give float64.
 * @throws ShapeError when the last two axes are not of one size.
 * @throws DomainError when it is differentiated at a singular matrix.
 */
export function slogDet(value: TensorLike): [sign: Tensor, log: Tensor] {
	const x = asTensor("slogDet", value);
	checkSquare("slogDet", x);
	return [apply(determinantSign.op, [x], null), logDet(x)];
}
