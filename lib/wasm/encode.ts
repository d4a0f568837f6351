// The bytes of a WebAssembly module: https://webassembly.github.io/spec/core/binary/

/** Bytes of code or of a section, to be joined to others. */
export type Bytes = readonly number[];

/** An unsigned whole number below 2³² in LEB128: seven bits a byte, the lowest first. */
export function unsigned(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	while (rest > 0x7f) {
		bytes.push((rest & 0x7f) | 0x80);
		rest = Math.floor(rest / 128);
	}
	return [...bytes, rest];
}

/** A signed whole number of up to 64 bits in LEB128. */
export function signed(value: number | bigint): number[] {
	const bytes: number[] = [];
	let rest = BigInt(value);
	// The sixth bit of the last byte is the sign.
	while (rest < -64n || rest > 63n) {
		bytes.push(Number(rest & 0x7fn) | 0x80);
		rest >>= 7n;
	}
	return [...bytes, Number(rest & 0x7fn)];
}

/** The four bytes of a float32. */
export function float32(value: number): number[] {
	return [...new Uint8Array(Float32Array.of(value).buffer)];
}

/** The eight bytes of a float64. */
export function float64(value: number): number[] {
	return [...new Uint8Array(Float64Array.of(value).buffer)];
}

/** A name: its length in UTF-8, then its bytes. */
export function text(value: string): number[] {
	const bytes = new TextEncoder().encode(value);
	return [...unsigned(bytes.length), ...bytes];
}

/** A list of encoded items: how many, then each. */
export function list(items: readonly Bytes[]): number[] {
	return [...unsigned(items.length), ...items.flat()];
}

/** What comes before its own length: a section after its number, the body of a function. */
export function sized(bytes: Bytes): number[] {
	return [...unsigned(bytes.length), ...bytes];
}

/** The numbers of the sections that are written here, in the order that a module has them. */
const SECTIONS = { types: 1, imports: 2, functions: 3, memories: 5, exports: 7, code: 10 };

/** The items of each section that a module has. */
export type Sections = { readonly [Name in keyof typeof SECTIONS]?: readonly Bytes[] };

/** A whole module from the items of its sections. */
export function encodeModule(sections: Sections): Uint8Array<ArrayBuffer> {
	const magic = [...new TextEncoder().encode("\0asm"), 1, 0, 0, 0];
	const written = (Object.keys(SECTIONS) as (keyof typeof SECTIONS)[])
		.filter((name) => (sections[name]?.length ?? 0) > 0)
		.flatMap((name) => [SECTIONS[name], ...sized(list(sections[name]!))]);
	return Uint8Array.from([...magic, ...written]);
}
