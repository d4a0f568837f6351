import { ARRAYS, type DType, type TypedArray } from "../../core/dtype.ts";
import { DTypeError } from "../../core/error.ts";
import { elements } from "../../core/strided.ts";
import type { Tensor } from "../../core/tensor.ts";
import { wgslType } from "./wgsl/shader.ts";

/** The elements of a tensor in row-major order, as the device has them. */
export function forDevice(x: Tensor): Float32Array | Int32Array {
	const values = elements(x);
	if (x.dtype === "float64") {
		const rounded = Float32Array.from(values);
		if (rounded.some((value, i) => value !== values[i] && !Number.isNaN(values[i]!))) {
			throw new DTypeError(`webgpu: a float64 constant does not fit; cast with .astype("float32")`);
		}
		return rounded;
	}
	return values instanceof Uint8Array
		? Int32Array.from(values)
		: (values as Float32Array | Int32Array);
}

/** Elements as the host has them, of words that the device has. */
export function forHost(dtype: DType, words: ArrayBuffer, first: number, size: number): TypedArray {
	const type = wgslType(dtype) === "f32" ? Float32Array : Int32Array;
	const values = new type(words, 4 * first, size);
	return values instanceof ARRAYS[dtype] ? values.slice() : ARRAYS[dtype].from(values);
}
