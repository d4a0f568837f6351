import { callTo, ModuleBuilder } from "./assembler.ts";
import type { Engine } from "./engine.ts";
import type { Expr } from "./expression.ts";
import type { Local } from "./function.ts";
import { f64, i32, select } from "./scalar.ts";
import { f32x4, f64x2 } from "./simd.ts";
import { emitTile } from "./tile.ts";

/** Rows of the result that are computed together. */
const ROWS = 4;
/** Terms of the sums that are packed at a time: in JavaScript a sum of no more is stored once. */
export const PANEL_DEPTH = 256;
/** The most columns of the result; packed, they fit the second-level cache. */
const COLUMNS = 192;
/** The most elements of an operand, and of the result. */
const OPERAND = 2 ** 17;
const RESULT = 256 * COLUMNS;

/** Bytes in a float64, in a vector, and in a page of memory. */
const BYTES = 8;
const VECTOR = 16;
const PAGE = 65536;

/** Where the packed panels, the sums of some rows, and the matrices lie, in bytes. */
const LEFT = 0;
const SUMS = LEFT + ROWS * PANEL_DEPTH * BYTES;
const RIGHT = SUMS + ROWS * COLUMNS * BYTES;
const A = RIGHT + COLUMNS * PANEL_DEPTH * BYTES;
const B = A + OPERAND * BYTES;
const C = B + OPERAND * BYTES;
const PAGES = Math.ceil((C + RESULT * BYTES) / PAGE);

/** Where sums are added up; float32 only where each is stored once. */
export type PanelSums = Float64Array | Float32Array;

/** How far apart the rows of a matrix, its columns and the matrices of a batch lie, in elements. */
export interface Steps {
	readonly row: number;
	readonly column: number;
	readonly matrix: number;
}

/** WebAssembly that multiplies matrices in its memory. */
export interface MatrixMemory {
	/** Room for the operands, and for the results, row by row, of at most so many columns. */
	readonly a: Float64Array;
	readonly b: Float64Array;
	readonly c: Float64Array;
	readonly columns: number;
	/** Turns the signs of so many numbers of a. */
	negate(count: number): void;
	/** Adds the products of so many m×k and k×n matrices in a and b to those in c. */
	multiply(count: number, m: number, n: number, k: number, a: Steps, b: Steps): void;
	/** So many sums of c as `out` wants them, which may leave nothing of c. */
	results(count: number, out: PanelSums): PanelSums;
}

/**
 * Products outside of compiled programs. The memory has a fixed size, whatever is multiplied, and
 * there is one module for all shapes.
 */
export function makeMatrixMemory({ tiles }: Pick<Engine, "tiles">): MatrixMemory {
	const memory = new WebAssembly.Memory({ initial: PAGES });
	const module = new WebAssembly.Module(multiplication(tiles.vectors[ROWS - 1]!));
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	const {
		multiply: run,
		negate,
		shorten,
	} = exports as Record<string, (...sizes: number[]) => void>;
	const room = (at: number, elements: number) => new Float64Array(memory.buffer, at, elements);
	const c = room(C, RESULT);
	const rounded = new Float32Array(memory.buffer, C, RESULT);
	return {
		a: room(A, OPERAND),
		b: room(B, OPERAND),
		c,
		columns: COLUMNS,
		negate: (count) => negate!(count),
		multiply(count, m, n, k, a, b) {
			const steps = [a.row, a.column, a.matrix, b.row, b.column, b.matrix];
			run!(count, m, n, k, ...steps.map((step) => step * BYTES));
		},
		results(count, out) {
			if (out instanceof Float64Array) return c.subarray(0, count);
			shorten!(count);
			return rounded.subarray(0, count);
		},
	};
}

const words = (count: number) => Array.from({ length: count }, () => "i32" as const);

/** A module that multiplies matrices of any size and layout that there is room for. */
function multiplication(vectors: number): Uint8Array<ArrayBuffer> {
	const m = new ModuleBuilder({ pages: PAGES });
	const multiply = defineProduct(m, vectors);
	m.define("multiply", words(10), "none", (f, count, ...sizes) => {
		const [rows, columns, terms, aRow, aColumn, aMatrix, bRow, bColumn, bMatrix] = sizes as Sizes;
		const [a, b, c] = [f.let(i32.const(A)), f.let(i32.const(B)), f.let(i32.const(C))];
		f.for(0, count, 1, () => {
			f.do(callTo(multiply, a, b, c, rows, columns, terms, aRow, aColumn, bRow, bColumn));
			f.set(a, i32.add(a, aMatrix));
			f.set(b, i32.add(b, bMatrix));
			f.set(c, i32.add(c, i32.mul(i32.mul(rows, columns), BYTES)));
		});
	});
	m.define("negate", ["i32"], "none", (f, count) => {
		f.for(A, f.let(i32.add(i32.mul(count, BYTES), A)), VECTOR, (at) => {
			f.store(f64x2, at, f64x2.neg(f64x2.load(at)));
		});
	});
	// Engines take five times as long where an array is set to one of another kind.
	m.define("shorten", ["i32"], "none", (f, count) => {
		const to = f.let(i32.const(C));
		f.for(C, f.let(i32.add(i32.mul(count, BYTES), C)), VECTOR, (from) => {
			f.do(f64x2.storeLane(to, f32x4.demote(f64x2.load(from)), 0));
			f.set(to, i32.add(to, BYTES));
		});
	});
	return m.bytes();
}

type Word = Local<"i32">;
type Sizes = [Word, Word, Word, Word, Word, Word, Word, Word, Word];
type Product = [Word, Word, Word, Word, Word, Word, Word, Word, Word, Word];

/** Defines a function that adds the product of two matrices to a third, steps in bytes. */
function defineProduct(m: ModuleBuilder, vectors: number) {
	const width = vectors * f64x2.lanes;
	const packRows = definePack(m, "packRows", ROWS);
	const packColumns = definePack(m, "packColumns", width);
	const copy = defineCopy(m);
	const multiplyRows = defineRows(m, vectors);
	return m.define("product", words(10), "none", (f, ...locals) => {
		const [a, b, c, rows, columns, terms, aRow, aColumn, bRow, bColumn] = locals as Product;
		f.for(0, terms, PANEL_DEPTH, (term) => {
			const depth = f.let(least(i32.sub(terms, term), PANEL_DEPTH));
			const [from, to] = [f.let(b), f.let(i32.const(RIGHT))];
			f.for(0, columns, width, (column) => {
				f.do(callTo(packColumns, from, to, i32.sub(columns, column), bColumn, depth, bRow));
				f.set(from, i32.add(from, i32.mul(bColumn, width)));
				f.set(to, i32.add(to, i32.mul(depth, width * BYTES)));
			});
			const [left, out, bytes] = [f.let(a), f.let(c), f.let(i32.mul(columns, BYTES))];
			f.for(0, rows, ROWS, (row) => {
				const count = f.let(least(i32.sub(rows, row), ROWS));
				f.do(callTo(packRows, left, i32.const(LEFT), count, aRow, depth, aColumn));
				f.do(callTo(copy, out, i32.const(SUMS), count, bytes, bytes, i32.const(COLUMNS * BYTES)));
				f.do(callTo(multiplyRows, bytes, depth));
				f.do(callTo(copy, i32.const(SUMS), out, count, bytes, i32.const(COLUMNS * BYTES), bytes));
				f.set(left, i32.add(left, i32.mul(aRow, ROWS)));
				f.set(out, i32.add(out, i32.mul(bytes, ROWS)));
			});
			f.set(a, i32.add(a, i32.mul(aColumn, PANEL_DEPTH)));
			f.set(b, i32.add(b, i32.mul(bRow, PANEL_DEPTH)));
		});
	});
}

function least(x: Expr<"i32">, most: number): Expr<"i32"> {
	return select(i32.lt(x, most), x, i32.const(most));
}

/**
 * Defines a function that copies lines (rows of a or columns of b) into a panel: first the elements
 * of all lines at the first term, then those at the next. Where there are fewer than the panel is
 * wide, the first one stands for those that are missing.
 */
function definePack(m: ModuleBuilder, name: string, width: number) {
	return m.define(name, words(6), "none", (f, ...locals) => {
		const [from, to, lines, line, terms, step] = locals as [Word, Word, Word, Word, Word, Word];
		const end = f.let(i32.add(to, i32.mul(terms, width * BYTES)));
		f.if(i32.and(i32.eq(line, BYTES), i32.ge(lines, width)), () => {
			f.for(to, end, width * BYTES, (at) => {
				for (let i = 0; i < width; i += f64x2.lanes) {
					f.store(f64x2, at, f64x2.load(from, i * BYTES), i * BYTES);
				}
				f.set(from, i32.add(from, step));
			});
			f.return();
		});
		const starts = Array.from({ length: width }, (_, i) => {
			const distance = select(i32.gt(lines, i), i32.mul(line, i), i32.const(0));
			return f.let(i32.add(from, distance));
		});
		f.for(to, end, width * BYTES, (at) => {
			for (const [i, start] of starts.entries()) {
				f.store(f64, at, f64.load(start), i * BYTES);
				f.set(start, i32.add(start, step));
			}
		});
	});
}

/** Defines a function that copies so many rows of so many bytes, which lie so many apart. */
function defineCopy(m: ModuleBuilder) {
	return m.define("copy", words(6), "none", (f, ...locals) => {
		const [from, to, rows, bytes, step, toStep] = locals as [Word, Word, Word, Word, Word, Word];
		f.for(0, rows, 1, () => {
			const whole = f.let(i32.sub(bytes, BYTES));
			f.for(0, whole, VECTOR, (at) => {
				f.store(f64x2, f.let(i32.add(to, at)), f64x2.load(f.let(i32.add(from, at))));
			});
			f.if(i32.and(bytes, BYTES), () =>
				f.store(f64, f.let(i32.add(to, whole)), f64.load(f.let(i32.add(from, whole)))),
			);
			f.set(from, i32.add(from, step));
			f.set(to, i32.add(to, toStep));
		});
	});
}

/** Defines a function that adds the products of the left panel with the right ones to the sums. */
function defineRows(m: ModuleBuilder, vectors: number) {
	const width = vectors * VECTOR;
	return m.define("rows", words(2), "none", (f, columns, depth) => {
		const [left, right] = [f.let(i32.const(LEFT)), f.let(i32.const(RIGHT))];
		f.for(0, columns, width, (column) => {
			emitTile(f, f64x2, {
				aRows: Array.from({ length: ROWS }, (_, i) => BYTES * i),
				vectors: Array.from({ length: vectors }, (_, v) => VECTOR * v),
				a: left,
				b: right,
				c: f.let(i32.add(column, SUMS)),
				cRow: COLUMNS * BYTES,
				aStep: ROWS * BYTES,
				bStep: width,
				depth,
				accumulate: true,
				lanes: f64x2.lanes,
				fused: false,
			});
			f.set(right, i32.add(right, i32.mul(depth, width)));
		});
	});
}
