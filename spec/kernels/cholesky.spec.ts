import * as assert from "uvu/assert";
import {
	backpropagateUpper,
	copySymmetric,
	factorizeUpper,
	turnLower,
} from "../../lib/kernels/cholesky.ts";
import type { MatrixRows } from "../../lib/kernels/matrix.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";
import { matrixOf, noise, SIZES } from "./matrices.ts";

/** A positive definite matrix, the nearer to singular the smaller `least` is. */
function positive(n: number, least: number): Float64Array {
	const x = noise(n * n, n);
	const out = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		for (let j = 0; j < n; j++) {
			// Of fewer columns than rows: what is added decides how small the last pivots are.
			for (let k = 0; k < n / 2; k++) out[i * n + j]! += x[i * n + k]! * x[j * n + k]!;
		}
		out[i * n + i]! += least;
	}
	return out;
}

/** The factor by its definition, or the row whose pivot is not positive. */
function plainFactor(a: Float64Array, n: number): Float64Array | number {
	const l = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		for (let j = 0; j <= i; j++) {
			let rest = (a[i * n + j]! + a[j * n + i]!) / 2;
			for (let k = 0; k < j; k++) rest -= l[i * n + k]! * l[j * n + k]!;
			if (i === j && rest <= 0) return i;
			l[i * n + j] = i === j ? Math.sqrt(rest) : rest / l[j * n + j]!;
		}
	}
	return l;
}

/** The gradient by the lower triangle of A for one by L, step by step backwards. */
function plainGradient(l: Float64Array, g: Float64Array, n: number): Float64Array {
	const out = g.slice();
	for (let i = n - 1; i >= 0; i--) {
		for (let j = i; j >= 0; j--) {
			const at = i * n + j;
			const pivot = l[j * n + j]!;
			if (i === j) out[at]! /= 2 * pivot;
			else {
				out[at]! /= pivot;
				out[j * n + j]! -= out[at]! * l[at]!;
			}
			for (let k = 0; k < j; k++) {
				out[i * n + k]! -= out[at]! * l[j * n + k]!;
				out[j * n + k]! -= out[at]! * l[i * n + k]!;
			}
		}
	}
	return out;
}

/** MatrixRows within a wider array, so that a part that is mistaken for the whole shows. */
function within(n: number): MatrixRows {
	return { array: new Float64Array(n * (n + 3) + 5).fill(7), at: 5, stride: n + 3 };
}

suite("kernels/cholesky", (test) => {
	for (const least of [1, 1e-6]) {
		test(`blocks give the factor to the bit: ${least} added to the diagonal`, () => {
			for (const n of SIZES) {
				const a = positive(n, least);
				const rows = within(n);
				copySymmetric(matrixOf(a, n), rows, n);
				assert.ok(factorizeUpper(rows, n), `${n} rows`);
				turnLower(rows, n);
				const expected = plainFactor(a, n) as Float64Array;
				for (let i = 0; i < n; i++) {
					const from = rows.at + i * rows.stride;
					const row = rows.array.slice(from, from + n);
					assert.equal(row, expected.slice(i * n, (i + 1) * n), `row ${i} of ${n}`);
					if (i + 1 < n) assert.equal([...rows.array.slice(from + n, from + n + 3)], [7, 7, 7]);
				}
			}
		});
	}

	test("a pivot that is not positive is noticed wherever it stands", () => {
		for (const n of SIZES) {
			for (const at of new Set([0, Math.floor(n / 2), n - 1])) {
				for (const pivot of [0, -1e-9]) {
					const a = new Float64Array(n * n);
					for (let i = 0; i < n; i++) a[i * n + i] = i === at ? pivot : 1;
					assert.equal(plainFactor(a, n), at);
					assert.not(factorizeUpper({ array: a, at: 0, stride: n }, n), `${at} of ${n}`);
				}
			}
		}
	});

	test("gradients go backwards through blocks as through single steps", () => {
		for (const n of SIZES) {
			const l = plainFactor(positive(n, 1), n) as Float64Array;
			const [g, rows] = [noise(n * n, n + 1), within(n)];
			for (let i = 0; i < n; i++) {
				for (let j = i; j < n; j++) rows.array[rows.at + i * rows.stride + j] = g[j * n + i]!;
			}
			const upper = { array: l, offset: 0, rowStride: 1, columnStride: n };
			backpropagateUpper(upper, rows, n);
			const expected = plainGradient(l, g, n);
			const [own, theirs]: [number[], number[]] = [[], []];
			for (let i = 0; i < n; i++) {
				for (let j = i; j < n; j++) {
					own.push(rows.array[rows.at + i * rows.stride + j]!);
					theirs.push(expected[j * n + i]!);
				}
			}
			near(own, theirs, 1e-9);
		}
	});
});
