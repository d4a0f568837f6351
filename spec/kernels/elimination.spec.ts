import * as assert from "uvu/assert";
import { eliminate, factored } from "../../lib/kernels/elimination.ts";
import {
	determinantOf,
	type Factors,
	factorize,
	identityMatrix,
	inverseOf,
	isSingular,
	solveDiagonal,
	solveFactored,
} from "../../lib/kernels/factors.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";
import { noise, SIZES } from "./matrices.ts";

/** L·D·U, its rows and columns in the order of the matrix. */
function product({ n, triangles, pivots, rows, columns }: Factors): Float64Array {
	const out = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		for (let j = 0; j < n; j++) {
			let sum = 0;
			for (let k = 0; k <= Math.min(i, j); k++) {
				const left = k === i ? 1 : triangles[i * n + k]!;
				const right = k === j ? 1 : triangles[k * n + j]!;
				sum += left * pivots[k]! * right;
			}
			out[rows[i]! * n + columns[j]!] = sum;
		}
	}
	return out;
}

/** A matrix whose last row is made of the others, so that only the last pivot is 0. */
function singular(n: number): Float64Array {
	const a = Float64Array.from(noise(n * n, n), (x) => Math.round(8 * x));
	for (let i = 0; i < n; i++) a[i * n + i]! += 64 * n;
	for (let j = 0; j < n; j++) a[(n - 1) * n + j] = a[j]!;
	return a;
}

/** Elimination column by column. */
function plain(a: Float64Array, m: number, n: number, order?: Int32Array): void {
	for (let k = 0; k < Math.min(m, n); k++) {
		let greatest = k;
		for (let i = k; i < m; i++) {
			if (Math.abs(a[i * n + k]!) > Math.abs(a[greatest * n + k]!)) greatest = i;
		}
		if (order !== undefined && greatest !== k) {
			for (let j = 0; j < n; j++) {
				[a[k * n + j], a[greatest * n + j]] = [a[greatest * n + j]!, a[k * n + j]!];
			}
			[order[k], order[greatest]] = [order[greatest]!, order[k]!];
		}
		for (let i = k + 1; i < m; i++) {
			a[i * n + k]! /= a[k * n + k]!;
			for (let j = k + 1; j < n; j++) a[i * n + j]! -= a[i * n + k]! * a[k * n + j]!;
		}
	}
}

suite("kernels/elimination", (test) => {
	test("blocks eliminate to the bit as single columns do, in tall and wide matrices too", () => {
		for (const n of SIZES) {
			for (const m of [n, n + 1, n + 40, Math.ceil(n / 2), Math.max(1, n - 17)]) {
				for (const seeks of [true, false]) {
					const a = noise(m * n, n);
					if (!seeks) for (let i = 0; i < Math.min(m, n); i++) a[i * n + i]! += n;
					const [own, expected] = [a.slice(), a.slice()];
					const places = () => Int32Array.from({ length: m }, (_, i) => i);
					const [order, expectedOrder] = seeks ? [places(), places()] : [];
					eliminate(own, m, n, order);
					plain(expected, m, n, expectedOrder);
					assert.equal(own, expected, `${m}×${n}`);
					assert.equal(order, expectedOrder);
				}
			}
		}
	});

	test("the factors of blocks give the matrix, and no element of L is above 1", () => {
		for (const n of SIZES) {
			const a = noise(n * n, n);
			const factors = factored(a.slice(), n);
			near([...product(factors)], [...a], 1e-12);
			for (let i = 0; i < n; i++) {
				for (let j = 0; j < i; j++) assert.ok(Math.abs(factors.triangles[i * n + j]!) <= 1);
			}
		}
	});

	test("determinants and solutions are those of elimination step by step", () => {
		for (const n of SIZES) {
			const a = noise(n * n, n);
			const [blocked, plain] = [factored(a.slice(), n), factorize(a.slice(), n)];
			near(determinantOf(blocked) / determinantOf(plain), 1, 1e-10);
			const b = noise(n * 3, n + 1);
			const [x, y] = [blocked, plain].map((factors) => solveFactored(factors, solveDiagonal, b, 3));
			const size = Math.max(...y!.map(Math.abs));
			near(
				[...x!].map((value) => value / size),
				[...y!].map((value) => value / size),
				1e-10,
			);
		}
	});

	test("the inverse is the solution for the identity", () => {
		for (const n of SIZES) {
			for (const factors of [factored, factorize].map((f) => f(noise(n * n, n), n))) {
				const x = solveFactored(factors, solveDiagonal, identityMatrix(n), n);
				assert.equal(inverseOf(factors), x, `${n} rows`);
			}
			const huge = factored(identityMatrix(n).fill(1e-310, 0, 1), n);
			assert.is(inverseOf(huge)[0], Number.POSITIVE_INFINITY);
			assert.is(inverseOf(huge).at(-1), n === 1 ? Number.POSITIVE_INFINITY : 1);
		}
	});

	test("a nearly singular matrix is solved with the residual of rounding", () => {
		for (const n of SIZES.filter((size) => size > 16)) {
			const a = singular(n);
			a[n * n - 1]! += 1e-6;
			const b = noise(n, n);
			const x = solveFactored(factored(a.slice(), n), solveDiagonal, b, 1);
			const size = 64 * n * Math.max(...x.map(Math.abs));
			for (let i = 0; i < n; i++) {
				let rest = b[i]!;
				for (let j = 0; j < n; j++) rest -= a[i * n + j]! * x[j]!;
				assert.ok(Math.abs(rest) <= 1e-14 * size, `row ${i} of ${n}: ${rest}`);
			}
		}
	});

	test("a pivot of 0 is noticed wherever it stands, a NaN is none", () => {
		for (const n of SIZES) {
			for (const at of new Set([0, Math.floor(n / 2), n - 1])) {
				const a = new Float64Array(n * n);
				for (let i = 0; i < n; i++) a[i * n + ((i + 1) % n)] = i === at ? 0 : 2;
				assert.ok(isSingular(factored(a.slice(), n)), `${at} of ${n}`);
				assert.is(Math.abs(determinantOf(factored(a.slice(), n))), 0);
				a[at * n + ((at + 1) % n)] = Number.NaN;
				assert.not(isSingular(factored(a, n)), `NaN ${at} of ${n}`);
			}
			if (n > 1) assert.ok(isSingular(factored(singular(n), n)), `equal rows of ${n}`);
		}
	});
});
