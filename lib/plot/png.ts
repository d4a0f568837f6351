import { crc32 } from "../io/crc32.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** The colour types of the format, by the number of channels. */
const COLOUR_TYPE = { 1: 0, 3: 2 } as const;
/** The longest block that deflate stores without compressing. */
const LONGEST_BLOCK = 0xffff;

/**
 * The bytes of a PNG file: pixels row by row, a byte a channel, grey or red, green and blue. Not
 * compressed: the pictures are small (W3C, "Portable Network Graphics Specification"; RFC 1950 and
 * 1951 for the stored blocks).
 */
export function encodePng(
	pixels: Uint8Array,
	width: number,
	height: number,
	channels: 1 | 3,
): Uint8Array {
	const header = new Uint8Array(13);
	const view = new DataView(header.buffer);
	view.setUint32(0, width);
	view.setUint32(4, height);
	header.set([8, COLOUR_TYPE[channels]], 8);
	// Each row begins with the number of its filter; 0 is none.
	const row = width * channels;
	const rows = new Uint8Array(height * (row + 1));
	for (let y = 0; y < height; y++) {
		rows.set(pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
	}
	return Uint8Array.from([
		...SIGNATURE,
		...chunk("IHDR", header),
		...chunk("IDAT", stored(rows)),
		...chunk("IEND", new Uint8Array(0)),
	]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(data.length + 12);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, data.length);
	for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
	bytes.set(data, 8);
	view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
	return bytes;
}

/** A zlib stream that stores its bytes as they are. */
function stored(data: Uint8Array): Uint8Array {
	const blocks = Math.max(1, Math.ceil(data.length / LONGEST_BLOCK));
	const bytes = new Uint8Array(2 + blocks * 5 + data.length + 4);
	const view = new DataView(bytes.buffer);
	bytes.set([0x78, 0x01]);
	let at = 2;
	for (let block = 0; block < blocks; block++) {
		const part = data.subarray(block * LONGEST_BLOCK, (block + 1) * LONGEST_BLOCK);
		bytes[at] = block === blocks - 1 ? 1 : 0;
		view.setUint16(at + 1, part.length, true);
		view.setUint16(at + 3, ~part.length, true);
		bytes.set(part, at + 5);
		at += 5 + part.length;
	}
	view.setUint32(at, adler32(data));
	return bytes;
}

function adler32(bytes: Uint8Array): number {
	let [a, b] = [1, 0];
	for (let i = 0; i < bytes.length; i++) {
		a = (a + bytes[i]!) % 65521;
		b = (b + a) % 65521;
	}
	return b * 65536 + a;
}
