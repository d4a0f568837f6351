import type { DType } from "../../core/dtype.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";

/** The value of a variable, whatever ran the program. */
export interface Elements {
	/** Null where a form does not know it: a typed array has only a length. */
	readonly shape: Shape | null;
	/** In row-major order, truth as 0 and 1. */
	readonly values: Float64Array;
	readonly dtype: DType;
}

/** The elements of a tensor. */
export function elementsOf(x: Tensor): Elements {
	return { shape: x.shape, values: Float64Array.from(elements(x)), dtype: x.dtype };
}

/** The tensor of these elements; their shape is known. */
export function tensorOf({ shape, values, dtype }: Elements): Tensor {
	const Kind = {
		float64: Float64Array,
		float32: Float32Array,
		int32: Int32Array,
		bool: Uint8Array,
	};
	return new Tensor(Kind[dtype].from(values), dtype, shape!);
}

/** That two values have other shapes, in words; null where they have not. */
export function shapeDifference(actual: Elements, expected: Elements): string | null {
	const wanted = expected.shape!;
	if (actual.shape === null) {
		const { length } = actual.values;
		return length === sizeOf(wanted) ? null : `it has ${length} elements, not ${sizeOf(wanted)}`;
	}
	if (sameShape(actual.shape, wanted)) return null;
	return `its shape is ${showShape(actual.shape)}, not ${showShape(wanted)}`;
}

/** Numbers below these have fewer digits, and to differ by less is no difference. */
const LEAST_NORMAL = { float64: 2 ** -1022, float32: 2 ** -126, int32: 0, bool: 0 };

/**
 * The greatest difference, relative to the greatest expected element. Where that is more than the
 * limit, but not relative to the size of the terms that made it, relative to these. NaN is like
 * NaN, an infinity like itself.
 */
export function relativeDistance(
	actual: Elements,
	expected: Elements,
	limit: number,
	termSize: () => number = () => 0,
): number {
	const least = LEAST_NORMAL[expected.dtype];
	let size = 0;
	let most = 0;
	for (let i = 0; i < expected.values.length; i++) {
		const e = expected.values[i]!;
		if (Number.isFinite(e)) size = Math.max(size, Math.abs(e));
		const a = actual.values[i]!;
		if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
		const off = Math.abs(a - e);
		if (off > least) most = Math.max(most, off);
		else if (Number.isNaN(off)) most = Number.POSITIVE_INFINITY;
	}
	if (most === 0) return 0;
	const off = most / size;
	if (off <= limit) return off;
	const ofTerms = most / Math.max(size, termSize());
	return ofTerms <= limit ? ofTerms : off;
}
