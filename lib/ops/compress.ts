import { DTypeError, ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { normalizeAxis, showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { reshape } from "../structure/layout.ts";
import { indexedPart, type MaskOptions } from "./parts.ts";

/**
 * The entries of x along an axis for which the condition is true, as NumPy's `compress`; without an
 * axis, the elements of x in row-major order. The condition has an entry for each. With a `size`,
 * the first so many, and `fill` after them where there are fewer: so it can be traced.
 * @throws ShapeError for a condition of another size than the axis
 * @throws DTypeError for a condition that is not bool
 * @throws TraceError without a size for a condition whose values are not known
 */
export function compress(
	condition: Tensor,
	x: TensorLike,
	axis?: number,
	options?: MaskOptions,
): Tensor {
	const given = asTensor("compress", x);
	const t = axis === undefined ? reshape(given, [given.size]) : given;
	const along = normalizeAxis("compress", axis ?? 0, t.rank);
	const mask = asTensor("compress", condition);
	if (mask.dtype !== "bool" || mask.rank !== 1) {
		const Type = mask.dtype === "bool" ? ShapeError : DTypeError;
		throw new Type(
			`compress: expected a condition of bool with one axis, got ${mask.dtype} ${showShape(mask.shape)}`,
		);
	}
	return indexedPart("compress", t, [...new Array<null>(along).fill(null), mask]).get(options);
}
