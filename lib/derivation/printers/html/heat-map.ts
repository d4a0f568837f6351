import { elements } from "../../../core/strided.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { escaped } from "./text.ts";
import type { PageWords } from "./words.ts";

/** So much of a tensor is drawn, from its first element on. */
const MOST_ROWS = 16;
const MOST_COLUMNS = 32;

/** How large an element is drawn, and how wide and high all of them may be, in pixels. */
const CELL = { least: 3, most: 9 };
const WIDTH = 120;
const HEIGHT = 72;

/** The hues of negative and positive numbers, that of 0 between them, and that of NaN. */
const NEGATIVE = [31, 95, 168];
const ZERO = [244, 242, 237];
const POSITIVE = [194, 84, 20];
const NAN = [128, 128, 128];

/** The index of 0 in the palette; NaN comes after the 2 · MIDDLE + 1 shades. */
const MIDDLE = 7;

/**
 * A tensor as a picture: a small square for each element, blue below 0 and orange above, the deeper
 * the greater its absolute value against the greatest. Leading axes follow each other downwards.
 */
export function heatMap(x: Tensor, words: PageWords): string {
	if (x.size < 2) return "";
	const width = x.shape.at(-1)!;
	const height = x.size / width;
	const [columns, rows] = [Math.min(width, MOST_COLUMNS), Math.min(height, MOST_ROWS)];
	const isPart = columns < width || rows < height;
	const image = bitmap(shadesOf(x, rows, columns), rows, columns);
	const room = Math.floor(Math.min(WIDTH / columns, HEIGHT / rows));
	const cell = Math.max(CELL.least, Math.min(CELL.most, room));
	const label = escaped(isPart ? words.heatMapOfPart(rows, columns) : words.heatMap);
	return `<img class="heat" width="${cell * columns}" height="${cell * rows}" src="data:image/bmp;base64,${image}" alt="${label}" title="${label}">`;
}

/** The index in the palette of each element that is drawn, row by row. */
function shadesOf(x: Tensor, rows: number, columns: number): Uint8Array {
	const values = elements(x);
	const width = x.shape.at(-1)!;
	let most = 0;
	for (const value of values) {
		if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
	}
	const shades = new Uint8Array(rows * columns);
	for (let i = 0; i < rows; i++) {
		for (let j = 0; j < columns; j++) {
			const share = values[i * width + j]! / (most || 1);
			const isUnknown = Number.isNaN(share);
			const shade = Math.round(MIDDLE * (1 + Math.max(-1, Math.min(1, share))));
			shades[i * columns + j] = isUnknown ? 2 * MIDDLE + 1 : shade;
		}
	}
	return shades;
}

/**
 * A bitmap of 16 colours, a half byte a pixel, in base64.
 * Source: the layout of BITMAPFILEHEADER and BITMAPINFOHEADER, as Microsoft documents them.
 */
function bitmap(shades: Uint8Array, rows: number, columns: number): string {
	const stride = 4 * Math.ceil(columns / 8);
	const start = 14 + 40 + 4 * 16;
	const bytes = new Uint8Array(start + stride * rows);
	const view = new DataView(bytes.buffer);
	bytes.set([0x42, 0x4d]);
	view.setUint32(2, bytes.length, true);
	view.setUint32(10, start, true);
	view.setUint32(14, 40, true);
	view.setInt32(18, columns, true);
	// Below 0: the first row is the topmost.
	view.setInt32(22, -rows, true);
	view.setUint16(26, 1, true);
	view.setUint16(28, 4, true);
	for (let i = 0; i < 16; i++) bytes.set([...colour(i)].reverse(), 54 + 4 * i);
	for (let i = 0; i < rows; i++) {
		for (let j = 0; j < columns; j++) {
			bytes[start + i * stride + (j >> 1)]! |= shades[i * columns + j]! << (j % 2 === 0 ? 4 : 0);
		}
	}
	return btoa(String.fromCharCode(...bytes));
}

/** Red, green and blue of an entry of the palette. */
function colour(index: number): readonly number[] {
	if (index > 2 * MIDDLE) return NAN;
	const depth = Math.abs(index - MIDDLE) / MIDDLE;
	const end = index < MIDDLE ? NEGATIVE : POSITIVE;
	return end.map((part, i) => Math.round(ZERO[i]! + (part - ZERO[i]!) * depth));
}
