import type { DType, TypedArray } from "../core/dtype.ts";
import { DTypeError, FormatError } from "../core/error.ts";

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** How elements of the types that files hold lie in memory, and the dtype that they become. */
export const ELEMENT_TYPES = {
	float64: { array: Float64Array, dtype: "float64" },
	float32: { array: Float32Array, dtype: "float32" },
	float16: { array: Uint16Array, dtype: "float32", decode: fromHalf },
	bfloat16: { array: Uint16Array, dtype: "float32", decode: fromBrain },
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
	/** The number that the bits of an element stand for, where the array does not say it. */
	readonly decode?: (bits: number) => number;
}

/**
 * The elements in these bytes as storage of the dtype that they become; the bytes are copied.
 * @throws FormatError for a bool that is neither 0 nor 1
 * @throws DTypeError for an integer that does not fit into int32
 */
export function decodeElements(
	op: string,
	bytes: Uint8Array,
	typeName: ElementTypeName,
	littleEndian = true,
): TypedArray {
	const type: ElementType = ELEMENT_TYPES[typeName];
	// A copy, so that the tensor is its own and the elements are aligned; a Buffer's slice would be
	// none.
	const raw = new Uint8Array(bytes);
	if (littleEndian !== LITTLE_ENDIAN) swapBytes(raw, type.array.BYTES_PER_ELEMENT);
	const values = new type.array(raw.buffer);
	if (type.decode !== undefined) return Float32Array.from(values as Uint16Array, type.decode);
	if (type.dtype === "int32") return toInt32(op, values);
	if (type.dtype === "bool") checkBools(op, raw);
	return values as TypedArray;
}

/** The bytes of elements, little-endian. */
export function encodeElements(values: TypedArray): Uint8Array {
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

function toInt32(op: string, values: ArrayLike<number> | ArrayLike<bigint>): Int32Array {
	if (values instanceof Int32Array) return values;
	const out = new Int32Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const value = Number(values[i]);
		out[i] = value;
		if (out[i] !== value) {
			throw new DTypeError(
				`${op}: ${values[i]} does not fit into int32; save the array as float64`,
			);
		}
	}
	return out;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function fromHalf(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 0x1f;
	const fraction = bits & 0x3ff;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
	return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const word = new Uint32Array(1);
const single = new Float32Array(word.buffer);

/** bfloat16: the upper half of a float32. */
function fromBrain(bits: number): number {
	word[0] = bits << 16;
	return single[0]!;
}
