import type { DType } from "../core/dtype.ts";
import { FormatError, ShapeError } from "../core/error.ts";
import { checkArgument } from "../core/options.ts";
import { rowMajorStrides, type Shape, showShape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import {
	decodeElements,
	ELEMENT_TYPES,
	type ElementTypeName,
	encodeElements,
	type FloatOptions,
	type HalfFloat,
	writtenType,
} from "./element-types.ts";
import { MOST_AXES, type NpyHeader, parseNpyHeader } from "./npy-header.ts";
import { bytesKind } from "./reading.ts";

const MAGIC = [0x93, ...Array.from("NUMPY", (letter) => letter.charCodeAt(0))];
/** Elements begin at a multiple of this, so that the file can be mapped into memory. */
const ALIGNMENT = 64;
/** NumPy leaves room for the first size to grow to so many digits. */
const ROOM_FOR_SIZE = 21;

/** The smaller floats that NumPy knows. */
type NpyFloat = Extract<HalfFloat, "float16">;

/** How an npy file is written. */
export type NpyOptions = FloatOptions<NpyFloat>;

/** The dtypes that are read, by NumPy's codes. */
const READ = {
	f8: "float64",
	f4: "float32",
	f2: "float16",
	i8: "int64",
	i4: "int32",
	i2: "int16",
	i1: "int8",
	u8: "uint64",
	u4: "uint32",
	u2: "uint16",
	u1: "uint8",
	b1: "bool",
} as const satisfies Record<string, ElementTypeName>;

const WRITTEN: Readonly<Record<DType | NpyFloat, string>> = {
	float64: "<f8",
	float32: "<f4",
	float16: "<f2",
	int32: "<i4",
	bool: "|b1",
};

/**
 * The tensor in the bytes of an npy file, version 1.0, 2.0 or 3.0, in C or Fortran order and either
 * byte order. float64, float32 and bool stay what they are, float16 becomes float32. Integers
 * become int32 where all of them fit, else float64.
 * @throws FormatError when the bytes are damaged, or hold something else than plain numbers
 * @throws DTypeError when float64 does not hold an integer exactly
 */
export function decodeNpy(bytes: Uint8Array): Tensor {
	checkArgument("decodeNpy", "the bytes", bytes, bytesKind);
	const { header, start } = readHeader(bytes);
	const { littleEndian, typeName } = readType(header.descr);
	const type = ELEMENT_TYPES[typeName];
	const expected = sizeOf(header.shape) * type.array.BYTES_PER_ELEMENT;
	const got = bytes.length - start;
	if (expected !== got) {
		const why = got < expected ? "the file is cut off" : "something stands behind them";
		throw new FormatError(
			`decodeNpy: expected ${expected} bytes for shape ${showShape(header.shape)} of ${header.descr}, got ${got}: ${why}`,
		);
	}
	const { storage, dtype } = decodeElements(
		"decodeNpy",
		bytes.subarray(start),
		typeName,
		littleEndian,
	);
	const { shape } = header;
	const strides = header.fortranOrder
		? rowMajorStrides([...shape].reverse()).reverse()
		: rowMajorStrides(shape);
	return new Tensor(storage, dtype, shape, strides);
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
	return { header: parseNpyHeader(text), start };
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
	return { littleEndian: order !== ">", typeName: READ[code] };
}

function isReadable(code: string): code is keyof typeof READ {
	return Object.hasOwn(READ, code);
}

/**
 * The bytes of an npy file, version 1.0, that holds the tensor: byte for byte what `np.save`
 * writes.
 * @throws ShapeError for more than 64 axes, which NumPy does not have
 * @throws DTypeError for a number that the type in `floats` does not hold
 */
export function encodeNpy(x: Tensor, options: NpyOptions = {}): Uint8Array {
	const type = writtenType("encodeNpy", x, options, ["float16"]);
	if (x.rank > MOST_AXES) {
		throw new ShapeError(`encodeNpy: expected at most ${MOST_AXES} axes, got ${x.rank}`);
	}
	const head = headerText(WRITTEN[type], x.shape);
	const body = encodeElements("encodeNpy", elements(x), type);
	const bytes = new Uint8Array(head.length + body.length);
	for (let i = 0; i < head.length; i++) bytes[i] = head.charCodeAt(i);
	bytes.set(body, head.length);
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
