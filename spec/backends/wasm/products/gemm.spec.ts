import * as assert from "uvu/assert";
import { ModuleBuilder } from "../../../../lib/asm/assembler.ts";
import { f32, f64, i32 } from "../../../../lib/asm/scalar.ts";
import { type Tiles, vectorsOf } from "../../../../lib/asm/tile.ts";
import {
	isLeftPacked,
	rowStep,
	scratchBytes,
} from "../../../../lib/backends/wasm/products/blocks.ts";
import { defineGemm } from "../../../../lib/backends/wasm/products/gemm.ts";
import { rowDots } from "../../../../lib/backends/wasm/products/matrix-vector.ts";
import type { MatrixProduct, Strides } from "../../../../lib/backends/wasm/products/product.ts";
import { suite } from "../../../suite.ts";

/** Small blocks, so that small products have several. */
const small: Tiles = { vectors: [3, 3, 2, 2], depth: 5, rowBlock: 8 };
const wide: Tiles = { vectors: [8, 4, 4, 4], depth: 64, rowBlock: 64 };

/** Numbers with full mantissas, so that another order of summation shows in the last bits. */
const irregular = (i: number) => Math.sin(i * 12.9898 + 1) * 43.7585;

const dtypes = ["float32", "float64"] as const;

interface Run {
	readonly product: MatrixProduct;
	readonly a: Float32Array | Float64Array;
	readonly b: Float32Array | Float64Array;
	readonly c: Float32Array | Float64Array;
	/** Computes rows of c. */
	readonly multiply: (rowStart: number, rowEnd: number) => void;
}

/** A product in memory of its own, with two elements of −7 beyond each row of c. */
function prepare(
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
	return { product, a, b, c, multiply };
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
function inOrder({ product, a, b, c }: Run): Sum[] {
	const single = product.dtype === "float32";
	const round = single ? Math.fround : (x: number) => x;
	return Array.from(c, (before, at) => {
		const [i, j] = [Math.floor(at / product.cRow), at % product.cRow];
		if (j >= product.n) return { value: before, bound: 0 };
		let value = product.accumulate ? before : 0;
		let size = Math.abs(value);
		for (let q = 0; q < product.k; q++) {
			const x = a[i * product.a.row + q * product.a.column]!;
			const term = round(x * b[q * product.b.row + j * product.b.column]!);
			value = round(value + term);
			size += Math.abs(term);
		}
		// Both orders are within k·ε/2 of the sum itself, relative to the sum of the sizes.
		return { value, bound: (product.k + 1) * size * (single ? 2 ** -23 : 2 ** -52) };
	});
}

/**
 * Computes all rows and compares with plain loops: bit for bit, unless the product is made of dot
 * products of rows.
 */
function check(run: Run): void {
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

const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, i) => from + i);

suite("wasm/gemm", (test) => {
	test("every size up to a few tiles is summed in the order of k, bit for bit", () => {
		for (const dtype of dtypes) {
			for (const n of range(0, 20)) {
				for (const [m, k] of [
					[0, 3],
					[1, 7],
					[2, 0],
					[3, 5],
					[4, 6],
					[9, 11],
					[21, 17],
				] as const) {
					check(prepare([m, n, k], small, { dtype }));
				}
			}
		}
	});

	test("operands may be transposes, have gaps, or repeat a row", () => {
		for (const dtype of dtypes) {
			for (const [m, n, k] of [
				[5, 6, 7],
				[1, 9, 4],
				[9, 1, 4],
				[6, 13, 12],
			] as const) {
				for (const a of [
					{ row: k, column: 1 },
					{ row: 1, column: m },
					{ row: 2 * k + 1, column: 2 },
					{ row: 0, column: 1 },
				]) {
					for (const b of [
						{ row: n, column: 1 },
						{ row: 1, column: k },
						{ row: n + 3, column: 1 },
						{ row: 1, column: 0 },
					]) {
						check(prepare([m, n, k], small, { dtype, a, b }));
					}
				}
			}
		}
	});

	test("rows or columns of a that lie a power of two apart are packed, and give the same bits", () => {
		for (const dtype of dtypes) {
			const { bytes } = vectorsOf(dtype);
			for (const tiles of [small, wide]) {
				for (const a of [
					{ row: 4096 / bytes, column: 1 },
					{ row: 1, column: 2048 / bytes },
				]) {
					for (const m of [35, 72]) {
						const run = prepare([m, 33, 12], tiles, { dtype, a, accumulate: true });
						assert.ok(isLeftPacked(run.product));
						check(run);
					}
				}
			}
		}
	});

	test("it adds to what is there when it is told to", () => {
		for (const dtype of dtypes) {
			for (const n of [1, 3, 9, 10]) {
				check(prepare([6, n, 12], small, { dtype, accumulate: true }));
				check(prepare([1, n, 12], small, { dtype, accumulate: true, b: { row: 1, column: 12 } }));
				check(prepare([6, n, 0], small, { dtype, accumulate: true }));
			}
		}
	});

	test("wider tiles and blocks of the size that is used give the same bits", () => {
		for (const dtype of dtypes) {
			for (const n of [5, 17, 40]) {
				check(prepare([70, n, 70], wide, { dtype }));
				check(prepare([37, n, 64], wide, { dtype, b: { row: 1, column: 64 } }));
			}
		}
	});

	test("ranges of rows that together are all give the same, and leave other rows alone", () => {
		const direct = { m: 23, n: 9, options: {} };
		const packed = { m: 39, n: 33, options: { a: { row: 1, column: 256 } } };
		for (const tiles of [small, wide]) {
			for (const { m, n, options } of [direct, packed]) {
				const make = () => prepare([m, n, 12], tiles, options);
				const [whole, parts] = [make(), make()];
				const step = rowStep(whole.product, tiles);
				whole.multiply(0, m);
				parts.multiply(2 * step, 4 * step);
				const after = 4 * step * (n + 2);
				assert.ok(parts.c.subarray(after).every((x) => x === -7));
				parts.multiply(0, 2 * step);
				parts.multiply(4 * step, m);
				assert.equal([...parts.c], [...whole.c]);
			}
		}
	});

	test("products with a vector along the sums are within the error of any order of summation", () => {
		for (const dtype of dtypes) {
			for (const k of [0, 1, 2, 3, 4, 7, 8, 9, 16, 37]) {
				for (const count of [1, 3, 4, 6, 9]) {
					const column = { row: 1, column: 5 };
					const run = prepare([count, 1, k], small, { dtype, b: column, accumulate: true });
					const row = prepare([1, count, k], small, { dtype, b: { row: 1, column: k + 1 } });
					for (const some of [run, row]) {
						assert.ok(rowDots(some.product) !== null);
						check(some);
					}
				}
			}
		}
	});

	test("the finish runs on complete sums, and knows where they lie", () => {
		for (const dtype of dtypes) {
			const type = vectorsOf(dtype);
			for (const n of [1, 2, 4, 7, 13]) {
				const lane = (start: Parameters<typeof i32.add>[0]) =>
					type.splat((dtype === "float32" ? f32 : f64).convertI32(i32.add(start, 0)) as never);
				const run = prepare([6, n, 12], small, {
					dtype,
					epilogue: {
						others: 0,
						begin:
							(f, c) =>
							({ row, offset, inRow, sums }) => [
								{
									at: i32.add(c, offset),
									values: sums.map((sum) => {
										const start = lane(i32.add(i32.sub(offset, inRow), row));
										return f.let(type.add(type.mul(sum, 2), start));
									}),
								},
							],
					},
				});
				const plain = prepare([6, n, 12], small, { dtype });
				run.multiply(0, 6);
				plain.multiply(0, 6);
				const round = dtype === "float32" ? Math.fround : (x: number) => x;
				const expected = Array.from(plain.c, (x, at) => {
					const row = Math.floor(at / (n + 2));
					return at % (n + 2) < n ? round(2 * x + row * (n + 2) * type.bytes + row) : -7;
				});
				assert.equal([...run.c], expected);
			}
		}
	});

	test("NaN and infinity reach exactly the sums that they are terms of", () => {
		const run = prepare([6, 9, 12], small);
		run.a[2 * 12 + 3] = Number.NaN;
		run.b[5 * 9 + 7] = Number.POSITIVE_INFINITY;
		run.a[4 * 12 + 5] = 0;
		check(run);
		assert.ok(Number.isNaN(run.c[2 * 11]));
		assert.ok(Math.abs(run.c[7]!) === Number.POSITIVE_INFINITY);
		assert.ok(Number.isNaN(run.c[4 * 11 + 7]));
		assert.ok(Number.isFinite(run.c[0]));
	});
});
