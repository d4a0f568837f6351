import { DTypeError, ShapeError } from "./error.ts";

/** The element types: `float64` is the default, as in NumPy. */
export type DType = "float64" | "float32" | "int32" | "bool";

/** What holds a tensor's elements: one kind of typed array for each dtype. */
export type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** The bytes of an element. */
export const BYTES: Readonly<Record<DType, number>> = { float64: 8, float32: 4, int32: 4, bool: 1 };

/** The arrays that hold the elements of each dtype. */
export const ARRAYS = {
	float64: Float64Array,
	float32: Float32Array,
	int32: Int32Array,
	bool: Uint8Array,
} satisfies Record<DType, unknown>;

/**
 * Zeroed storage for `size` elements. In ops the error names the op without being told.
 * @throws ShapeError when there are more than the engine can hold
 */
export function allocate(dtype: "float64", size: number, op?: string): Float64Array;
/** The same for any dtype. */
export function allocate(dtype: DType, size: number, op?: string): TypedArray;
/** Both of the above. */
export function allocate(dtype: DType, size: number, op = "allocate"): TypedArray {
	try {
		return zeroed(dtype, size);
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw new ShapeError(`${op}: ${size} elements of ${dtype} are more than this machine can hold`);
	}
}

function zeroed(dtype: DType, size: number): TypedArray {
	switch (dtype) {
		case "float64":
			return new Float64Array(size);
		case "float32":
			return new Float32Array(size);
		case "int32":
			return new Int32Array(size);
		case "bool":
			return new Uint8Array(size);
		default:
			throw new DTypeError(
				`dtype: expected float64, float32, int32 or bool, got ${String(dtype satisfies never)}`,
			);
	}
}

/** Whether a dtype can carry a derivative. */
export function isFloat(dtype: DType): boolean {
	return dtype === "float64" || dtype === "float32";
}

/**
 * The dtype in which two tensors meet: bool gives way to int32, int32 to a float dtype.
 * @throws DTypeError for float32 with float64: which one is meant must be said.
 */
export function commonDType(op: string, a: DType, b: DType): DType {
	if (a === b) return a;
	if (isFloat(a) && isFloat(b)) {
		throw new DTypeError(
			`${op}: expected tensors of one float dtype, got ${a} and ${b}; cast one with .astype("${a}")`,
		);
	}
	if (isFloat(a) || b === "bool") return a;
	return b;
}

/**
 * Checks that a plain number can be an element of `dtype` without changing its value
 * (float32 rounds, as every float32 operation does).
 */
export function checkElement(op: string, value: number, dtype: DType): void {
	if (dtype === "int32" && value !== (value | 0)) {
		throw new DTypeError(
			`${op}: ${value} is not an int32; cast the tensor first, for example with .astype("float64")`,
		);
	}
	if (dtype === "bool" && value !== 0 && value !== 1) {
		throw new DTypeError(`${op}: ${value} is not a bool; cast the tensor first with .astype(…)`);
	}
}

/** The error for a result that overflows int32, or is not whole. */
export function doesNotFit(op: string, value: number): DTypeError {
	return new DTypeError(
		`${op}: the result ${value} is not an int32; cast first, for example with .astype("float64")`,
	);
}
