import * as assert from "uvu/assert";
import { ModuleBuilder } from "../../../../lib/asm/assembler.ts";
import { engine } from "../../../../lib/asm/engine.ts";
import { type Tiles, vectorsOf } from "../../../../lib/asm/tile.ts";
import { scratchBytes } from "../../../../lib/backends/wasm/products/blocks.ts";
import { defineGemm } from "../../../../lib/backends/wasm/products/gemm.ts";
import { rowDots } from "../../../../lib/backends/wasm/products/matrix-vector.ts";
import type { MatrixProduct, Strides } from "../../../../lib/backends/wasm/products/product.ts";
import { multiplyAdd } from "../../../asm/multiply-add.ts";

/** Small blocks, so that small products have several. */
export const small: Tiles = {
	vectors: [3, 3, 2, 2],
	tall: 8,
	joined: 1,
	depth: 5,
	rowBlock: 8,
	packedRows: 512,
	fused: false,
};
export const wide: Tiles = {
	vectors: [8, 4, 4, 4],
	tall: 8,
	joined: 2,
	depth: 64,
	rowBlock: 64,
	packedRows: 512,
	fused: false,
};
/** Tiles of another height, of which no block holds a whole number, where terms can be fused. */
export const fused: readonly Tiles[] =
	engine()?.fused === null
		? []
		: [
				{
					vectors: [3, 3, 2, 2, 2],
					tall: 10,
					joined: 1,
					depth: 5,
					rowBlock: 8,
					packedRows: 512,
					fused: true,
				},
			];

/** Numbers with full mantissas, so that another order of summation shows in the last bits. */
const irregular = (i: number) => Math.sin(i * 12.9898 + 1) * 43.7585;

export const dtypes = ["float32", "float64"] as const;

interface Run {
	readonly product: MatrixProduct;
	readonly fused: boolean;
	readonly a: Float32Array | Float64Array;
	readonly b: Float32Array | Float64Array;
	readonly c: Float32Array | Float64Array;
	/** Computes rows of c. */
	readonly multiply: (rowStart: number, rowEnd: number) => void;
}

/** A product in memory of its own, with two elements of −7 beyond each row of c. */
export function prepare(
	sizes: readonly [m: number, n: number, k: number],
	tiles: Tiles,
	options: Partial<MatrixProduct> = {},
): Run {
	const [m, n, k] = sizes;
	const product: MatrixProduct = {
		dtype: "float64",
		m,
		n,
		k,
		a: { row: k, column: 1 },
		b: { row: n, column: 1 },
		cRow: n + 2,
		accumulate: false,
		...options,
	};
	const { bytes } = vectorsOf(product.dtype);
	const span = (rows: number, columns: number, { row, column }: Strides) =>
		rows === 0 || columns === 0 ? 0 : (rows - 1) * row + (columns - 1) * column + 1;
	const memory = new WebAssembly.Memory({ initial: 8 });
	const array = product.dtype === "float32" ? Float32Array : Float64Array;
	const scratch = 64;
	let used = scratch + scratchBytes(product, tiles);
	const place = (elements: number, value: (i: number) => number) => {
		const placed = new array(memory.buffer, used, elements);
		for (let i = 0; i < elements; i++) placed[i] = value(i);
		used += 16 * Math.ceil((elements * bytes) / 16) + 16;
		return placed;
	};
	const a = place(span(m, k, product.a), irregular);
	const b = place(span(k, n, product.b), (i) => irregular(-i));
	const c = place(m * product.cRow, () => -7);
	const builder = new ModuleBuilder({ pages: 8 });
	defineGemm(builder, "multiply", product, tiles);
	const module = new WebAssembly.Module(builder.bytes());
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	const compute = exports.multiply as (...args: number[]) => void;
	const multiply = (from: number, to: number) =>
		compute(a.byteOffset, b.byteOffset, c.byteOffset, scratch, from, to);
	return { product, fused: tiles.fused, a, b, c, multiply };
}

/**
 * A sum with its terms in the order of k, rounded to the dtype after each step, and the greatest
 * error of any other order.
 */
interface Sum {
	readonly value: number;
	readonly bound: number;
}

/** What c should become. */
function inOrder({ product, fused, a, b, c }: Run): Sum[] {
	const single = product.dtype === "float32";
	const fusedSum = multiplyAdd(single ? 24 : 53);
	const round = single ? Math.fround : (x: number) => x;
	return Array.from(c, (before, at) => {
		const [i, j] = [Math.floor(at / product.cRow), at % product.cRow];
		if (j >= product.n) return { value: before, bound: 0 };
		let value = product.accumulate ? before : 0;
		let size = Math.abs(value);
		for (let q = 0; q < product.k; q++) {
			const x = a[i * product.a.row + q * product.a.column]!;
			const y = b[q * product.b.row + j * product.b.column]!;
			value = fused ? fusedSum(x, y, value) : round(value + round(x * y));
			size += Math.abs(x * y);
		}
		// Both orders are within k·ε/2 of the sum itself, relative to the sum of the sizes.
		return { value, bound: (product.k + 1) * size * (single ? 2 ** -23 : 2 ** -52) };
	});
}

/**
 * Computes all rows and compares with plain loops: bit for bit, unless the product is made of dot
 * products of rows.
 */
export function check(run: Run): void {
	const expected = inOrder(run);
	const exact = rowDots(run.product) === null;
	run.multiply(0, run.product.m);
	const wrong = expected.findIndex(({ value, bound }, i) => {
		if (Object.is(value, run.c[i])) return false;
		return exact || !(Math.abs(value - run.c[i]!) <= bound);
	});
	if (wrong < 0) return;
	const { m, n, k, dtype } = run.product;
	assert.unreachable(
		`${dtype} ${m}×${k} times ${k}×${n}, element ${wrong}: ${run.c[wrong]}, not ${expected[wrong]!.value}`,
	);
}
