// The bytes of a WebAssembly module: https://webassembly.github.io/spec/core/binary/

/** Bytes of code or of a section, to be joined to others. */
export type Bytes = readonly number[];

/** Bytes one after the other. */
export function joinBytes(parts: readonly Bytes[]): number[] {
	// A module is made of little else: flat() takes twenty times as long, and pushing the bytes one
	// by one three times.
	const bytes = new Array<number>(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) at = copyBytes(part, bytes, at);
	return bytes;
}

/** Copies bytes to a place among others; returns where they end. */
export function copyBytes(from: Bytes, to: number[], at: number): number {
	let end = at;
	for (let i = 0; i < from.length; i++) to[end++] = from[i]!;
	return end;
}

/** An unsigned whole number below 2³² in LEB128: seven bits a byte, the lowest first. */
export function unsigned(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	while (rest > 0x7f) {
		bytes.push((rest & 0x7f) | 0x80);
		rest = Math.floor(rest / 128);
	}
	bytes.push(rest);
	return bytes;
}

/** A signed whole number of 32 bits in LEB128. */
export function signed32(value: number): number[] {
	const bytes: number[] = [];
	let rest = value | 0;
	// The sixth bit of the last byte is the sign.
	while (rest < -64 || rest > 63) {
		bytes.push((rest & 0x7f) | 0x80);
		rest >>= 7;
	}
	bytes.push(rest & 0x7f);
	return bytes;
}

/** A signed whole number of 64 bits in LEB128. */
export function signed64(value: bigint): number[] {
	const bytes: number[] = [];
	let rest = value;
	while (rest < -64n || rest > 63n) {
		bytes.push(Number(rest & 0x7fn) | 0x80);
		rest >>= 7n;
	}
	bytes.push(Number(rest & 0x7fn));
	return bytes;
}

/** The four bytes of a float32. */
export function float32(value: number): number[] {
	floats.setFloat32(0, value, true);
	return bytesOfFloat(4);
}

/** The eight bytes of a float64. */
export function float64(value: number): number[] {
	floats.setFloat64(0, value, true);
	return bytesOfFloat(8);
}

/** Where a float becomes bytes. */
const floats = new DataView(new ArrayBuffer(8));

function bytesOfFloat(count: number): number[] {
	return Array.from({ length: count }, (_, i) => floats.getUint8(i));
}

const utf8 = /* @__PURE__ */ new TextEncoder();

/** A name: its length in UTF-8, then its bytes. */
export function text(value: string): number[] {
	return sized([...utf8.encode(value)]);
}

/** A list of encoded items: how many, then each. */
export function list(items: readonly Bytes[]): number[] {
	return joinBytes([unsigned(items.length), ...items]);
}

/** What comes before its own length: a section after its number, the body of a function. */
export function sized(bytes: Bytes): number[] {
	return joinBytes([unsigned(bytes.length), bytes]);
}

/** The numbers of the sections that are written here, in the order that a module has them. */
const SECTIONS = { types: 1, imports: 2, functions: 3, memories: 5, exports: 7, code: 10 };

/** What every module begins with, and the version. */
const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** The items of each section that a module has. */
export type Sections = { readonly [Name in keyof typeof SECTIONS]?: readonly Bytes[] };

/** A whole module from the items of its sections. */
export function encodeModule(sections: Sections): Uint8Array<ArrayBuffer> {
	const names = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];
	const written = names
		.filter((name) => (sections[name]?.length ?? 0) > 0)
		.map((name) => joinBytes([[SECTIONS[name]], sized(list(sections[name]!))]));
	return Uint8Array.from(joinBytes([MAGIC, ...written]));
}
