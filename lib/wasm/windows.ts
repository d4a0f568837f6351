import type { Geometry } from "../kinds/windows.ts";
import type { Expr } from "./expression.ts";
import type { FunctionBuilder, Local } from "./function.ts";
import { i32 } from "./scalar.ts";
import type { FloatVector } from "./tile.ts";

/**
 * Windows of an image as a matrix: a row for each channel and element of the filter, a column for each element of some rows
 * of the result. Its rows follow each other without gaps.
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

/** Fills the matrix from an image, for the rows of the result from `firstRow` on; what lies outside of the image is 0. */
export function emitGather(
	f: FunctionBuilder,
	windows: WindowMatrix,
	image: Local<"i32">,
	matrix: Local<"i32">,
	firstRow: Local<"i32">,
): void {
	const { type, geometry } = windows;
	const [, width] = geometry.result;
	const clear = (cells: Local<"i32">) =>
		eachElement(f, type, width, 1, (at, _, whole) => put(f, type, cells, at, type.const(0), whole));
	eachRow(f, windows, image, matrix, firstRow, {
		inside: (cells, pixels, { first, count }) => {
			if (count < width) clear(cells);
			const to = f.let(i32.add(cells, first * type.bytes));
			eachElement(f, type, count, geometry.stride[1], (at, from, whole) =>
				put(f, type, to, at, get(type, pixels, from, whole), whole),
			);
		},
		outside: clear,
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
	eachRow(f, windows, image, matrix, firstRow, {
		inside: (cells, pixels, { first, count }) => {
			const from = f.let(i32.add(cells, first * type.bytes));
			eachElement(f, type, count, geometry.stride[1], (at, to, whole) => {
				const sum = type.add(get(type, pixels, to, whole), get(type, from, at, whole));
				put(f, type, pixels, to, sum, whole);
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

/** Those that meet the image through column b of the filter, and the column of the image that the first of them meets. */
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

/** What is done with a row of cells, whose part inside of the image begins at `pixels`, or which lies outside of it. */
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

/**
 * Walks `count` neighbours and as many elements `stride` apart, a vector at a time where both lie beside each other: `visit` gets
 * their distances in bytes from the first, and whether it is a whole vector.
 */
function eachElement(
	f: FunctionBuilder,
	type: FloatVector,
	count: number,
	stride: number,
	visit: (at: Local<"i32">, apart: Expr<"i32">, whole: boolean) => void,
): void {
	const whole = stride === 1 ? count - (count % type.lanes) : 0;
	f.for(0, whole * type.bytes, type.lanes * type.bytes, (at) => visit(at, at, true));
	f.for(whole * type.bytes, count * type.bytes, type.bytes, (at) => {
		visit(at, i32.mul(at, stride), false);
	});
}

function get(type: FloatVector, base: Local<"i32">, at: Expr<"i32">, whole: boolean): Expr<"v128"> {
	const address = i32.add(base, at);
	return whole ? type.load(address) : type.loadZero(address);
}

function put(
	f: FunctionBuilder,
	type: FloatVector,
	base: Local<"i32">,
	at: Expr<"i32">,
	x: Expr<"v128">,
	whole: boolean,
): void {
	if (whole) f.store(type, i32.add(base, at), x);
	else f.do(type.storeLane(i32.add(base, at), x, 0));
}
