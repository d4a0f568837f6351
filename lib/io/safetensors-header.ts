import { FormatError } from "../core/error.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { ELEMENT_TYPES, type ElementTypeName } from "./element-types.ts";
import { parseJson, shortJson } from "./json.ts";

/** The dtypes that are read, by the codes of the format. */
export const CODES = {
	F64: "float64",
	F32: "float32",
	F16: "float16",
	BF16: "bfloat16",
	F8_E5M2: "float8_e5m2",
	F8_E4M3: "float8_e4m3",
	I64: "int64",
	I32: "int32",
	I16: "int16",
	I8: "int8",
	U64: "uint64",
	U32: "uint32",
	U16: "uint16",
	U8: "uint8",
	BOOL: "bool",
} as const satisfies Record<string, ElementTypeName>;

/** The key in a header that is no tensor. */
export const METADATA = "__metadata__";

/** An entry is an object in an object, with two arrays. */
const DEEPEST = 3;
/** The shortest entry takes 47 characters for three brackets. */
const SPREAD = 12;

/** Where a tensor lies in a file, and what it is. */
export interface HeaderEntry {
	readonly name: string;
	/** One of `CODES`, or of a dtype that is not read. */
	readonly code: string;
	readonly shape: Shape;
	/** In bytes, from the end of the header. */
	readonly begin: number;
	readonly end: number;
}

/** What the header of a safetensors file says. */
export interface Header {
	readonly entries: readonly HeaderEntry[];
	readonly metadata: Record<string, string>;
}

/**
 * Parses a header, and checks that its tensors cover the `size` bytes behind it, each byte once.
 * @throws FormatError for anything else
 */
export function parseSafetensorsHeader(bytes: Uint8Array, size: number): Header {
	const header = parseObject(bytes);
	const entries: HeaderEntry[] = [];
	let metadata: Record<string, string> = {};
	for (const [name, value] of Object.entries(header)) {
		if (name === METADATA) metadata = parseMetadata(value);
		else entries.push(parseEntry(name, value));
	}
	checkCover(entries, size);
	return { entries, metadata };
}

function damaged(why: string): FormatError {
	return new FormatError(`decodeSafetensors: the header is damaged: ${why}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseObject(bytes: Uint8Array): Record<string, unknown> {
	let header: unknown;
	try {
		header = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes), DEEPEST, SPREAD);
	} catch (error) {
		throw damaged(`it is no JSON (${(error as Error).message})`);
	}
	if (!isObject(header)) throw damaged("it is no JSON object");
	return header;
}

function parseMetadata(value: unknown): Record<string, string> {
	if (isObject(value) && Object.values(value).every((text) => typeof text === "string")) {
		return value as Record<string, string>;
	}
	throw damaged(`${METADATA} holds something else than strings`);
}

function parseEntry(name: string, value: unknown): HeaderEntry {
	const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
	if (typeof dtype !== "string") throw damaged(`the dtype of "${name}" is ${shortJson(dtype)}`);
	if (!areSizes(shape)) throw damaged(`the shape of "${name}" is ${shortJson(shape)}`);
	if (!areSizes(offsets) || offsets.length !== 2) {
		throw damaged(`the offsets of "${name}" are ${shortJson(offsets)}`);
	}
	const [begin, end] = offsets as [number, number];
	if (end < begin) throw damaged(`"${name}" ends before it begins`);
	if (isCode(dtype)) {
		const expected = sizeOf(shape) * ELEMENT_TYPES[CODES[dtype]].array.BYTES_PER_ELEMENT;
		if (end - begin !== expected) {
			throw damaged(`"${name}" has ${end - begin} bytes, its shape and dtype take ${expected}`);
		}
	}
	return { name, code: dtype, shape, begin, end };
}

/** Whether it is the code of a dtype that is read. */
export function isCode(code: string): code is keyof typeof CODES {
	return Object.hasOwn(CODES, code);
}

function areSizes(value: unknown): value is number[] {
	return Array.isArray(value) && value.every(isSize);
}

/** JSON has a -0, which is no size. */
function isSize(value: unknown): boolean {
	return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

/**
 * A name that stands twice shows here too: JSON keeps the last of them, and the bytes of the first
 * are left over.
 */
function checkCover(entries: readonly HeaderEntry[], size: number): void {
	let at = 0;
	for (const { name, begin, end } of [...entries].sort(
		(a, b) => a.begin - b.begin || a.end - b.end,
	)) {
		if (begin < at) throw damaged(`"${name}" overlaps another tensor`);
		if (begin > at) throw damaged(`${begin - at} bytes before "${name}" belong to no tensor`);
		at = end;
	}
	if (at > size) throw damaged(`its tensors take ${at} bytes, the file has ${size}`);
	if (at < size) throw damaged(`${size - at} bytes at the end belong to no tensor`);
}
