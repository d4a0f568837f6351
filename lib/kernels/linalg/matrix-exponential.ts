import { eliminate } from "../elimination.ts";
import { identityMatrix } from "../factors.ts";
import { gemm } from "../gemm.ts";
import { asMatrix, type MatrixRows } from "../matrix.ts";
import { solveTriangle } from "../triangles.ts";

// exp A by scaling and squaring: a quotient of polynomials for A/2ˢ, squared s times. Orders and s
// are chosen by the sizes of powers of A, which for matrices far from normal are much less than
// powers of the size of A (A. Al-Mohy and N. Higham, "A new scaling and squaring algorithm for the
// matrix exponential", 2009, algorithm 6.1, with the powers themselves in place of estimates).

/** For each order up to which size the quotient is exact to rounding. */
const ORDERS: readonly (readonly [order: number, size: number])[] = [
	[3, 1.495585217958292e-2],
	[5, 2.53939833006323e-1],
	[7, 9.504178996162932e-1],
	[9, 2.097847961257068],
];
const [LAST_ORDER, LAST_SIZE] = [13, 4.25];
/** exp A = I + A + A²/2 + … of an n×n matrix. */
export function matrixExponential(a: Float64Array, n: number): Float64Array {
	if (n === 1) return a.map(Math.exp);
	const size = columnNorm(a, n);
	if (!Number.isFinite(size)) return new Float64Array(n * n).fill(Number.NaN);
	const { quotient, squarings } = quotientFor(a, n);
	let out = quotient;
	for (let i = 0; i < squarings; i++) out = product(out, out, n);
	return out;
}

/** The quotient for A/2ˢ, and s. */
function quotientFor(a: Float64Array, n: number): { quotient: Float64Array; squarings: number } {
	const root = (x: Float64Array, power: number) => columnNorm(x, n) ** (1 / power);
	const square = product(a, a, n);
	const fourth = product(square, square, n);
	const sixth = product(fourth, square, n);
	const powers = [identityMatrix(n), square, fourth, sixth];
	const eighth = product(fourth, fourth, n);
	const small = Math.max(root(fourth, 4), root(sixth, 6));
	const greater = Math.max(root(sixth, 6), root(eighth, 8));
	for (const [order, limit] of ORDERS) {
		const isSmall = (order < 7 ? small : greater) <= limit;
		if (!isSmall || moreScaling(a, n, order) > 0) continue;
		return { quotient: quotientOf(a, [...powers, eighth], order, n), squarings: 0 };
	}
	const tenth = root(product(fourth, sixth, n), 10);
	if (!Number.isFinite(tenth + greater)) {
		// Powers overflow: at size 1 they do not.
		const halvings = Math.ceil(Math.log2(columnNorm(a, n)));
		const part = a.map((x) => x * 2 ** -halvings);
		const { quotient, squarings } = quotientFor(part, n);
		return { quotient, squarings: squarings + halvings };
	}
	const least = Math.min(greater, Math.max(root(eighth, 8), tenth));
	let squarings = Math.max(0, Math.ceil(Math.log2(least / LAST_SIZE)));
	squarings += moreScaling(
		a.map((x) => x * 2 ** -squarings),
		n,
		LAST_ORDER,
	);
	const scaled = powers.map((power, i) => power.map((x) => x * 2 ** (-2 * i * squarings)));
	const quotient = quotientOf(
		a.map((x) => x * 2 ** -squarings),
		scaled,
		LAST_ORDER,
		n,
	);
	return { quotient, squarings };
}

/** The greatest sum of sizes of a column. */
function columnNorm(a: Float64Array, n: number): number {
	const sums = new Float64Array(n);
	for (let i = 0; i < a.length; i++) sums[i % n]! += Math.abs(a[i]!);
	return sums.reduce((x, y) => Math.max(x, y), 0);
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
	const out = new Float64Array(n * n);
	const matrix = (array: Float64Array) => ({ array, offset: 0, rowStride: n, columnStride: 1 });
	gemm(n, n, n, matrix(a), matrix(b), out, 0);
	return out;
}

/**
 * How many times more A is to be halved, lest the first term that the quotient leaves out, which
 * grows with |A| and not with A, is above rounding. Sizes are logarithms: |A| to such a power would
 * overflow.
 */
function moreScaling(a: Float64Array, n: number, order: number): number {
	let sums = new Float64Array(n).fill(1);
	let logarithm = -Math.log2(columnNorm(a, n));
	for (let power = 0; power < 2 * order + 1; power++) {
		const next = new Float64Array(n);
		for (let i = 0; i < n; i++) {
			for (let j = 0; j < n; j++) next[j]! += sums[i]! * Math.abs(a[i * n + j]!);
		}
		const greatest = next.reduce((x, y) => Math.max(x, y), 0);
		if (greatest === 0) return 0;
		logarithm += Math.log2(greatest);
		sums = next.map((x) => x / greatest);
	}
	// The factor of that term is 1 over (2m)!/(m!)² · (2m + 1)!.
	for (let i = 1; i <= order; i++) logarithm -= Math.log2((order + i) / i);
	for (let i = 2; i <= 2 * order + 1; i++) logarithm -= Math.log2(i);
	return Math.max(0, Math.ceil((logarithm + 53) / (2 * order)));
}

/**
 * (V − U)⁻¹·(V + U): U has the odd and V the even terms of Padé's polynomial of this order, made of
 * the powers A⁰, A², A⁴, … that are given; what is beyond them comes by A⁶ times a polynomial.
 */
function quotientOf(
	a: Float64Array,
	powers: readonly Float64Array[],
	order: number,
	n: number,
): Float64Array {
	const weights = [1];
	for (let j = 1; j <= order; j++) {
		weights.push((weights[j - 1]! * (order - j + 1)) / ((2 * order - j + 1) * j));
	}
	const terms = (odd: number) => {
		const low = new Float64Array(n * n);
		const high = new Float64Array(n * n);
		for (let j = odd; j <= order; j += 2) {
			const power = (j - odd) / 2;
			const isLow = power < powers.length;
			const [into, by] = isLow ? [low, powers[power]!] : [high, powers[power - 3]!];
			for (let i = 0; i < n * n; i++) into[i]! += weights[j]! * by[i]!;
		}
		if (order < LAST_ORDER) return low;
		const beyond = product(powers[3]!, high, n);
		return low.map((x, i) => x + beyond[i]!);
	};
	const [even, odd] = [terms(0), product(a, terms(1), n)];
	return solved(
		even.map((x, i) => x - odd[i]!),
		even.map((x, i) => x + odd[i]!),
		n,
	);
}

/**
 * A⁻¹·B for n×n matrices, by elimination with partial pivoting, which leaves a triangular A as it
 * is. `a` is used up.
 */
function solved(a: Float64Array, b: Float64Array, n: number): Float64Array {
	const order = Int32Array.from({ length: n }, (_, i) => i);
	eliminate(a, n, n, order);
	const x = new Float64Array(n * n);
	for (let i = 0; i < n; i++) x.set(b.subarray(order[i]! * n, (order[i]! + 1) * n), i * n);
	const rows = (array: Float64Array): MatrixRows => ({ array, at: 0, stride: n });
	const matrix = asMatrix(rows(a));
	solveTriangle({ matrix, lower: true, unit: true }, rows(x), n, n);
	solveTriangle({ matrix, lower: false, unit: false }, rows(x), n, n);
	return x;
}
