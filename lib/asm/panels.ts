import { ModuleBuilder } from "./assembler.ts";
import type { Engine } from "./engine.ts";
import { i32 } from "./scalar.ts";
import { f64x2 } from "./simd.ts";
import { emitTile } from "./tile.ts";

const ROWS = 4;
/** Terms of the sums that are packed at a time: a sum of no more of them is stored once. */
export const PANEL_DEPTH = 256;
/** Columns packed at a time; together they fit the second-level cache. */
const COLUMNS = 192;

/** Bytes in a float64, and in a page of memory. */
const BYTES = 8;
const PAGE = 65536;

/** Where the panels and the sums lie, in bytes. */
const LEFT = 0;
const SUMS = LEFT + ROWS * PANEL_DEPTH * BYTES;
const RIGHT = SUMS + ROWS * COLUMNS * BYTES;
const SIZE = RIGHT + COLUMNS * PANEL_DEPTH * BYTES;

/** Where sums are added up; float32 only where each is stored once. */
export type PanelSums = Float64Array | Float32Array;

/**
 * Panels in WebAssembly's memory, for products outside of compiled programs. The memory has a fixed
 * size, whatever is multiplied, and there is one module for all shapes.
 */
export function makePanels({ tiles }: Pick<Engine, "tiles">) {
	const vectors = tiles.vectors[ROWS - 1]!;
	const width = vectors * f64x2.lanes;
	const memory = new WebAssembly.Memory({ initial: Math.ceil(SIZE / PAGE) });
	const module = new WebAssembly.Module(multiplication(vectors));
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	const run = exports.multiply as (columns: number, depth: number) => void;
	const sums = new Float64Array(memory.buffer, SUMS, ROWS * COLUMNS);
	return {
		rows: ROWS,
		columns: width,
		block: COLUMNS,
		depth: PANEL_DEPTH,
		left: new Float64Array(memory.buffer, LEFT, ROWS * PANEL_DEPTH),
		right: new Float64Array(memory.buffer, RIGHT, COLUMNS * PANEL_DEPTH),
		multiply(rows: number, columns: number, k: number, out: PanelSums, o: number, n: number) {
			// Between arrays of one kind memory is copied; what has to be rounded goes one by one.
			const isSame = out instanceof Float64Array;
			for (let i = 0, at = o, to = 0; i < rows; i++, at += n, to += COLUMNS) {
				if (isSame) sums.set(out.subarray(at, at + columns), to);
				else for (let j = 0; j < columns; j++) sums[to + j] = out[at + j]!;
			}
			run(columns * BYTES, k);
			for (let i = 0, at = o, to = 0; i < rows; i++, at += n, to += COLUMNS) {
				if (isSame) out.set(sums.subarray(to, to + columns), at);
				else for (let j = 0; j < columns; j++) out[at + j] = sums[to + j]!;
			}
		},
	};
}

/**
 * A module that adds the products of the left panel with the right ones, up to some bytes of
 * columns, to the sums.
 */
function multiplication(vectors: number): Uint8Array<ArrayBuffer> {
	const width = 16 * vectors;
	const m = new ModuleBuilder({ pages: Math.ceil(SIZE / PAGE) });
	m.define("multiply", ["i32", "i32"], "none", (f, columns, depth) => {
		const [left, right] = [f.let(i32.const(LEFT)), f.let(i32.const(RIGHT))];
		f.for(0, columns, width, (column) => {
			emitTile(f, f64x2, {
				aRows: Array.from({ length: ROWS }, (_, i) => BYTES * i),
				vectors: Array.from({ length: vectors }, (_, v) => 16 * v),
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
	return m.bytes();
}
