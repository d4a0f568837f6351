import { allocate, checkElement, type DType } from "./dtype.ts";
import { DTypeError, ShapeError } from "./error.ts";
import { checkShape, type Shape, showShape, sizeOf } from "./shape.ts";
import { type NestedArray, Tensor } from "./tensor.ts";

/** What `tensor` takes: numbers or booleans, bare or in nested arrays of one shape, or a typed array. */
export type TensorData =
	| NestedArray<number>
	| NestedArray<boolean>
	| Float64Array
	| Float32Array
	| Int32Array
	| Uint8Array
	| readonly TensorData[];

/** Options of the functions that make tensors. */
export interface CreateOptions {
	/** Left out: what the data say, or float64. */
	readonly dtype?: DType;
	/** Only for `tensor`: the shape in which the elements are laid out, row-major. */
	readonly shape?: Shape;
}

/**
 * A tensor from numbers, booleans or nested arrays of them; the data are copied. Booleans give bool, a Float32Array
 * float32, an Int32Array int32, everything else float64 unless `dtype` says otherwise.
 * @throws ShapeError when nested arrays are ragged or do not fit the given shape
 * @throws DTypeError when a value is not one of the dtype
 */
export function tensor(data: TensorData, options: CreateOptions = {}): Tensor {
	const values: (number | boolean)[] = [];
	const sizes: number[] = [];
	const flat = ArrayBuffer.isView(data) ? data : values;
	if (flat === values) flatten(data as TensorData, 0, sizes, values);
	const shape = options.shape ?? (flat === values ? sizes : [flat.length]);
	checkShape("tensor", shape);
	if (sizeOf(shape) !== flat.length) {
		throw new ShapeError(
			`tensor: expected ${sizeOf(shape)} elements for shape ${showShape(shape)}, got ${flat.length}`,
		);
	}
	const dtype = options.dtype ?? dtypeOf(data, values);
	const storage = allocate(dtype, flat.length);
	for (let i = 0; i < flat.length; i++) {
		const value = Number(flat[i]);
		checkElement("tensor", value, dtype);
		storage[i] = value;
	}
	return new Tensor(storage, dtype, [...shape]);
}

/** Collects the leaves of nested arrays, and their shape as the first leaf shows it. */
function flatten(
	data: TensorData,
	depth: number,
	sizes: number[],
	values: (number | boolean)[],
): void {
	if (typeof data === "number" || typeof data === "boolean") {
		if (sizes.length > depth) throw ragged(`a bare value ${data} stands beside arrays`);
		values.push(data);
		return;
	}
	const items = data as ArrayLike<TensorData>;
	if (typeof items !== "object" || items === null || typeof items.length !== "number") {
		throw new DTypeError(`tensor: expected numbers or booleans, got ${String(items)}`);
	}
	if (sizes.length === depth) {
		if (values.length > 0) throw ragged("an array stands beside bare values");
		sizes.push(items.length);
	}
	if (sizes[depth] !== items.length) {
		throw ragged(`arrays of ${sizes[depth]} and of ${items.length} elements stand side by side`);
	}
	for (let i = 0; i < items.length; i++) flatten(items[i]!, depth + 1, sizes, values);
}

function ragged(why: string): ShapeError {
	return new ShapeError(`tensor: expected nested arrays of one shape, but ${why}`);
}

function dtypeOf(data: TensorData, values: readonly (number | boolean)[]): DType {
	if (data instanceof Float32Array) return "float32";
	if (data instanceof Int32Array) return "int32";
	return values.length > 0 && values.every((value) => typeof value === "boolean")
		? "bool"
		: "float64";
}
