import { BYTES, type DType } from "../core/dtype.ts";
import { FormatError } from "../core/error.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { decodeElements, ELEMENT_TYPES, encodeElements } from "./element-types.ts";
import { CODES, METADATA, parseHeader } from "./safetensors-header.ts";

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
const WRITTEN: Readonly<Record<DType, string>> = {
	float64: "F64",
	float32: "F32",
	int32: "I32",
	bool: "BOOL",
};

/**
 * The tensors in the bytes of a safetensors file. float64, float32 and bool stay what they are,
 * float16 and bfloat16 become float32, integers become int32.
 * @throws FormatError when the bytes are damaged or hostile: cut off, no JSON, offsets that
 * overlap, leave gaps, lie outside of the file or do not fit the shape
 * @throws DTypeError when an integer does not fit into int32
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
	const { entries, metadata, start } = readHeader(bytes);
	const tensors = entries.map(({ name, code, shape, begin, end }) => {
		const part = bytes.subarray(start + begin, start + end);
		const type = CODES[code];
		const storage = decodeElements(`decodeSafetensors: "${name}"`, part, type);
		return [name, new Tensor(storage, ELEMENT_TYPES[type].dtype, shape)] as const;
	});
	return { tensors: Object.fromEntries(tensors), metadata };
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
	return { ...parseHeader(bytes.subarray(LENGTH_SIZE, start), bytes.length - start), start };
}

/**
 * The bytes of a safetensors file that holds these tensors under these names.
 * @throws FormatError for a tensor named `__metadata__`, which the format keeps for itself
 */
export function encodeSafetensors(
	tensors: Readonly<Record<string, Tensor>>,
	metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
	if (Object.hasOwn(tensors, METADATA)) {
		throw new FormatError(`encodeSafetensors: no tensor may be called ${METADATA}`);
	}
	// Then by name, as the reference implementation does.
	const rank = (x: Tensor) => Object.keys(WRITTEN).indexOf(x.dtype);
	const sorted = Object.entries(tensors).sort(
		([a, x], [b, y]) => rank(x) - rank(y) || (a < b ? -1 : 1),
	);
	const header: [string, unknown][] =
		Object.keys(metadata).length === 0 ? [] : [[METADATA, metadata]];
	let end = 0;
	for (const [name, x] of sorted) {
		const begin = end;
		end += x.size * BYTES[x.dtype];
		header.push([name, { dtype: WRITTEN[x.dtype], shape: x.shape, data_offsets: [begin, end] }]);
	}
	const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
	const start = LENGTH_SIZE + Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
	const bytes = new Uint8Array(start + end).fill(" ".charCodeAt(0), 0, start);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(start - LENGTH_SIZE), true);
	bytes.set(text, LENGTH_SIZE);
	let at = start;
	for (const [, x] of sorted) {
		const part = encodeElements(elements(x));
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}
