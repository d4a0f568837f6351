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

/**
 * The greatest difference, relative to the greatest expected element or `least`; NaN is like NaN,
 * an infinity like itself.
 */
export function relativeDistance(actual: Float64Array, expected: Float64Array, least = 1): number {
	let size = least;
	let most = 0;
	for (let i = 0; i < expected.length; i++) {
		const e = expected[i]!;
		if (Number.isFinite(e)) size = Math.max(size, Math.abs(e));
		const a = actual[i]!;
		if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
		const off = Math.abs(a - e);
		most = Math.max(most, Number.isNaN(off) ? Number.POSITIVE_INFINITY : off);
	}
	return most === 0 ? 0 : most / size;
}
