import type { FunctionBuilder, Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import { type FloatVector, loadPart, storePart } from "../../../asm/tile.ts";
import type { Geometry } from "../../../core/geometry.ts";
import { addApart, loadApart } from "../elementwise/strided-vector.ts";

/**
 * Windows of an image as a matrix: a row for each channel and element of the filter, a column for
 * each element of some rows of the result. Its rows follow each other without gaps.
 */
export interface WindowMatrix {
	readonly type: FloatVector;
	readonly geometry: Geometry;
	readonly channels: number;
	/** How many rows of the result. */
	readonly rows: number;
}

/** How many elements the matrix has. */
export function windowCells({
	geometry: { filter, result },
	channels,
	rows,
}: WindowMatrix): number {
	return channels * filter[0] * filter[1] * rows * result[1];
}

/**
 * Fills the matrix from an image, for the rows of the result from `firstRow` on; what lies outside
 * of the image is 0.
 */
export function emitGather(
	f: FunctionBuilder,
	windows: WindowMatrix,
	image: Local<"i32">,
	matrix: Local<"i32">,
	firstRow: Local<"i32">,
): void {
	const { type, geometry } = windows;
	const [, width] = geometry.result;
	const [, stride] = geometry.stride;
	const clear = (cells: Local<"i32">, from: number, to: number) => {
		const start = f.let(i32.add(cells, from * type.bytes));
		eachVector(f, type, to - from, start, start, stride, (cell, _, at, { lanes }) =>
			storePart(f, type, cell, at * type.bytes, f.constant(type.const(0)), lanes),
		);
	};
	eachRow(f, windows, image, matrix, firstRow, {
		inside: (cells, pixels, { first, count }) => {
			clear(cells, 0, first);
			clear(cells, first + count, width);
			const to = f.let(i32.add(cells, first * type.bytes));
			eachVector(f, type, count, to, pixels, stride, (cell, pixel, at, { lanes }) => {
				const x = f.let(loadApart(type, pixel, at * stride, stride, lanes));
				storePart(f, type, cell, at * type.bytes, x, lanes);
			});
		},
		outside: (cells) => clear(cells, 0, width),
	});
}

/** Adds the matrix to an image, each element where `emitGather` would take it from. */
export function emitScatter(
	f: FunctionBuilder,
	windows: WindowMatrix,
	image: Local<"i32">,
	matrix: Local<"i32">,
	firstRow: Local<"i32">,
): void {
	const { type, geometry } = windows;
	const [, stride] = geometry.stride;
	eachRow(f, windows, image, matrix, firstRow, {
		inside: (cells, pixels, { first, count }) => {
			const from = f.let(i32.add(cells, first * type.bytes));
			eachVector(f, type, count, from, pixels, stride, (cell, pixel, at, { lanes, known }) => {
				// Loads of what has just been stored in part would wait for it, so the last ones are added
				// by themselves.
				const [first, left] = [at + known, lanes - known];
				const x = f.let(loadPart(type, cell, first * type.bytes, left));
				addApart(f, type, pixel, first * stride, stride, x, left);
			});
		},
		outside: () => {},
	});
}

/** The columns of a row of the result that lie inside of the image. */
interface Span {
	readonly first: number;
	readonly count: number;
}

/**
 * Those that meet the image through column b of the filter, and the column of the image that the
 * first of them meets.
 */
function spanOf(geometry: Geometry, b: number): Span & { readonly column: number } {
	const stride = geometry.stride[1];
	const shift = b * geometry.dilation[1] - geometry.before[1];
	const first = Math.max(0, Math.ceil(-shift / stride));
	const end = Math.min(
		geometry.result[1],
		Math.floor((geometry.image[1] - 1 - shift) / stride) + 1,
	);
	return { first, count: Math.max(0, end - first), column: first * stride + shift };
}

/**
 * What is done with a row of cells, whose part inside of the image begins at `pixels`, or which
 * lies outside of it.
 */
interface RowVisitor {
	readonly inside: (cells: Local<"i32">, pixels: Local<"i32">, span: Span) => void;
	readonly outside: (cells: Local<"i32">) => void;
}

/** Walks the matrix in order, a row of the result at a time. */
function eachRow(
	f: FunctionBuilder,
	{ type, geometry, channels, rows }: WindowMatrix,
	image: Local<"i32">,
	matrix: Local<"i32">,
	firstRow: Local<"i32">,
	visit: RowVisitor,
): void {
	const { filter, result, stride, dilation, before } = geometry;
	const [height, width] = geometry.image;
	const cells = f.let(matrix);
	const plane = f.let(image);
	const [y, pixels] = [f.local("i32"), f.local("i32")];
	f.for(0, channels, 1, () => {
		f.for(0, filter[0], 1, (a) => {
			for (let b = 0; b < filter[1]; b++) {
				const span = spanOf(geometry, b);
				f.set(y, i32.add(i32.mul(firstRow, stride[0]), i32.mul(a, dilation[0])));
				f.set(y, i32.sub(y, before[0]));
				f.for(0, rows, 1, () => {
					f.if(
						span.count === 0 ? 0 : i32.ltU(y, height),
						() => {
							f.set(pixels, i32.mul(i32.add(i32.mul(y, width), span.column), type.bytes));
							f.set(pixels, i32.add(pixels, plane));
							visit.inside(cells, pixels, span);
						},
						() => visit.outside(cells),
					);
					f.set(cells, i32.add(cells, result[1] * type.bytes));
					f.set(y, i32.add(y, stride[0]));
				});
			}
		});
		f.set(plane, i32.add(plane, height * width * type.bytes));
	});
}

/** Vectors whose code stands side by side in a row. */
const ABREAST = 4;

/**
 * What a vector at the end of a row holds of it: fewer lanes than it has, or some that the one
 * before held already.
 */
interface Part {
	readonly lanes: number;
	readonly known: number;
}

/**
 * Walks `count` cells and as many pixels `stride` apart, a vector at a time: `visit` gets two
 * addresses, how many elements and how many strides the vector lies beyond them, and what it holds.
 * The last one ends where the cells end.
 */
export function eachVector(
	f: FunctionBuilder,
	{ lanes, bytes }: FloatVector,
	count: number,
	cells: Local<"i32">,
	pixels: Local<"i32">,
	stride: number,
	visit: (cell: Local<"i32">, pixel: Local<"i32">, at: number, part: Part) => void,
): void {
	const round = ABREAST * lanes;
	// What is left for the end of the row is at least a vector.
	const looped = round * Math.max(0, Math.floor(count / round) - 1);
	const [cell, pixel] = looped === 0 ? [cells, pixels] : [f.let(cells), f.let(pixels)];
	f.for(0, looped, round, () => {
		for (let at = 0; at < round; at += lanes) visit(cell, pixel, at, { lanes, known: 0 });
		f.set(cell, i32.add(cell, round * bytes));
		f.set(pixel, i32.add(pixel, round * stride * bytes));
	});
	const rest = count - looped;
	const whole = rest - (rest % lanes);
	for (let at = 0; at < whole; at += lanes) visit(cell, pixel, at, { lanes, known: 0 });
	if (whole === rest) return;
	if (count < lanes) visit(cell, pixel, 0, { lanes: count, known: 0 });
	else visit(cell, pixel, rest - lanes, { lanes, known: lanes - (rest - whole) });
}
