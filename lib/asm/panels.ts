import { ModuleBuilder } from "./assembler.ts";
import type { Engine } from "./engine.ts";
import { i32 } from "./scalar.ts";
import { f64x2 } from "./simd.ts";
import { emitTile } from "./tile.ts";

const ROWS = 4;
/** Terms of the sums, and columns, packed at a time; together they fit the second-level cache. */
const DEPTH = 256;
const COLUMNS = 192;

/** Bytes in a float64, and in a page of memory. */
const BYTES = 8;
const PAGE = 65536;

/** Where the panels and the sums lie, in bytes. */
const LEFT = 0;
const SUMS = LEFT + ROWS * DEPTH * BYTES;
const RIGHT = SUMS + ROWS * COLUMNS * BYTES;
const SIZE = RIGHT + COLUMNS * DEPTH * BYTES;

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
		depth: DEPTH,
		left: new Float64Array(memory.buffer, LEFT, ROWS * DEPTH),
		right: new Float64Array(memory.buffer, RIGHT, COLUMNS * DEPTH),
		multiply(rows: number, columns: number, k: number, out: Float64Array, o: number, n: number) {
			for (let i = 0; i < rows; i++) {
				sums.set(out.subarray(o + i * n, o + i * n + columns), i * COLUMNS);
			}
			run(columns * BYTES, k);
			for (let i = 0; i < rows; i++) {
				out.set(sums.subarray(i * COLUMNS, i * COLUMNS + columns), o + i * n);
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
				rows: ROWS,
				vectors: Array.from({ length: vectors }, (_, v) => 16 * v),
				a: left,
				b: right,
				c: f.let(i32.add(column, SUMS)),
				aRow: BYTES,
				cRow: COLUMNS * BYTES,
				aStep: ROWS * BYTES,
				bStep: width,
				depth,
				accumulate: true,
				lanes: f64x2.lanes,
			});
			f.set(right, i32.add(right, i32.mul(depth, width)));
		});
	});
	return m.bytes();
}
