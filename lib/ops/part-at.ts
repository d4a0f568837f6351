import type { Placement } from "../core/linear-map.ts";
import type { Shape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { wholeAxis } from "./ranges.ts";
import { sliceOf } from "./sections.ts";
import type { SlicePlace } from "./slices-of-views.ts";

/**
 * That a map puts its argument where indices that are known say, one for each axis from this one
 * on: where a slice lies, so that it counts as one. Null where the indices are not known, or an
 * axis has several.
 * @param dropped whether the axes are gone in what is put; left out: where there is one number
 */
export function partAt(
	shape: Shape,
	axis: number,
	indices: Tensor,
	dropped: boolean = indices.rank === 0,
): Placement<SlicePlace> | null {
	const isKnown = indices.node === null && ArrayBuffer.isView(indices.storage);
	const isOne = dropped || (indices.rank === 1 && indices.size === 1);
	if (!isKnown || !isOne) return null;
	const sections = shape.map(wholeAxis);
	for (const [k, index] of elements(indices).entries()) {
		const of = shape[axis + k]!;
		const start = index < 0 ? index + of : index;
		sections[axis + k] = { of, start, step: 1, size: 1, dropped };
	}
	return sliceOf(shape, sections);
}
