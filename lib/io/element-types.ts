import { aTensor } from "../core/argument-kinds.ts";
import { type DType, isFloat, type TypedArray } from "../core/dtype.ts";
import { DTypeError, FormatError } from "../core/error.ts";
import { checkArgument, checkOptions } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import {
	BRAIN,
	decodeSmall,
	E4M3,
	E5M2,
	encodeSmall,
	HALF,
	type SmallFloat,
} from "./small-floats.ts";

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * How elements of the types that files hold lie in memory, and the dtype that they become; integers
 * that do not fit into int32 become float64.
 */
export const ELEMENT_TYPES = {
	float64: { array: Float64Array, dtype: "float64" },
	float32: { array: Float32Array, dtype: "float32" },
	float16: { array: Uint16Array, dtype: "float32", small: HALF },
	bfloat16: { array: Uint16Array, dtype: "float32", small: BRAIN },
	float8_e5m2: { array: Uint8Array, dtype: "float32", small: E5M2 },
	float8_e4m3: { array: Uint8Array, dtype: "float32", small: E4M3 },
	int64: { array: BigInt64Array, dtype: "int32" },
	int32: { array: Int32Array, dtype: "int32" },
	int16: { array: Int16Array, dtype: "int32" },
	int8: { array: Int8Array, dtype: "int32" },
	uint64: { array: BigUint64Array, dtype: "int32" },
	uint32: { array: Uint32Array, dtype: "int32" },
	uint16: { array: Uint16Array, dtype: "int32" },
	uint8: { array: Uint8Array, dtype: "int32" },
	bool: { array: Uint8Array, dtype: "bool" },
} as const satisfies Record<string, ElementType>;

/** The name of a type of elements. */
export type ElementTypeName = keyof typeof ELEMENT_TYPES;

interface ElementType {
	readonly array:
		| Float64ArrayConstructor
		| Float32ArrayConstructor
		| BigInt64ArrayConstructor
		| BigUint64ArrayConstructor
		| Int32ArrayConstructor
		| Int16ArrayConstructor
		| Int8ArrayConstructor
		| Uint32ArrayConstructor
		| Uint16ArrayConstructor
		| Uint8ArrayConstructor;
	readonly dtype: DType;
	/** What the bits of an element stand for, where the array does not say it. */
	readonly small?: SmallFloat;
}

/** What a tensor is made of besides its shape. */
export interface DecodedElements {
	readonly storage: TypedArray;
	readonly dtype: DType;
}

/**
 * The elements in these bytes in the dtype that they become; the bytes are copied.
 * @throws FormatError for a bool that is neither 0 nor 1
 * @throws DTypeError for an integer that no dtype holds exactly
 */
export function decodeElements(
	op: string,
	bytes: Uint8Array,
	typeName: ElementTypeName,
	littleEndian = true,
): DecodedElements {
	const type: ElementType = ELEMENT_TYPES[typeName];
	// A copy, so that the tensor is its own and the elements are aligned; a Buffer's slice would be
	// none.
	const raw = new Uint8Array(bytes);
	if (littleEndian !== LITTLE_ENDIAN) swapBytes(raw, type.array.BYTES_PER_ELEMENT);
	const values = new type.array(raw.buffer);
	const { small, dtype } = type;
	if (small !== undefined) {
		const decode = (bits: number) => decodeSmall(small, bits);
		return { storage: Float32Array.from(values as Uint16Array, decode), dtype };
	}
	if (dtype === "int32") return toIntegers(op, values);
	if (dtype === "bool") checkBools(op, raw);
	return { storage: values as TypedArray, dtype };
}

/** A float type that files hold and tensors do not. */
export type HalfFloat = "float16" | "bfloat16";

/** How floats are written. */
export interface FloatOptions<T extends HalfFloat = HalfFloat> {
	/**
	 * The type in which tensors of float64 and float32 are written, each number rounded to the
	 * nearest; left out: their own.
	 */
	readonly floats?: T;
}

/**
 * The type in which a tensor is written.
 * @throws DTypeError for an option that is not one of the types
 * @throws DomainError for what is no tensor
 */
export function writtenType<T extends HalfFloat>(
	op: string,
	x: Tensor,
	options: FloatOptions<T>,
	types: readonly T[],
): DType | T {
	checkArgument(op, "", x, aTensor);
	const holds = (x: unknown) => types.includes(x as T);
	const kinds = { floats: { expected: types.join(" or "), holds, error: DTypeError } };
	const { floats } = checkOptions(op, options, kinds);
	const { dtype } = x;
	return isFloat(dtype) && floats !== undefined ? floats : dtype;
}

/**
 * The bytes of elements as this type, which is a smaller float or their own, little-endian.
 * @throws DTypeError for a number that the smaller float does not hold
 */
export function encodeElements(op: string, given: TypedArray, type: DType | HalfFloat): Uint8Array {
	const { small }: ElementType = ELEMENT_TYPES[type];
	const values =
		small === undefined ? given : Uint16Array.from(given, (value) => encodeSmall(op, small, value));
	const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
	if (!LITTLE_ENDIAN) swapBytes(bytes, values.BYTES_PER_ELEMENT);
	return bytes;
}

/** Turns each element's bytes around. */
function swapBytes(bytes: Uint8Array, elementSize: number): void {
	for (let i = 0; i < bytes.length; i += elementSize) {
		bytes.subarray(i, i + elementSize).reverse();
	}
}

function checkBools(op: string, values: Uint8Array): void {
	const wrong = values.find((value) => value > 1);
	if (wrong === undefined) return;
	throw new FormatError(`${op}: expected bools, 0 or 1, got ${wrong}`);
}

/** int32 where all of them fit, else float64 where it holds all of them exactly. */
function toIntegers(op: string, values: ArrayLike<number> | ArrayLike<bigint>): DecodedElements {
	if (values instanceof Int32Array) return { storage: values, dtype: "int32" };
	const storage = new Int32Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const value = Number(values[i]);
		storage[i] = value;
		if (storage[i] !== value) return { storage: toFloats(op, values), dtype: "float64" };
	}
	return { storage, dtype: "int32" };
}

function toFloats(op: string, values: ArrayLike<number> | ArrayLike<bigint>): Float64Array {
	const storage = new Float64Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const value = values[i]!;
		storage[i] = Number(value);
		if (typeof value === "bigint" && BigInt(storage[i]!) !== value) {
			throw new DTypeError(`${op}: neither int32 nor float64 holds ${value} exactly`);
		}
	}
	return storage;
}
