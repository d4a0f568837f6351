import {
	type Factors,
	factorize,
	identityMatrix,
	multiplyByOthers,
	solveFactored,
	solveLower,
	solveUpper,
} from "./factors.ts";
import { gemm } from "./gemm.ts";
import type { Matrix } from "./matrix.ts";
import { scaledProduct } from "./scaled-product.ts";

// The adjugate of A + ε₁·H₁ + … + εₖ·Hₖ, and of that what stands with ε₁·…·εₖ: the k-th derivative
// of the adjugate at A. Its elements are sums of products of minors, and no step divides by a
// pivot, so it is as exact at a singular matrix. With A = L·D·U (rows and columns in another
// order), adj(A + ε·H) = ±U⁻¹·adj(D + ε·K)·L⁻¹ where K = L⁻¹·H·U⁻¹, so A may be taken as diagonal.

/**
 * The adjugate of an n×n matrix, or its derivative along matrices: linear in each, and the same in
 * any order of them.
 */
export function adjugateAlong(
	a: Float64Array,
	n: number,
	along: readonly Float64Array[],
): Float64Array {
	const factors = factorize(a, n);
	const identity = identityMatrix(n);
	if (along.length === 0) {
		return signed(factors, solveFactored(factors, multiplyByOthers, identity, n));
	}
	const left = solveLower(factors, identity, n);
	const right = solveUpper(factors, identity, n);
	const turned = along.map((h) => product(product(left, h, n), right, n));
	const middle = along.length === 1 ? alongOne(factors, turned[0]!) : alongSeveral(factors, turned);
	return signed(factors, product(product(right, middle, n), left, n));
}

/** The same with the sign of the order of rows and columns, in place. */
function signed({ sign }: Factors, x: Float64Array): Float64Array {
	for (let i = 0; i < x.length; i++) x[i]! *= sign;
	return x;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
	const out = new Float64Array(n * n);
	gemm(n, n, n, rowMajor(a, n), rowMajor(b, n), out, 0);
	return out;
}

function rowMajor(storage: Float64Array, n: number): Matrix {
	return { array: storage, offset: 0, rowStride: n, columnStride: 1 };
}

/** For places in ascending order: a number times the pivots that stand at none of them. */
function timesOthers({ n, pivots }: Factors): (factor: number, ...places: number[]) => number {
	const rest = new Float64Array(n + 1);
	return (factor, ...places) => {
		let [next, count] = [0, 1];
		rest[0] = factor;
		for (let i = 0; i < n; i++) {
			if (i === places[next]) next++;
			else rest[count++] = pivots[i]!;
		}
		return scaledProduct(rest, 0, count);
	};
}

/**
 * The derivative of the adjugate at D along K: with each pair of places its 2×2 minor's adjugate,
 * times the other pivots.
 */
function alongOne(factors: Factors, k: Float64Array): Float64Array {
	const { n } = factors;
	const times = timesOthers(factors);
	const out = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		for (let j = i + 1; j < n; j++) {
			out[i * n + i]! += times(k[j * n + j]!, i, j);
			out[j * n + j]! += times(k[i * n + i]!, i, j);
			out[i * n + j] = -times(k[i * n + j]!, i, j);
			out[j * n + i] = -times(k[j * n + i]!, i, j);
		}
	}
	return out;
}

/**
 * The same along several matrices: with each choice of one place more than there are matrices, that
 * of its minors.
 */
function alongSeveral(factors: Factors, along: readonly Float64Array[]): Float64Array {
	const { n } = factors;
	const times = timesOthers(factors);
	const out = new Float64Array(n * n);
	const m = along.length + 1;
	for (const places of choices(n, m)) {
		const minors = along.map((k) =>
			Float64Array.from({ length: m * m }, (_, at) => {
				return k[places[Math.floor(at / m)]! * n + places[at % m]!]!;
			}),
		);
		for (const [at, value] of polarized(minors, m).entries()) {
			out[places[Math.floor(at / m)]! * n + places[at % m]!]! += times(value, ...places);
		}
	}
	return out;
}

/** Every choice of m numbers below n, in ascending order. */
function* choices(n: number, m: number, from = 0): Generator<number[]> {
	if (m === 0) yield [];
	for (let first = from; first <= n - m && m > 0; first++) {
		for (const rest of choices(n, m - 1, first + 1)) yield [first, ...rest];
	}
}

/**
 * The part of adj(ΣK) that is linear in each of m − 1 matrices of m×m, of whose elements the
 * adjugate has products of m − 1: by adding and leaving out each of them, as xy = ½·((x + y)² − x²
 * − y²).
 */
function polarized(along: readonly Float64Array[], m: number): Float64Array {
	const out = new Float64Array(m * m);
	// As all of one size, lest the small ones are lost beside the great.
	const sizes = along.map((k) => k.reduce((size, x) => Math.max(size, Math.abs(x)), 0));
	const scale = sizes.reduce((x, y) => x * y, 1);
	if (scale === 0) return out;
	for (let chosen = 1; chosen < 2 ** along.length; chosen++) {
		const sum = new Float64Array(m * m);
		let sign = along.length % 2 === 0 ? scale : -scale;
		for (const [i, k] of along.entries()) {
			if (((chosen >> i) & 1) === 0) continue;
			sign = -sign;
			for (const [at, x] of k.entries()) sum[at]! += x / sizes[i]!;
		}
		for (const [at, x] of adjugateAlong(sum, m, []).entries()) out[at]! += sign * x;
	}
	return out;
}
