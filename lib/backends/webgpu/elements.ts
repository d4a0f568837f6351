import { ARRAYS, type DType, type TypedArray } from "../../core/dtype.ts";
import { DTypeError } from "../../core/error.ts";
import { elements } from "../../core/strided.ts";
import type { Tensor } from "../../core/tensor.ts";
import { BYTES_EACH } from "./buffer-chain.ts";
import { wgslType } from "./wgsl/shader.ts";

/** Elements as the device has them, to be written there. */
export type DeviceWords = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** The elements of a tensor in row-major order, as the device has them. */
export function forDevice(x: Tensor): DeviceWords {
	return asWords(elements(x));
}

/**
 * The same elements in four bytes each.
 * @throws DTypeError for a float64 that is no float32
 */
export function asWords(values: TypedArray): DeviceWords {
	if (values instanceof Float64Array) {
		const rounded = Float32Array.from(values);
		if (rounded.some((value, i) => value !== values[i] && !Number.isNaN(values[i]!))) {
			throw new DTypeError(`webgpu: a float64 constant does not fit; cast with .astype("float32")`);
		}
		return rounded;
	}
	return (values instanceof Uint8Array ? Int32Array.from(values) : values) as DeviceWords;
}

/** Elements as the host has them, of words that the device has. */
export function forHost(dtype: DType, words: ArrayBuffer, first: number, size: number): TypedArray {
	const type = wgslType(dtype) === "f32" ? Float32Array : Int32Array;
	const values = new type(words, BYTES_EACH * first, size);
	return values instanceof ARRAYS[dtype] ? values.slice() : ARRAYS[dtype].from(values);
}
