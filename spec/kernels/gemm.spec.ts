import * as assert from "uvu/assert";
import { makeMatrixMemory, PANEL_DEPTH } from "../../lib/asm/matrix-memory.ts";
import { matmul, random } from "../../lib/index.ts";
import { gemm, gemmOfBatch, subtractProduct } from "../../lib/kernels/gemm.ts";
import type { Matrix } from "../../lib/kernels/matrix.ts";
import { suite } from "../suite.ts";

/** Numbers with full mantissas, so that another order of summation shows in the last bits. */
function irregular(size: number, seed: number): Float64Array {
	return Float64Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + seed) * 43.7585);
}

/**
 * Terms one by one, in the order of k: what every path of the matrix product must give, bit for
 * bit.
 */
function inOrder(m: number, n: number, k: number, a: Matrix, b: Matrix): number[] {
	return Array.from({ length: m * n }, (_, at) => {
		const [i, j] = [Math.floor(at / n), at % n];
		let sum = 0;
		for (let q = 0; q < k; q++) {
			sum +=
				a.array[a.offset + i * a.rowStride + q * a.columnStride]! *
				b.array[b.offset + q * b.rowStride + j * b.columnStride]!;
		}
		return sum;
	});
}

const blocks = { tall: 8, depth: 256, rowBlock: 256, packedRows: 512, fused: false } as const;

/** What multiplies: as it is chosen by size, JavaScript, and memory with tiles of two widths. */
const ways = [
	undefined,
	null,
	makeMatrixMemory({ tiles: { vectors: [6, 4, 2, 2], joined: 1, ...blocks } }),
	makeMatrixMemory({ tiles: { vectors: [8, 4, 4, 4], joined: 2, ...blocks } }),
];

suite("kinds/gemm", (test) => {
	test("every shape and layout is summed in the order of k, bit for bit", () => {
		// Across the small, the thin and the blocked path, remainders of tiles and of blocks (depth
		// 256, 126 or 192 columns).
		const sizes = [
			[3, 3, 3],
			[5, 7, 6],
			[6, 6, 6],
			[7, 8, 9],
			[1, 20, 30],
			[20, 1, 30],
			[2, 127, 257],
			[3, 130, 5],
			[9, 3, 600],
			[4, 7, 1],
			[5, 197, 30],
			[9, 11, 515],
			[15, 13, 12],
			[261, 196, 5],
			[4, 600, 260],
		] as const;
		for (const [m, n, k] of sizes) {
			const [storage, other] = [irregular(2 * m * k, 1), irregular(2 * n * k, 2)];
			const layouts: [Matrix, Matrix][] = [
				[
					{ array: storage, offset: 0, rowStride: k, columnStride: 1 },
					{ array: other, offset: 0, rowStride: n, columnStride: 1 },
				],
				[
					{ array: storage, offset: 0, rowStride: 1, columnStride: m },
					{ array: other, offset: 0, rowStride: 1, columnStride: k },
				],
				[
					{ array: storage, offset: 2 * m * k - 1, rowStride: -2 * k, columnStride: -2 },
					{ array: other, offset: 0, rowStride: 0, columnStride: 2 },
				],
			];
			for (const [a, b] of layouts) {
				const expected = inOrder(m, n, k, a, b);
				for (const [way, memory] of ways.entries()) {
					const out = new Float64Array(m * n + 1);
					gemm(m, n, k, a, b, out, 1, memory);
					const wrong = expected.findIndex((sum, i) => !Object.is(sum, out[i + 1]));
					assert.is(wrong, -1, `way ${way}: ${m}×${k} times ${k}×${n}, element ${wrong}`);
				}
			}
		}
	});

	test("sums in float32 are those in float64, rounded once, up to the depth of the panels", () => {
		for (const [m, n, k] of [
			[4, 7, 1],
			[3, 3, 3],
			[1, 5, PANEL_DEPTH],
			[9, 130, PANEL_DEPTH],
			[5, 7, 40],
			[5, 197, 20],
		] as const) {
			const a = { array: irregular(m * k, 1), offset: 0, rowStride: k, columnStride: 1 };
			const b = { array: irregular(k * n, 2), offset: 0, rowStride: n, columnStride: 1 };
			for (const memory of ways) {
				const out = new Float32Array(m * n);
				gemm(m, n, k, a, b, out, 0, memory);
				assert.equal([...out], inOrder(m, n, k, a, b).map(Math.fround));
			}
		}
	});

	test("products of float32 are rounded once, also those of more terms than the panels have", () => {
		for (const k of [1, PANEL_DEPTH, PANEL_DEPTH + 1, 3 * PANEL_DEPTH]) {
			const [x, w] = [random.normal(random.key(1), [12, k]), random.normal(random.key(2), [k, 10])];
			const [first, second] = [x.astype("float32"), w.astype("float32")];
			const exact = matmul(first.astype("float64"), second.astype("float64"));
			assert.equal([...matmul(first, second).data], [...exact.astype("float32").data]);
		}
	});

	test("a batch has the bits of its products one by one, whatever lies between them", () => {
		for (const [count, m, n, k] of [
			[3, 2, 2, 2],
			[40, 4, 4, 4],
			[5, 9, 7, 12],
			[300, 20, 30, 4],
			[3, 5, 200, 9],
		] as const) {
			const storage = irregular(3 * count * Math.max(m * k, k * n), 1);
			const row = { array: storage, offset: 3, rowStride: k, columnStride: 1 };
			const columns = { array: storage, offset: 1, rowStride: 1, columnStride: k };
			const gaps = { array: storage, offset: 0, rowStride: count, columnStride: count * m };
			for (const [a, aApart] of [
				[row, m * k],
				[row, 0],
				[row, 3 * m * k],
				[gaps, 1],
			] as const) {
				for (const bApart of [k * n, 0]) {
					for (const Sums of [Float64Array, Float32Array]) {
						const [together, each] = [new Sums(count * m * n), new Sums(count * m * n)];
						gemmOfBatch(count, m, n, k, a, aApart, columns, bApart, together);
						for (let i = 0; i < count; i++) {
							const left = { ...a, offset: a.offset + i * aApart };
							const right = { ...columns, offset: columns.offset + i * bApart };
							gemm(m, n, k, left, right, each, i * m * n, null);
						}
						assert.equal(together, each);
					}
				}
			}
		}
	});

	test("gemm adds to what is there, on every path and block after block", () => {
		const storage = new Float64Array(300 * 300).fill(1);
		const square: Matrix = { array: storage, offset: 0, rowStride: 300, columnStride: 1 };
		for (const [m, n, k] of [
			[2, 2, 4],
			[1, 9, 300],
			[3, 3, 300],
			[4, 6, 300],
		] as const) {
			for (const memory of ways) {
				const out = new Float64Array(m * n).fill(5);
				gemm(m, n, k, square, square, out, 0, memory);
				assert.equal([...out], new Array(m * n).fill(5 + k));
			}
		}
	});

	test("a product is taken off a part of wider rows term by term, on every path", () => {
		for (const [m, n, k] of [
			[4, 4, 1],
			[3, 3, 3],
			[1, 40, 50],
			[40, 1, 50],
			[17, 16, 16],
			[100, 200, 33],
			[64, 300, 260],
		] as const) {
			const stride = n + 5;
			const a = { array: irregular(m * k, 1), offset: 0, rowStride: 1, columnStride: m };
			const b = { array: irregular(k * n, 2), offset: 0, rowStride: n, columnStride: 1 };
			const start = irregular(m * stride + 2, 3);
			const expected = start.slice();
			for (let i = 0; i < m; i++) {
				for (let j = 0; j < n; j++) {
					const at = 2 + i * stride + j;
					for (let q = 0; q < k; q++) expected[at]! -= a.array[i + q * m]! * b.array[q * n + j]!;
				}
			}
			for (const [way, memory] of ways.entries()) {
				const out = start.slice();
				subtractProduct(m, n, k, a, b, { array: out, at: 2, stride }, memory);
				assert.equal(out, expected, `way ${way}: ${m}×${k} times ${k}×${n}`);
			}
		}
	});
});
