import type { DType } from "../../core/dtype.ts";

/** The types of elements that exported models have, with their numbers in ONNX. */
export const ELEMENTS = {
	float32: 1,
	int32: 6,
	int64: 7,
	bool: 9,
	float16: 10,
	float64: 11,
	uint32: 12,
} as const;

/** What the elements of a tensor in a model are. */
export type Element = keyof typeof ELEMENTS;

/** The float types, in one of which a model may be computed. */
export const FLOAT_ELEMENTS = ["float16", "float32", "float64"] as const;

/** One of the float types. */
export type FloatElement = (typeof FLOAT_ELEMENTS)[number];

/** Whether it is a float type. */
export function isFloatElement(element: Element): element is FloatElement {
	return element.startsWith("float");
}

/** What elements of a dtype are in a model whose floats are all of one type; null: each its own. */
export function elementOf(dtype: DType, float: FloatElement | null): Element {
	return isFloatElement(dtype) ? (float ?? dtype) : dtype;
}

/** The next wider float type. */
export function widerThan(element: FloatElement): FloatElement {
	return element === "float16" ? "float32" : "float64";
}

/** The bytes of elements in the order of ONNX, the lowest first. */
export function elementBytes(values: ArrayLike<number>, element: Element): Uint8Array {
	const { length } = values;
	const view = new DataView(new ArrayBuffer(length * SIZES[element]));
	const write = WRITERS[element];
	for (let i = 0; i < length; i++) write(view, i * SIZES[element], values[i]!);
	return new Uint8Array(view.buffer);
}

const SIZES: Readonly<Record<Element, number>> = {
	float16: 2,
	float32: 4,
	float64: 8,
	int32: 4,
	int64: 8,
	bool: 1,
	uint32: 4,
};

type Write = (view: DataView, at: number, x: number) => void;

const WRITERS: Readonly<Record<Element, Write>> = {
	float16: (view, at, x) => view.setUint16(at, halfBits(x), true),
	float32: (view, at, x) => view.setFloat32(at, x, true),
	float64: (view, at, x) => view.setFloat64(at, x, true),
	int32: (view, at, x) => view.setInt32(at, x, true),
	int64: (view, at, x) => view.setBigInt64(at, BigInt(x), true),
	bool: (view, at, x) => view.setUint8(at, x),
	uint32: (view, at, x) => view.setUint32(at, x, true),
};

/** The sixteen bits of the nearest float16; of two equally near the even one. */
function halfBits(x: number): number {
	const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
	const size = Math.abs(x);
	if (Number.isNaN(x)) return 0x7e00;
	// From here on it rounds to infinity.
	if (size >= 65520) return sign | 0x7c00;
	// Multiples of the least number, 2⁻²⁴, below the first that has an exponent of its own.
	if (size < 2 ** -14) return sign | evenly(size * 2 ** 24);
	const exponent = Math.floor(Math.log2(size));
	// log2 may round up beside a power of two.
	const power = size < 2 ** exponent ? exponent - 1 : exponent;
	// A fraction that rounds up to 1024 goes on into the exponent, as it should.
	return sign | (((power + 15) << 10) + evenly((size / 2 ** power - 1) * 1024));
}

/** The nearest whole number, of two the even one. */
function evenly(x: number): number {
	const below = Math.floor(x);
	const rest = x - below;
	return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
