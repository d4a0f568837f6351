import { asTensor } from "../core/lift.ts";
import type { TensorLike } from "../core/tensor.ts";
import type { TensorIndex } from "./index-list.ts";
import { type IndexedPart, indexedPart } from "./parts.ts";

export type { TensorIndex } from "./index-list.ts";
export type { IndexedPart, MaskOptions } from "./parts.ts";

/**
 * The part of x at indices, for each axis a number, a range, or a tensor of indices or truth, as
 * NumPy's `x[0, :, i]`: to be read, `at(x, 0, null, i).get()`, or as JAX has it, for a new tensor
 * in which that part is another, `at(x, 0, null, i).set(v)`. Axes without an index are taken whole.
 * Numbers and ranges are those of `slice`, so `[0, 2]` is the range 0:2; many indices are an int32
 * tensor, and a bool tensor masks as many axes as it has. Tensors broadcast together. Their axes
 * stand where the first of them does, or in front if they do not stand side by side, numbers among
 * them counted as tensors. In a traced function a mask has no values: then `get` needs a `size`,
 * and what is put there has to be the same for all that the mask takes.
 * @throws ShapeError for indices that do not fit x, or a v that does not broadcast to the part
 * @throws DomainError for an index of a tensor that is out of range
 * @throws DTypeError for a tensor that is neither int32 nor bool
 * @throws TraceError for a mask without values whose size has to be known
 */
export function at(x: TensorLike, ...indices: TensorIndex[]): IndexedPart {
	return indexedPart("at", asTensor("at", x), indices);
}
