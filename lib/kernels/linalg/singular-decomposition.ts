import { identityMatrix } from "../factors.ts";
import { orthogonalFactors } from "./orthogonal-factors.ts";
import { leadingSign, rotateRows, scaleOf } from "./scaling.ts";

/** A matrix as U·diag(σ)·Vᵀ. */
export interface SingularDecomposition {
	/** m×k, its columns of length 1 and perpendicular; k is the lesser of m and n. */
	readonly u: Float64Array;
	/** Descending. */
	readonly values: Float64Array;
	/** n×k, in the same way as u. */
	readonly v: Float64Array;
}

/**
 * The thin singular value decomposition of an m×n matrix. In each column of u the element of
 * largest size is positive (the first, where several are). Pairs of columns are turned until all
 * are perpendicular: the one-sided method of Jacobi, which finds small singular values of matrices
 * with columns of very different size to all digits (J. Demmel and K. Veselić, "Jacobi's method is
 * more accurate than QR", 1992), down to 1e-154 of the greatest element, where squares vanish. All
 * NaN where an element is not finite.
 */
export function singularDecomposition(
	a: Float64Array,
	m: number,
	n: number,
): SingularDecomposition {
	const isWide = m < n;
	const [long, k] = isWide ? [n, m] : [m, n];
	const values = new Float64Array(k);
	const scale = scaleOf(a);
	if (Number.isNaN(scale)) {
		const [u, v] = [m * k, n * k].map((size) => new Float64Array(size).fill(scale));
		return { u: u!, values: values.fill(scale), v: v! };
	}
	// The taller of A and Aᵀ.
	const tall = new Float64Array(long * k);
	for (let i = 0; i < long; i++) {
		for (let j = 0; j < k; j++) tall[i * k + j] = scale * a[isWide ? j * n + i : i * n + j]!;
	}
	// Of Q·R the columns of R alone are turned; reflections keep the digits of small columns.
	const factors = long > TALL * k ? orthogonalFactors(tall, long, k) : null;
	const [core, height] = factors === null ? [tall, long] : [factors.r, k];
	// The columns lie in rows, as those of what turns them.
	const columns = Float64Array.from(
		core,
		(_, at) => core[(at % height) * k + Math.floor(at / height)]!,
	);
	const turns = identityMatrix(k);
	makePerpendicular(columns, turns, k, height);
	const lengths = Float64Array.from({ length: k }, (_, j) =>
		Math.sqrt(innerProduct(columns, j * height, columns, j * height, height)),
	);
	const order = Array.from(lengths.keys()).sort((i, j) => lengths[j]! - lengths[i]!);
	const [units, right] = [new Float64Array(height * k), new Float64Array(k * k)];
	for (const [j, row] of order.entries()) {
		values[j] = lengths[row]! / scale;
		const unit = unitVector(columns, row, height, lengths[row]!, units, j, k);
		for (let i = 0; i < height; i++) units[i * k + j] = unit[i]!;
		for (let i = 0; i < k; i++) right[i * k + j] = turns[row * k + i]!;
	}
	const left = factors === null ? units : product(factors.q, units, k);
	const [u, v] = isWide ? [right, left] : [left, right];
	fixSigns(u, v, k);
	return { u, values, v };
}

/** How many times as tall as wide a matrix is for which Q·R takes less time than it saves. */
const TALL = 1.5;

/** The product of a matrix with k columns and a k×k one. */
function product(a: Float64Array, b: Float64Array, k: number): Float64Array {
	const out = new Float64Array(a.length);
	for (let start = 0; start < a.length; start += k) {
		for (let l = 0; l < k; l++) {
			const factor = a[start + l]!;
			for (let j = 0; j < k; j++) out[start + j]! += factor * b[l * k + j]!;
		}
	}
	return out;
}

/** Turns columns of both so that the leading element of each column of u is positive. */
function fixSigns(u: Float64Array, v: Float64Array, k: number): void {
	for (let j = 0; j < k; j++) {
		const column = Float64Array.from({ length: u.length / k }, (_, i) => u[i * k + j]!);
		if (leadingSign(column, 0, column.length) > 0) continue;
		for (const x of [u, v]) for (let at = j; at < x.length; at += k) x[at] = -x[at]!;
	}
}

function innerProduct(
	a: Float64Array,
	atA: number,
	b: Float64Array,
	atB: number,
	n: number,
): number {
	let sum = 0;
	for (let i = 0; i < n; i++) sum += a[atA + i]! * b[atB + i]!;
	return sum;
}

/** Ten sweeps are the rule; as many as this are not known to be needed. */
const MOST_SWEEPS = 60;

/** Turns each pair of rows of length m into perpendicular ones, until all are. */
function makePerpendicular(rows: Float64Array, turns: Float64Array, k: number, m: number): void {
	const rounding = Number.EPSILON * Math.sqrt(m);
	const squares = new Float64Array(k);
	const square = (p: number) => innerProduct(rows, p * m, rows, p * m, m);
	for (let sweep = 0, turned = true; turned && sweep < MOST_SWEEPS; sweep++) {
		turned = false;
		for (let p = 0; p < k; p++) squares[p] = square(p);
		for (let p = 0; p < k; p++) {
			for (let q = p + 1; q < k; q++) {
				const between = innerProduct(rows, p * m, rows, q * m, m);
				const [first, second] = [squares[p]!, squares[q]!];
				if (Math.abs(between) <= rounding * Math.sqrt(first) * Math.sqrt(second)) continue;
				turned = true;
				const half = (first - second) / (2 * between);
				const t = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.sqrt(1 + half * half));
				const c = 1 / Math.sqrt(1 + t * t);
				rotateRows(rows, m, p, q, c, c * t);
				rotateRows(turns, k, p, q, c, c * t);
				// What one gains the other loses; where little is left of it, it is summed anew.
				const [grown, shrunk, rest] = t * between > 0 ? [p, q, second] : [q, p, first];
				squares[grown]! += Math.abs(t * between);
				squares[shrunk]! -= Math.abs(t * between);
				if (squares[shrunk]! < rest / 2) squares[shrunk] = square(shrunk);
			}
		}
	}
}

/**
 * Row `row` divided by its length; for length 0 the first unit vector that is left of it, away from
 * the first `count` columns of `known`.
 */
function unitVector(
	rows: Float64Array,
	row: number,
	m: number,
	length: number,
	known: Float64Array,
	count: number,
	k: number,
): Float64Array {
	if (length > 0) return rows.slice(row * m, (row + 1) * m).map((x) => x / length);
	for (let first = 0; ; first++) {
		const out = new Float64Array(m);
		out[first] = 1;
		// Once more, since the first time leaves rounding of the size of what is taken away.
		for (const _ of [1, 2]) {
			for (let j = 0; j < count; j++) {
				let part = 0;
				for (let i = 0; i < m; i++) part += known[i * k + j]! * out[i]!;
				for (let i = 0; i < m; i++) out[i]! -= part * known[i * k + j]!;
			}
		}
		const rest = Math.sqrt(innerProduct(out, 0, out, 0, m));
		// One of the m unit vectors keeps at least 1/√m of its length.
		if (rest > 0.5 / Math.sqrt(m)) return out.map((x) => x / rest);
	}
}
