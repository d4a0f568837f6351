import { identityMatrix } from "../factors.ts";
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
	const [values, left, right] = [k, long * k, k * k].map((size) => new Float64Array(size)) as [
		Float64Array,
		Float64Array,
		Float64Array,
	];
	const scale = scaleOf(a);
	const [u, v] = isWide ? [right, left] : [left, right];
	if (Number.isNaN(scale)) {
		for (const part of [u, values, v]) part.fill(scale);
		return { u, values, v };
	}
	// The columns of the taller of A and Aᵀ lie in rows, as those of what turns them.
	const columns = new Float64Array(k * long);
	for (let j = 0; j < k; j++) {
		for (let i = 0; i < long; i++) {
			columns[j * long + i] = scale * a[isWide ? j * n + i : i * n + j]!;
		}
	}
	const turns = identityMatrix(k);
	makePerpendicular(columns, turns, k, long);
	const lengths = Float64Array.from({ length: k }, (_, j) =>
		Math.sqrt(innerProduct(columns, j * long, columns, j * long, long)),
	);
	const order = Array.from(lengths.keys()).sort((i, j) => lengths[j]! - lengths[i]!);
	for (const [j, row] of order.entries()) {
		values[j] = lengths[row]! / scale;
		const unit = unitVector(columns, row, long, lengths[row]!, left, j, k);
		const sign = isWide ? leadingSign(turns, row * k, k) : leadingSign(unit, 0, long);
		for (let i = 0; i < long; i++) left[i * k + j] = sign * unit[i]!;
		for (let i = 0; i < k; i++) right[i * k + j] = sign * turns[row * k + i]!;
	}
	return { u, values, v };
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
