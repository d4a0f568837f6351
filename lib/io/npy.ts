import type { DType, Storage } from "../dtype.ts";
import { DTypeError, FormatError, ShapeError } from "../error.ts";
import { rowMajorStrides, type Shape, showShape, sizeOf } from "../shape.ts";
import { elements } from "../strided.ts";
import { Tensor } from "../tensor.ts";
import { MOST_AXES, type NpyHeader, parseHeader } from "./npy-header.ts";

const MAGIC = [0x93, ...Array.from("NUMPY", (letter) => letter.charCodeAt(0))];
/** Elements begin at a multiple of this, so that the file can be mapped into memory. */
const ALIGNMENT = 64;
/** NumPy leaves room for the first size to grow to so many digits. */
const ROOM_FOR_SIZE = 21;

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The dtypes that are read; how their elements lie in memory, and what they become. */
const READ = {
	f8: { array: Float64Array, dtype: "float64" },
	f4: { array: Float32Array, dtype: "float32" },
	i8: { array: BigInt64Array, dtype: "int32" },
	i4: { array: Int32Array, dtype: "int32" },
	i2: { array: Int16Array, dtype: "int32" },
	i1: { array: Int8Array, dtype: "int32" },
	u8: { array: BigUint64Array, dtype: "int32" },
	u4: { array: Uint32Array, dtype: "int32" },
	u2: { array: Uint16Array, dtype: "int32" },
	u1: { array: Uint8Array, dtype: "int32" },
	b1: { array: Uint8Array, dtype: "bool" },
} as const satisfies Record<string, { array: unknown; dtype: DType }>;

const WRITTEN: Readonly<Record<DType, string>> = {
	float64: "<f8",
	float32: "<f4",
	int32: "<i4",
	bool: "|b1",
};

/**
 * The tensor in the bytes of an npy file, version 1.0, 2.0 or 3.0, in C or Fortran order and either byte order.
 * float64, float32 and bool stay what they are, integers become int32.
 * @throws FormatError when the bytes are damaged, or hold something else than plain numbers
 * @throws DTypeError when an integer does not fit into int32
 */
export function decodeNpy(bytes: Uint8Array): Tensor {
	const { header, start } = readHeader(bytes);
	const { bigEndian, type } = readType(header.descr);
	const size = sizeOf(header.shape);
	const expected = size * type.array.BYTES_PER_ELEMENT;
	const got = bytes.length - start;
	if (expected !== got) {
		const why = got < expected ? "the file is cut off" : "something stands behind them";
		throw new FormatError(
			`decodeNpy: expected ${expected} bytes for shape ${showShape(header.shape)} of ${header.descr}, got ${got}: ${why}`,
		);
	}
	// A copy, so that the tensor is its own and the elements are aligned.
	const raw = new Uint8Array(got);
	raw.set(bytes.subarray(start));
	if (bigEndian === LITTLE_ENDIAN) swapBytes(raw, type.array.BYTES_PER_ELEMENT);
	const storage = toStorage(new type.array(raw.buffer), type.dtype);
	const { shape } = header;
	const strides = header.fortranOrder
		? rowMajorStrides([...shape].reverse()).reverse()
		: rowMajorStrides(shape);
	return new Tensor(storage, type.dtype, shape, strides);
}

function readHeader(bytes: Uint8Array): { header: NpyHeader; start: number } {
	if (MAGIC.some((byte, i) => bytes[i] !== byte)) {
		throw new FormatError("decodeNpy: expected an npy file, which begins with \\x93NUMPY");
	}
	const [major, minor] = bytes.subarray(MAGIC.length);
	if (major === undefined || minor === undefined) throw cutOff();
	if (major < 1 || major > 3 || minor !== 0) {
		throw new FormatError(`decodeNpy: expected version 1.0, 2.0 or 3.0, got ${major}.${minor}`);
	}
	const lengthSize = major === 1 ? 2 : 4;
	const from = MAGIC.length + 2 + lengthSize;
	if (bytes.length < from) throw cutOff();
	let length = 0;
	for (let i = 1; i <= lengthSize; i++) length = length * 256 + bytes[from - i]!;
	const start = from + length;
	if (bytes.length < start) throw cutOff();
	// All that we accept is ASCII; any other byte becomes some letter that does not fit.
	const text = new TextDecoder("latin1").decode(bytes.subarray(from, start));
	return { header: parseHeader(text), start };
}

function cutOff(): FormatError {
	return new FormatError("decodeNpy: the file is cut off in its header");
}

function readType(descr: string) {
	const order = descr.charAt(0);
	const code = descr.slice(1);
	if (code === "O") {
		throw new FormatError(
			"decodeNpy: expected numbers, got Python objects (dtype object), which are never read; cast them in NumPy",
		);
	}
	if (
		!isReadable(code) ||
		!(order === "<" || order === ">" || (order === "|" && code[1] === "1"))
	) {
		throw new FormatError(
			`decodeNpy: expected a dtype of ${Object.keys(READ).join(", ")}, got '${descr}'; cast the array in NumPy`,
		);
	}
	return { bigEndian: order === ">", type: READ[code] };
}

function isReadable(code: string): code is keyof typeof READ {
	return Object.hasOwn(READ, code);
}

/** Turns each element's bytes around. */
function swapBytes(bytes: Uint8Array, elementSize: number): void {
	for (let i = 0; i < bytes.length; i += elementSize) {
		bytes.subarray(i, i + elementSize).reverse();
	}
}

type FileArray = InstanceType<(typeof READ)[keyof typeof READ]["array"]>;

function toStorage(values: FileArray, dtype: DType): Storage {
	if (dtype === "bool" && values instanceof Uint8Array) {
		const wrong = values.findIndex((value) => value > 1);
		if (wrong < 0) return values;
		throw new FormatError(`decodeNpy: expected bools, 0 or 1, got ${values[wrong]}`);
	}
	if (
		values instanceof Float64Array ||
		values instanceof Float32Array ||
		values instanceof Int32Array
	) {
		return values;
	}
	const out = new Int32Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const value = Number(values[i]);
		out[i] = value;
		if (out[i] !== value) {
			throw new DTypeError(
				`decodeNpy: ${values[i]} does not fit into int32; save the array in NumPy with .astype(np.float64)`,
			);
		}
	}
	return out;
}

/**
 * The bytes of an npy file, version 1.0, that holds the tensor: byte for byte what `np.save` writes.
 * @throws ShapeError for more than 64 axes, which NumPy does not have
 */
export function encodeNpy(x: Tensor): Uint8Array {
	if (x.rank > MOST_AXES) {
		throw new ShapeError(`encodeNpy: expected at most ${MOST_AXES} axes, got ${x.rank}`);
	}
	const values = elements(x);
	const head = headerText(WRITTEN[x.dtype], x.shape);
	const bytes = new Uint8Array(head.length + values.byteLength);
	for (let i = 0; i < head.length; i++) bytes[i] = head.charCodeAt(i);
	const body = bytes.subarray(head.length);
	body.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
	if (!LITTLE_ENDIAN) swapBytes(body, values.BYTES_PER_ELEMENT);
	return bytes;
}

/** Everything before the elements, a character for each byte. */
function headerText(descr: string, shape: Shape): string {
	const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
	const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
	const room = shape.length === 0 ? 0 : ROOM_FOR_SIZE - String(shape[0]).length;
	const before = MAGIC.length + 4;
	// At least one space and the line's end; NumPy, too, adds a whole block rather than none.
	const used = before + dict.length + room + 1;
	const length = used + ALIGNMENT - (used % ALIGNMENT) - before;
	const prefix = [...MAGIC, 1, 0, length & 0xff, length >> 8];
	return `${String.fromCharCode(...prefix)}${dict.padEnd(length - 1)}\n`;
}
