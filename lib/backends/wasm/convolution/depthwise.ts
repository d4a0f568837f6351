import type { ModuleBuilder } from "../../../asm/assembler.ts";
import type { FunctionBuilder, Local } from "../../../asm/function.ts";
import { memory } from "../../../asm/memory.ts";
import { i32, select } from "../../../asm/scalar.ts";
import { addProduct, type FloatVector, storePart, type Tiles } from "../../../asm/tile.ts";
import type { Geometry } from "../../../core/geometry.ts";
import type { Convolution, Wanted } from "../../../schedule/kernel.ts";
import { loadApart } from "../elementwise/strided-vector.ts";
import type { EpilogueCode } from "../products/product.ts";
import type { ConvolutionFunction } from "./convolution.ts";
import { sizes } from "./window-blocks.ts";
import { eachVector } from "./windows.ts";

// A convolution of each channel by itself has one product for each pixel of a window, too few to be
// worth gathering windows. A tile of the result is summed in registers from the image itself, or,
// where windows reach beyond it, from a copy with zeros around it. For steps of one pixel the image
// that belongs to a result is the same with the filter the other way round.

/** Vectors of the result that are summed side by side. */
const SUMS = 8;
/** The tile has code for each element of a filter; there are at most so many. */
const MOST_ELEMENTS = 64;

/** A convolution of channels by themselves, whose filter may be read from its end. */
export interface Depthwise extends Convolution {
	readonly flips: boolean;
}

/** What computes this tensor of a convolution; null where another way is taken. */
export function depthwiseFor(convolution: Convolution, wanted: Wanted): Depthwise | null {
	const { perIn, perOut } = sizes(convolution);
	if (perIn !== 1 || perOut !== 1 || wanted === "filter") return null;
	const flips = wanted === "image";
	if (flips && convolution.geometry.stride.some((step) => step > 1)) return null;
	const geometry = flips ? transposed(convolution.geometry) : convolution.geometry;
	const { filter, result, before } = geometry;
	const isFit =
		filter[0] * filter[1] <= MOST_ELEMENTS &&
		result[0] > 0 &&
		result[1] >= sizes(convolution).type.lanes &&
		before.every((count) => count >= 0);
	return isFit ? { ...convolution, geometry, flips } : null;
}

/** How windows lie over a result from which the image is computed. */
function transposed(geometry: Geometry): Geometry {
	const { image, filter, result, dilation, before } = geometry;
	const outside = (axis: 0 | 1) => (filter[axis] - 1) * dilation[axis] - before[axis];
	return { ...geometry, image: result, result: image, before: [outside(0), outside(1)] };
}

/** Its parts, a channel of a sample each, and the bytes of scratch memory. */
export function depthwiseWork(convolution: Depthwise) {
	const { plane, isPadded } = planeOf(convolution);
	const { type } = sizes(convolution);
	const bytes = isPadded ? 16 * Math.ceil((plane[0] * plane[1] * type.bytes) / 16) : 0;
	return { parts: convolution.samples * convolution.inputs, scratch: bytes };
}

/** The rows and columns that windows reach, and whether they are others than those of the image. */
function planeOf({ geometry }: Convolution) {
	const { image, filter, result, stride, dilation, before } = geometry;
	const reached = ([0, 1] as const).map(
		(axis) => (result[axis] - 1) * stride[axis] + (filter[axis] - 1) * dilation[axis] + 1,
	) as [number, number];
	const isPadded = reached.some((size, axis) => before[axis]! > 0 || size > image[axis]!);
	return { plane: isPadded ? reached : image, isPadded };
}

/**
 * Defines such a convolution, with the parameters of any: the tensor that windows lie over, the
 * filters, what is wanted, and so on.
 */
export function defineDepthwise(
	m: ModuleBuilder,
	name: string,
	convolution: Depthwise,
	tiles: Tiles,
	epilogue?: EpilogueCode,
): ConvolutionFunction {
	const { geometry, inputs } = convolution;
	const { type, pixels, columns } = sizes(convolution);
	const { isPadded } = planeOf(convolution);
	const elements = geometry.filter[0] * geometry.filter[1];
	const params = Array.from({ length: 6 + (epilogue?.others ?? 0) }, () => "i32" as const);
	return m.define(name, params, "none", (f, ...locals) => {
		const [images, filters, results] = locals as [Local<"i32">, Local<"i32">, Local<"i32">];
		const [scratch, from, to] = locals.slice(-3) as [Local<"i32">, Local<"i32">, Local<"i32">];
		// The border stays 0 while one channel after the other is copied inside of it.
		if (isPadded) f.do(memory.fill(scratch, 0, depthwiseWork(convolution).scratch));
		f.for(from, to, 1, (part) => {
			const image = f.let(i32.add(images, i32.mul(part, pixels * type.bytes)));
			const channel = i32.rem(part, inputs);
			const filter = f.let(i32.add(filters, i32.mul(channel, elements * type.bytes)));
			const result = f.let(i32.add(results, i32.mul(part, columns * type.bytes)));
			if (isPadded) emitCopy(f, convolution, image, scratch);
			const plane = isPadded ? scratch : image;
			const finish = epilogue?.begin(f, result, locals.slice(3, -3));
			emitTiles(f, convolution, tiles, { plane, filter, result }, finish);
		});
	});
}

/** Copies what windows reach of a channel to the middle of a plane. */
function emitCopy(
	f: FunctionBuilder,
	convolution: Convolution,
	image: Local<"i32">,
	plane: Local<"i32">,
): void {
	const { type } = sizes(convolution);
	const { image: given, before } = convolution.geometry;
	const [height, width] = planeOf(convolution).plane;
	const [rows, count] = [
		Math.min(given[0], height - before[0]),
		Math.min(given[1], width - before[1]),
	];
	if (count <= 0) return;
	const source = f.let(image);
	const target = f.let(i32.add(plane, (before[0] * width + before[1]) * type.bytes));
	f.for(0, rows, 1, () => {
		eachVector(f, type, count, target, source, 1, (cell, pixel, at, { lanes }) => {
			const x = f.let(loadApart(type, pixel, at, 1, lanes));
			storePart(f, type, cell, at * type.bytes, x, lanes);
		});
		f.set(source, i32.add(source, given[1] * type.bytes));
		f.set(target, i32.add(target, width * type.bytes));
	});
}

/** Where a channel lies, its filter and its result. */
interface Places {
	readonly plane: Local<"i32">;
	readonly filter: Local<"i32">;
	readonly result: Local<"i32">;
}

/** Computes a result by tiles; the last ones of a row and of a column overlap those before. */
function emitTiles(
	f: FunctionBuilder,
	convolution: Depthwise,
	{ fused }: Tiles,
	{ plane, filter, result }: Places,
	finish: ReturnType<EpilogueCode["begin"]> | undefined,
): void {
	const { type } = sizes(convolution);
	const { result: whole, stride } = convolution.geometry;
	const [, pitch] = planeOf(convolution).plane;
	const { rows, columns, vectors } = tileOf(type, whole);
	eachTile(f, whole[0], rows, (top) => {
		eachTile(f, whole[1], columns, (left) => {
			const first = i32.add(i32.mul(top, stride[0] * pitch), i32.mul(left, stride[1]));
			const pixel = f.let(i32.add(plane, i32.mul(first, type.bytes)));
			const sums = emitSums(f, convolution, fused, { rows, vectors, pitch, pixel, filter });
			const start = i32.add(i32.mul(top, whole[1]), left);
			const offset = f.let(i32.mul(start, type.bytes));
			for (const [i, row] of sums.entries()) {
				const at = i32.add(offset, i * whole[1] * type.bytes);
				const inRow = f.let(at);
				const part = { row: i32.const(0), vectors, offset: inRow, inRow, sums: row };
				const stored = finish?.(part) ?? [{ at: f.let(i32.add(result, inRow)), values: row }];
				for (const { at, values } of stored) {
					for (const [v, x] of values.entries()) f.store(type, at, x, vectors[v]!);
				}
			}
		});
	});
}

/** The rows and columns of a tile, and where the vectors of a row lie, the last up to its end. */
function tileOf({ lanes, bytes }: FloatVector, [height, width]: readonly [number, number]) {
	const columns = Math.min(width, SUMS * lanes);
	const abreast = Math.ceil(columns / lanes);
	const firsts = Array.from({ length: abreast }, (_, v) => Math.min(v * lanes, columns - lanes));
	const rows = Math.min(height, Math.floor(SUMS / abreast));
	return { rows, columns, vectors: firsts.map((first) => first * bytes) };
}

/** Calls `body` for tiles of this size that cover an axis. */
function eachTile(
	f: FunctionBuilder,
	size: number,
	tile: number,
	body: (start: Local<"i32">) => void,
): void {
	const last = size - tile;
	f.for(0, size, tile, (at) => {
		body(last % tile === 0 ? at : f.let(select(i32.lt(at, last), at, i32.const(last))));
	});
}

/** The sums of a tile, row by row: a product for each element of the filter, in order. */
function emitSums(
	f: FunctionBuilder,
	convolution: Depthwise,
	fused: boolean,
	tile: {
		readonly rows: number;
		readonly vectors: readonly number[];
		readonly pitch: number;
		readonly pixel: Local<"i32">;
		readonly filter: Local<"i32">;
	},
): Local<"v128">[][] {
	const { type } = sizes(convolution);
	const { filter, stride, dilation } = convolution.geometry;
	const sums = Array.from({ length: tile.rows }, () =>
		tile.vectors.map(() => f.let(type.const(0))),
	);
	for (let a = 0; a < filter[0]; a++) {
		for (let b = 0; b < filter[1]; b++) {
			const element = a * filter[1] + b;
			const index = convolution.flips ? filter[0] * filter[1] - 1 - element : element;
			const factor = f.let(type.loadSplat(tile.filter, index * type.bytes));
			for (const [i, row] of sums.entries()) {
				const first = (i * stride[0] + a * dilation[0]) * tile.pitch + b * dilation[1];
				const loaded = tile.vectors.map((at) => {
					const column = first + (at / type.bytes) * stride[1];
					return f.let(loadApart(type, tile.pixel, column, stride[1], type.lanes));
				});
				for (const [v, sum] of row.entries()) {
					f.set(sum, addProduct(type, fused, factor, loaded[v]!, sum));
				}
			}
		}
	}
	return sums;
}
