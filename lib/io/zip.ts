import { deflateRawSync, inflateRawSync } from "node:zlib";
import { FormatError, ShapeError } from "../core/error.ts";
import { crc32 } from "./crc32.ts";

// The parts of the zip format that archives of arrays use: stored and deflated entries, zip64, no
// encryption (PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", version 6.3.10).

const LOCAL = { signature: 0x04034b50, size: 30 };
const CENTRAL = { signature: 0x02014b50, size: 46 };
const END = { signature: 0x06054b50, size: 22 };
const END64 = { signature: 0x06064b50, size: 56 };
const LOCATOR64 = { signature: 0x07064b50, size: 20 };
const ZIP64_FIELD = 1;
const STORED = 0;
const DEFLATED = 8;
/** In place of a number that stands in the zip64 field. */
const ELSEWHERE = 0xffffffff;
const UTF8_NAMES = 1 << 11;
const ENCRYPTED = 1;
/** 1 January 1980, the first day there is: the same contents give the same bytes. */
const NO_DATE = 0x21;
/** The longest comment that may stand behind the end record. */
const MOST_COMMENT = 0xffff;
/** The longest name, in bytes. */
const LONGEST_NAME = 0xffff;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A file in an archive. */
export interface ZipFile {
	readonly name: string;
	/**
	 * Its contents.
	 * @throws FormatError when they are damaged, encrypted, or compressed by another way than deflate
	 */
	read(): Uint8Array;
}

interface Entry {
	readonly name: string;
	readonly encrypted: boolean;
	readonly method: number;
	readonly crc: number;
	readonly compressed: number;
	readonly size: number;
	readonly offset: number;
}

/**
 * The files in a zip archive, in the order of its directory. Their contents are not looked at yet.
 * @throws FormatError when the directory is damaged
 */
export function openZip(op: string, bytes: Uint8Array): ZipFile[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const entries = inside(op, () => readDirectory(op, view));
	const stored = entries.reduce((total, entry) => total + entry.compressed, 0);
	if (stored > bytes.length) throw damaged(op, "files overlap");
	return entries.map((entry) => ({
		name: entry.name,
		read: () => inside(op, () => readFile(op, view, entry)),
	}));
}

function inside<T>(op: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		// A DataView says so when an offset lies outside of the bytes.
		if (error instanceof RangeError) throw damaged(op, "an offset lies outside of the file");
		throw error;
	}
}

function damaged(op: string, why: string): FormatError {
	return new FormatError(`${op}: the zip archive is damaged: ${why}`);
}

function uint64(op: string, view: DataView, at: number): number {
	const value = Number(view.getBigUint64(at, true));
	if (!Number.isSafeInteger(value)) throw damaged(op, `a size of ${value} is too large`);
	return value;
}

function readDirectory(op: string, view: DataView): Entry[] {
	const end = findEnd(op, view);
	let count = view.getUint16(end + 10, true);
	let at = view.getUint32(end + 16, true);
	const locator = end - LOCATOR64.size;
	if (locator >= 0 && view.getUint32(locator, true) === LOCATOR64.signature) {
		const end64 = uint64(op, view, locator + 8);
		if (view.getUint32(end64, true) !== END64.signature) throw damaged(op, "zip64 without its end");
		count = uint64(op, view, end64 + 32);
		at = uint64(op, view, end64 + 48);
	}
	if (count * CENTRAL.size > view.byteLength) throw damaged(op, `${count} files are too many`);
	const entries: Entry[] = [];
	for (let i = 0; i < count; i++) {
		if (view.getUint32(at, true) !== CENTRAL.signature)
			throw damaged(op, "the directory breaks off");
		const nameLength = view.getUint16(at + 28, true);
		const extraLength = view.getUint16(at + 30, true);
		entries.push(readEntry(op, view, at, nameLength, extraLength));
		at += CENTRAL.size + nameLength + extraLength + view.getUint16(at + 32, true);
	}
	return entries;
}

function findEnd(op: string, view: DataView): number {
	const last = view.byteLength - END.size;
	for (let at = last; at >= 0 && at >= last - MOST_COMMENT; at--) {
		const found = view.getUint32(at, true) === END.signature;
		if (found && view.getUint16(at + 20, true) === last - at) return at;
	}
	throw new FormatError(`${op}: expected a zip archive, found no end of a directory`);
}

function readEntry(
	op: string,
	view: DataView,
	at: number,
	nameLength: number,
	extraLength: number,
): Entry {
	const name = decoder.decode(bytesAt(op, view, at + CENTRAL.size, nameLength));
	const numbers = [24, 20, 42].map((place) => view.getUint32(at + place, true));
	// Those that do not fit into 32 bits stand in the zip64 field, in this order.
	let wide = numbers.includes(ELSEWHERE)
		? zip64Field(op, view, at + CENTRAL.size + nameLength, extraLength)
		: 0;
	const [size, compressed, offset] = numbers.map((value) => {
		if (value !== ELSEWHERE) return value;
		wide += 8;
		return uint64(op, view, wide - 8);
	});
	return {
		name,
		encrypted: (view.getUint16(at + 8, true) & ENCRYPTED) !== 0,
		method: view.getUint16(at + 10, true),
		crc: view.getUint32(at + 16, true),
		compressed: compressed!,
		size: size!,
		offset: offset!,
	};
}

/** Where the numbers of the zip64 field begin. */
function zip64Field(op: string, view: DataView, start: number, length: number): number {
	for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
		if (view.getUint16(at, true) === ZIP64_FIELD) return at + 4;
	}
	throw damaged(op, "the zip64 sizes are missing");
}

function bytesAt(op: string, view: DataView, at: number, length: number): Uint8Array {
	if (at + length > view.byteLength) throw damaged(op, "it is cut off");
	return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

function readFile(op: string, view: DataView, entry: Entry): Uint8Array {
	const { name, encrypted, method, crc, compressed, size, offset } = entry;
	if (encrypted) throw new FormatError(`${op}: "${name}" is encrypted, which is not read`);
	if (view.getUint32(offset, true) !== LOCAL.signature) {
		throw damaged(op, `"${name}" is not where the directory says`);
	}
	const start =
		offset + LOCAL.size + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
	const raw = bytesAt(op, view, start, compressed);
	if (method !== STORED && method !== DEFLATED) {
		throw new FormatError(
			`${op}: "${name}" is compressed by method ${method}; only stored and deflated files are read`,
		);
	}
	const contents = method === STORED ? raw : inflate(op, name, raw, size);
	if (contents.length !== size) throw damaged(op, `"${name}" is not of the size it should be`);
	if (crc32(contents) !== crc) throw damaged(op, `the checksum of "${name}" is wrong`);
	return contents;
}

/** Never more than the size that the directory gives: a small file cannot fill the memory. */
function inflate(op: string, name: string, raw: Uint8Array, size: number): Uint8Array {
	try {
		return inflateRawSync(raw, { maxOutputLength: Math.max(1, size) });
	} catch {
		throw damaged(op, `"${name}" cannot be inflated`);
	}
}

/**
 * A zip archive of these files; the same files give the same bytes.
 * @throws ShapeError for more than an archive without zip64 can hold: 65,535 files, 4 GiB
 * @throws FormatError for a name that cannot be written
 */
export function encodeZip(
	op: string,
	files: readonly (readonly [name: string, contents: Uint8Array])[],
	compress: boolean,
): Uint8Array {
	const parts: Uint8Array[] = [];
	const directory: Uint8Array[] = [];
	let offset = 0;
	for (const [name, contents] of files) {
		const encodedName = encodeName(op, name);
		const raw = compress ? deflateRawSync(contents) : contents;
		const method = compress ? DEFLATED : STORED;
		const described = [20, UTF8_NAMES, method, 0, NO_DATE] as const;
		const sizes = [crc32(contents), raw.length, contents.length] as const;
		const local = record(LOCAL, [...described], [...sizes], [encodedName.length, 0]);
		directory.push(
			record(
				CENTRAL,
				[20, ...described],
				[...sizes],
				[encodedName.length, 0, 0, 0, 0],
				[0, offset],
			),
			encodedName,
		);
		parts.push(local, encodedName, raw);
		offset += local.length + encodedName.length + raw.length;
	}
	const directorySize = directory.reduce((total, part) => total + part.length, 0);
	if (files.length > 0xffff || offset + directorySize >= ELSEWHERE) {
		throw new ShapeError(
			`${op}: expected at most 65535 tensors of 4 GiB in all; save the tensors in several files`,
		);
	}
	const count = files.length;
	const end = record(END, [0, 0, count, count], [directorySize, offset], [0]);
	return join([...parts, ...directory, end]);
}

/**
 * A name in UTF-8.
 * @throws FormatError for one that would be another when it is read
 */
function encodeName(op: string, name: string): Uint8Array {
	const bytes = new TextEncoder().encode(name);
	if (bytes.length > LONGEST_NAME || decoder.decode(bytes) !== name) {
		const got = bytes.length > LONGEST_NAME ? `${bytes.length} bytes` : JSON.stringify(name);
		throw new FormatError(
			`${op}: expected a name that is valid Unicode of at most ${LONGEST_NAME} bytes, got ${got}`,
		);
	}
	return bytes;
}

/** A record of its signature and little-endian numbers: groups of 2 bytes and of 4 in turn. */
function record(kind: { signature: number; size: number }, ...groups: number[][]): Uint8Array {
	const bytes = new Uint8Array(kind.size);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, kind.signature, true);
	let at = 4;
	for (const [i, group] of groups.entries()) {
		for (const value of group) {
			if (i % 2 === 0) view.setUint16(at, value, true);
			else view.setUint32(at, value, true);
			at += i % 2 === 0 ? 2 : 4;
		}
	}
	return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
	const out = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
}
