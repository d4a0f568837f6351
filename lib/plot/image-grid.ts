import * as kind from "../core/argument-kinds.ts";
import { DomainError, ShapeError } from "../core/error.ts";
import { checkArgument, checkOptions, isTensor, type OptionKinds } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { encodePng } from "./png.ts";
import { digits, label, svg } from "./svg.ts";

/** How a grid of images is drawn. */
export interface ImageGridOptions {
	readonly title?: string;
	/** What stands below each image. */
	readonly labels?: readonly string[];
	/** How many images stand beside each other; left out: 10. */
	readonly columns?: number;
	/** How many pixels of the screen a pixel takes along each side; left out: 3. */
	readonly scale?: number;
	/**
	 * The values shown as black and as white, in colour each channel; left out: the least and the
	 * greatest of all.
	 */
	readonly range?: readonly [black: number, white: number];
}

const IMAGE_GRID_OPTIONS: OptionKinds<ImageGridOptions> = {
	title: kind.aString,
	labels: kind.strings,
	columns: kind.number,
	scale: kind.number,
	range: kind.pair,
};

const GAP = 6;
const LINE = 16;

/**
 * Images in a grid, as the text of an SVG file: grey ones of shape (N×height×width), colours of
 * shape (N×height×width×3). Values beyond the range are shown as black or white; NaN as black.
 * @throws ShapeError for a tensor of another shape
 * @throws DomainError when columns or scale are not positive
 */
export function imageGrid(images: Tensor, options?: ImageGridOptions): string {
	const given = checkOptions("imageGrid", options, IMAGE_GRID_OPTIONS);
	const { title, labels, columns = 10, scale = 3, range } = given;
	checkArgument("imageGrid", "the images", images, { expected: "a tensor", holds: isTensor });
	const channels = images.rank === 4 ? images.shape[3] : 1;
	if ((images.rank !== 3 && images.rank !== 4) || (channels !== 1 && channels !== 3)) {
		throw new ShapeError(
			`imageGrid: expected images of shape (N×height×width) or (N×height×width×3), got ${showShape(images.shape)}`,
		);
	}
	if (!(columns >= 1 && scale > 0)) {
		throw new DomainError(
			`imageGrid: expected at least 1 column and a positive scale, got ${columns} and ${scale}`,
		);
	}
	const [count, height, width] = images.shape as [number, number, number];
	const pixels = toBytes(images, range);
	const size = height * width * channels;
	const [cellWidth, cellHeight] = [
		width * scale + GAP,
		height * scale + GAP + (labels === undefined ? 0 : LINE),
	];
	const top = title === undefined ? GAP : GAP + 2 * LINE;
	const parts = Array.from({ length: count }, (_, i) => {
		const left = GAP + (i % columns) * cellWidth;
		const y = top + Math.floor(i / columns) * cellHeight;
		const png = encodePng(pixels.subarray(i * size, (i + 1) * size), width, height, channels);
		return [
			`<image x="${digits(left)}" y="${digits(y)}" width="${digits(width * scale)}" height="${digits(height * scale)}" style="image-rendering:pixelated" href="data:image/png;base64,${base64(png)}"/>`,
			...(labels?.[i] === undefined
				? []
				: [label(labels[i], left + (width * scale) / 2, y + height * scale + LINE - 3, "middle")]),
		].join("\n");
	});
	return svg(
		GAP + Math.min(columns, Math.max(1, count)) * cellWidth,
		top + Math.ceil(count / columns) * cellHeight,
		title ?? `${count} images`,
		[...(title === undefined ? [] : [label(title, GAP, 22, "start", "title")]), ...parts],
	);
}

function toBytes(images: Tensor, range: ImageGridOptions["range"]): Uint8Array {
	const values = elements(images);
	const [black, white] = range ?? extremes(values);
	// Clamped on assignment; NaN becomes 0.
	const bytes = new Uint8ClampedArray(values.length);
	const spread = white === black ? 1 : white - black;
	for (let i = 0; i < values.length; i++) bytes[i] = (255 * (values[i]! - black)) / spread;
	return new Uint8Array(bytes.buffer);
}

function extremes(values: ArrayLike<number>): [least: number, greatest: number] {
	let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (let i = 0; i < values.length; i++) {
		const value = values[i]!;
		if (!Number.isFinite(value)) continue;
		least = Math.min(least, value);
		greatest = Math.max(greatest, value);
	}
	return [least, greatest];
}

function base64(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
}
