import { structure } from "../core/argument-kinds.ts";
import type { DType } from "../core/dtype.ts";
import { DTypeError, FormatError } from "../core/error.ts";
import { checkArgument } from "../core/options.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import {
	decodeElements,
	ELEMENT_TYPES,
	encodeElements,
	type FloatOptions,
	type HalfFloat,
	writtenType,
} from "./element-types.ts";
import { shortJson } from "./json.ts";
import { bytesKind, type ReadOptions, readEach } from "./reading.ts";
import {
	CODES,
	type HeaderEntry,
	isCode,
	METADATA,
	parseSafetensorsHeader,
} from "./safetensors-header.ts";

// The format of https://github.com/huggingface/safetensors: the length of a JSON header (8 bytes,
// little-endian), the header, then the elements of every tensor, without gaps.

/** What a safetensors file holds. */
export interface Safetensors {
	/** By name, in the order of the file's header. */
	readonly tensors: Record<string, Tensor>;
	/** Free text by name. */
	readonly metadata: Record<string, string>;
}

const LENGTH_SIZE = 8;
/** The header is filled up with spaces to a multiple of this, so that elements are aligned. */
const ALIGNMENT = 8;
/** As in the reference implementation: no honest header is longer. */
const LONGEST_HEADER = 100_000_000;

/**
 * In the order in which they lie in a file: wide elements first, so that every tensor is aligned.
 */
const WRITTEN: Readonly<Record<DType | HalfFloat, string>> = {
	float64: "F64",
	float32: "F32",
	int32: "I32",
	bfloat16: "BF16",
	float16: "F16",
	bool: "BOOL",
};

/**
 * The tensors in the bytes of a safetensors file. float64, float32 and bool stay what they are,
 * smaller floats become float32. Integers become int32 where all of a tensor's fit, else float64.
 * @throws FormatError when the bytes are damaged or hostile: cut off, no JSON, offsets that
 * overlap, leave gaps, lie outside of the file or do not fit the shape
 * @throws DTypeError for another dtype, and when float64 does not hold an integer exactly
 */
export function decodeSafetensors(bytes: Uint8Array, options: ReadOptions = {}): Safetensors {
	checkArgument("decodeSafetensors", "the bytes", bytes, bytesKind);
	const { entries, metadata, start } = readHeader(bytes);
	const read = (entry: HeaderEntry) => {
		const part = bytes.subarray(start + entry.begin, start + entry.end);
		return readTensor(`decodeSafetensors: ${shortJson(entry.name)}`, entry, part);
	};
	return { tensors: readEach("decodeSafetensors", entries, read, options), metadata };
}

function readTensor(op: string, { code, shape }: HeaderEntry, bytes: Uint8Array): Tensor {
	if (!isCode(code)) {
		const codes = Object.keys(CODES).join(", ");
		throw new DTypeError(`${op}: expected a dtype of ${codes}, got ${shortJson(code)}`);
	}
	const { storage, dtype } = decodeElements(op, bytes, CODES[code]);
	return new Tensor(storage, dtype, shape);
}

function readHeader(bytes: Uint8Array) {
	if (bytes.length < LENGTH_SIZE) {
		throw new FormatError("decodeSafetensors: the file is cut off before its header");
	}
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const length = view.getBigUint64(0, true);
	if (length > LONGEST_HEADER || LENGTH_SIZE + Number(length) > bytes.length) {
		throw new FormatError(
			`decodeSafetensors: expected a header within the file's ${bytes.length} bytes, got one of ${length} bytes`,
		);
	}
	const start = LENGTH_SIZE + Number(length);
	return {
		...parseSafetensorsHeader(bytes.subarray(LENGTH_SIZE, start), bytes.length - start),
		start,
	};
}

/**
 * The bytes of a safetensors file that holds these tensors under these names.
 * @throws FormatError for a tensor named `__metadata__`, which the format keeps for itself, and for
 * names and metadata that are no text
 * @throws DTypeError for a number that the type in `floats` does not hold
 */
export function encodeSafetensors(
	tensors: Readonly<Record<string, Tensor>>,
	metadata: Readonly<Record<string, string>> = {},
	options: FloatOptions = {},
): Uint8Array {
	checkArgument("encodeSafetensors", "the tensors", tensors, structure);
	checkArgument("encodeSafetensors", "the metadata", metadata, structure);
	if (Object.hasOwn(tensors, METADATA)) {
		throw new FormatError(`encodeSafetensors: no tensor may be called ${METADATA}`);
	}
	checkTexts([...Object.keys(tensors), ...Object.entries(metadata).flat()]);
	// Then by name, as the reference implementation does.
	const rank = (type: DType | HalfFloat) => Object.keys(WRITTEN).indexOf(type);
	const sorted = Object.entries(tensors)
		.map(([name, x]) => ({
			name,
			x,
			type: writtenType("encodeSafetensors", x, options, ["float16", "bfloat16"]),
		}))
		.sort((a, b) => rank(a.type) - rank(b.type) || (a.name < b.name ? -1 : 1));
	const header: [string, unknown][] =
		Object.keys(metadata).length === 0 ? [] : [[METADATA, metadata]];
	let end = 0;
	for (const { name, x, type } of sorted) {
		const begin = end;
		end += x.size * ELEMENT_TYPES[type].array.BYTES_PER_ELEMENT;
		header.push([name, { dtype: WRITTEN[type], shape: x.shape, data_offsets: [begin, end] }]);
	}
	const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
	if (text.length > LONGEST_HEADER) {
		throw new FormatError(
			`encodeSafetensors: expected names and metadata of at most ${LONGEST_HEADER} bytes, got ${text.length}; ` +
				"numbers take less space in tensors",
		);
	}
	const start = LENGTH_SIZE + Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
	const bytes = new Uint8Array(start + end).fill(" ".charCodeAt(0), 0, start);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(start - LENGTH_SIZE), true);
	bytes.set(text, LENGTH_SIZE);
	let at = start;
	for (const { name, x, type } of sorted) {
		const part = encodeElements(`encodeSafetensors: ${shortJson(name)}`, elements(x), type);
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

/**
 * Half of a surrogate pair is no text: the reference implementation would refuse the file.
 * @throws FormatError for a text with one, and for what is no text
 */
function checkTexts(texts: readonly string[]): void {
	const wrong = texts.find((text) => typeof text !== "string" || /\p{Surrogate}/u.test(text));
	if (wrong === undefined) return;
	throw new FormatError(
		`encodeSafetensors: expected names and metadata to be strings of valid Unicode, got ${shortJson(wrong)}`,
	);
}
