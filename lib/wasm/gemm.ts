import { type Callee, call, type ModuleBuilder } from "./assembler.ts";
import type { FunctionBuilder, Local } from "./function.ts";
import { emitRowDots, rowDots } from "./matrix-vector.ts";
import { emitPack } from "./pack.ts";
import {
	columnPanels,
	isPacked,
	type Panels,
	type Pass,
	type Product,
	passesOf,
	rowStep,
	type Tiles,
	VECTOR,
} from "./product.ts";
import { i32 } from "./scalar.ts";
import { emitTile, vectorsOf } from "./tile.ts";

/**
 * A function that computes some rows of a product: the addresses of a, b and c in bytes; that of `scratchBytes` of memory
 * that no other thread uses, whatever is in it; and the first row and the one after the last, which are
 * multiples of `rowStep` unless they are m.
 */
export type Gemm = Callee<
	readonly [a: "i32", b: "i32", c: "i32", scratch: "i32", rowStart: "i32", rowEnd: "i32"],
	"none"
>;

const GEMM_PARAMS = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;

/**
 * Defines a product as a function. The terms of each sum are added one by one in the order of k, as plain loops do, but for
 * dot products of rows with a vector (`rowDots`); an empty sum is 0. c may not overlap a or b.
 */
export function defineGemm(m: ModuleBuilder, name: string, product: Product, tiles: Tiles): Gemm {
	const dots = rowDots(product);
	if (dots === null) return defineBlocks(m, name, product, tiles);
	return m.define(name, GEMM_PARAMS, "none", (f, a, b, c, _, rowStart, rowEnd) => {
		if (dots.left) {
			emitRowDots(f, product, dots, [a, b, c, rowStart, rowEnd]);
			return;
		}
		const end = f.let(i32.mul(i32.sub(rowEnd, rowStart), dots.rows));
		emitRowDots(f, product, dots, [b, a, c, f.let(i32.const(0)), end]);
	});
}

/** The product panel by panel and block by block. */
function defineBlocks(m: ModuleBuilder, name: string, product: Product, tiles: Tiles): Gemm {
	const { bytes, lanes } = vectorsOf(product.dtype);
	const passes = passesOf(product, tiles);
	const panels = columnPanels(product.n, lanes, tiles.vectors[rowStep(product, tiles) - 1]!);
	const [aStep, bStep] = [product.a.column * bytes, product.b.row * bytes];
	// The loops inside are functions of their own, so that an engine that compiles better what runs often has somewhere
	// to change over while a large product runs for the first time.
	const multiply = passes.map((pass, p) =>
		panels.map((panel, i) => definePanel(m, `${name}.${p}.${i}`, product, tiles, pass, panel)),
	);
	return m.define(name, GEMM_PARAMS, "none", (f, a, b, c, scratch, rowStart, rowEnd) => {
		eachRowBlock(f, rowStart, rowEnd, product.m, tiles.rowBlock, (from, to) => {
			const [left, right] = [f.let(a), f.let(b)];
			for (const [p, pass] of passes.entries()) {
				f.for(0, pass.count, 1, () => {
					for (const [i, { start, columns, count }] of panels.entries()) {
						const first = f.let(i32.add(right, start * product.b.column * bytes));
						f.for(start * bytes, (start + count * columns) * bytes, columns * bytes, (column) => {
							f.do(call(multiply[p]![i]!, left, first, c, scratch, column, from, to));
							f.set(first, i32.add(first, columns * product.b.column * bytes));
						});
					}
					f.set(left, i32.add(left, pass.depth * aStep));
					f.set(right, i32.add(right, pass.depth * bStep));
				});
			}
		});
	});
}

/** Takes the rows in blocks whose part of a stays in the cache. */
function eachRowBlock(
	f: FunctionBuilder,
	rowStart: Local<"i32">,
	rowEnd: Local<"i32">,
	m: number,
	size: number,
	body: (from: Local<"i32">, to: Local<"i32">) => void,
): void {
	if (m <= size) {
		body(rowStart, rowEnd);
		return;
	}
	f.for(rowStart, rowEnd, size, (from) => {
		const to = f.let(i32.add(from, size));
		f.if(i32.gt(to, rowEnd), () => f.set(to, rowEnd));
		body(from, to);
	});
}

/**
 * Defines a function that adds some terms to a panel of columns, in the rows from `from` to before `to`. `column` is where the
 * columns begin in a row of the result, in bytes.
 */
function definePanel(
	m: ModuleBuilder,
	name: string,
	product: Product,
	tiles: Tiles,
	pass: Pass,
	{ columns }: Panels,
) {
	const { bytes, lanes } = vectorsOf(product.dtype);
	const rows = rowStep(product, tiles);
	const width = VECTOR * Math.ceil(columns / lanes);
	const packed = isPacked(product);
	const params = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
	return m.define(name, params, "none", (f, a, b, c, scratch, column, from, to) => {
		if (packed) {
			emitPack(f, vectorsOf(product.dtype), {
				from: b,
				to: scratch,
				rows: pass.depth,
				columns,
				rowStride: product.b.row * bytes,
				columnStride: product.b.column * bytes,
				width,
			});
		}
		const left = f.let(i32.add(a, i32.mul(from, product.a.row * bytes)));
		const offset = f.let(i32.add(column, i32.mul(from, product.cRow * bytes)));
		const right = packed ? scratch : b;
		const bStep = packed ? width : product.b.row * bytes;
		const tile = (count: number) =>
			emitRows(f, product, pass, columns, { left, right, bStep, c, offset, column, rows: count });
		f.for(from, f.let(i32.sub(to, rows - 1)), rows, () => {
			tile(rows);
			f.set(left, i32.add(left, rows * product.a.row * bytes));
			f.set(offset, i32.add(offset, rows * product.cRow * bytes));
		});
		const rest = product.m % rows;
		if (rest > 0) f.if(i32.eq(to, product.m), () => tile(rest));
	});
}

/** A few rows of a panel: where their terms are, where they lie from the start of c, and the panel from the start of a row. */
interface Rows {
	readonly rows: number;
	readonly left: Local<"i32">;
	readonly right: Local<"i32">;
	readonly bStep: number;
	readonly c: Local<"i32">;
	readonly offset: Local<"i32">;
	readonly column: Local<"i32">;
}

/** Adds some terms to a few rows of a panel. */
function emitRows(
	f: FunctionBuilder,
	product: Product,
	pass: Pass,
	columns: number,
	{ rows, left, right, bStep, c, offset, column }: Rows,
): void {
	const type = vectorsOf(product.dtype);
	const { bytes, lanes } = type;
	const cRow = product.cRow * bytes;
	// The last vector of a row ends where the row ends.
	const vectors = Array.from({ length: Math.ceil(columns / lanes) }, (_, v) =>
		Math.max(0, Math.min(v * lanes, columns - lanes) * bytes),
	);
	const { finish } = product;
	emitTile(f, type, {
		rows,
		vectors,
		a: left,
		b: right,
		c: f.let(i32.add(c, offset)),
		aRow: product.a.row * bytes,
		cRow,
		aStep: product.a.column * bytes,
		bStep,
		depth: pass.depth,
		accumulate: pass.accumulate,
		lanes: Math.min(lanes, columns),
		finish:
			pass.last && finish !== undefined
				? (row, v, value) =>
						finish(
							f,
							value,
							i32.add(offset, row * cRow + vectors[v]!),
							i32.add(column, vectors[v]!),
						)
				: undefined,
	});
}
