import { identityMatrix } from "../factors.ts";
import { leadingSign, rotateRows, scaleOf } from "./scaling.ts";

/**
 * Eigenvalues in ascending order, and the eigenvectors, of length 1, as the columns of a matrix;
 * of each the element of largest size is positive (the first, where several are). `a` stands for
 * its symmetric part and is used up. It is brought to tridiagonal form by reflections, and that to
 * diagonal form by QR steps with Wilkinson's shift (G. H. Golub and C. F. Van Loan, "Matrix
 * Computations", 4th ed., sections 8.3.1 and 8.3.5). All NaN where an element is not finite.
 */
export function symmetricEigen(
	a: Float64Array,
	n: number,
): { values: Float64Array; vectors: Float64Array } {
	const scale = scaleOf(a);
	const [values, vectors] = [new Float64Array(n), new Float64Array(n * n)];
	if (Number.isNaN(scale)) return { values: values.fill(scale), vectors: vectors.fill(scale) };
	for (let i = 0; i < n; i++) {
		for (let j = 0; j <= i; j++) {
			const mean = (scale * a[i * n + j]!) / 2 + (scale * a[j * n + i]!) / 2;
			a[i * n + j] = mean;
			a[j * n + i] = mean;
		}
	}
	// The rows of z are the vectors.
	const { diagonal, beside, z } = tridiagonalize(a, n);
	diagonalize(diagonal, beside, z, n);
	const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[i]! - diagonal[j]!);
	for (const [column, row] of order.entries()) {
		values[column] = diagonal[row]! / scale;
		const sign = leadingSign(z, row * n, n);
		for (let i = 0; i < n; i++) vectors[i * n + column] = sign * z[row * n + i]!;
	}
	return { values, vectors };
}

/** A = Zᵀ·T·Z with T tridiagonal; the lower triangle of `a` is used up. */
function tridiagonalize(a: Float64Array, n: number) {
	const z = identityMatrix(n);
	const beside = new Float64Array(n);
	const [v, w] = [new Float64Array(n), new Float64Array(n)];
	for (let k = 0; k < n - 2; k++) {
		let length = 0;
		for (let i = k + 1; i < n; i++) {
			v[i] = a[i * n + k]!;
			length += v[i]! * v[i]!;
		}
		length = Math.sqrt(length);
		// The reflection I − v·vᵀ/h takes the column to ∓length times the first unit vector.
		const first = v[k + 1]!;
		beside[k] = first > 0 ? -length : length;
		v[k + 1] = first - beside[k]!;
		const h = -beside[k]! * v[k + 1]!;
		if (h === 0) {
			beside[k] = first;
			continue;
		}
		multiplyRest(a, n, k + 1, v, w, h);
		let inner = 0;
		for (let i = k + 1; i < n; i++) inner += v[i]! * w[i]!;
		for (let i = k + 1; i < n; i++) w[i]! -= (inner / (2 * h)) * v[i]!;
		for (let i = k + 1; i < n; i++) {
			for (let j = k + 1; j <= i; j++) {
				a[i * n + j]! -= v[i]! * w[j]! + w[i]! * v[j]!;
			}
		}
		reflectRows(z, n, k + 1, v, h);
	}
	if (n > 1) beside[n - 2] = a[(n - 1) * n + n - 2]!;
	const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i]!);
	return { diagonal, beside, z };
}

/** w = A·v/h from row and column `from` on, by the lower triangle of A. */
function multiplyRest(
	a: Float64Array,
	n: number,
	from: number,
	v: Float64Array,
	w: Float64Array,
	h: number,
): void {
	w.fill(0);
	for (let i = from; i < n; i++) {
		let sum = a[i * n + i]! * v[i]!;
		for (let j = from; j < i; j++) {
			const x = a[i * n + j]!;
			sum += x * v[j]!;
			w[j]! += x * v[i]!;
		}
		w[i]! += sum;
	}
	for (let i = from; i < n; i++) w[i]! /= h;
}

/** (I − v·vᵀ/h)·Z for the rows from `from` on. */
function reflectRows(z: Float64Array, n: number, from: number, v: Float64Array, h: number): void {
	const sums = new Float64Array(n);
	for (let i = from; i < n; i++) {
		for (let j = 0; j < n; j++) sums[j]! += v[i]! * z[i * n + j]!;
	}
	for (let i = from; i < n; i++) {
		const factor = v[i]! / h;
		for (let j = 0; j < n; j++) z[i * n + j]! -= factor * sums[j]!;
	}
}

/**
 * Makes the elements beside the diagonal vanish, from the end on. Three steps an eigenvalue are the
 * rule; as many as this are not known to be needed.
 */
const MOST_STEPS = 60;

function diagonalize(d: Float64Array, e: Float64Array, z: Float64Array, n: number): void {
	const vanishes = (i: number) =>
		Math.abs(e[i]!) <= Number.EPSILON * (Math.abs(d[i]!) + Math.abs(d[i + 1]!));
	for (let end = n - 1, steps = 0; end > 0; ) {
		if (vanishes(end - 1) || steps === MOST_STEPS) {
			e[end - 1] = 0;
			end--;
			steps = 0;
			continue;
		}
		let start = end - 1;
		while (start > 0 && !vanishes(start - 1)) start--;
		if (start > 0) e[start - 1] = 0;
		stepOfQR(d, e, z, n, start, end);
		steps++;
	}
}

/** One implicit QR step for the rows from `start` to `end`. */
function stepOfQR(
	d: Float64Array,
	e: Float64Array,
	z: Float64Array,
	n: number,
	start: number,
	end: number,
): void {
	const half = (d[end - 1]! - d[end]!) / 2;
	const last = e[end - 1]!;
	const root = Math.sqrt(half * half + last * last);
	const shift = d[end]! - (last * last) / (half + (half < 0 ? -root : root));
	let [x, bulge] = [d[start]! - shift, e[start]!];
	for (let k = start; k < end; k++) {
		const r = Math.sqrt(x * x + bulge * bulge);
		const [c, s] = r === 0 ? [1, 0] : [x / r, bulge / r];
		if (k > start) e[k - 1] = r;
		const [upper, lower, between] = [d[k]!, d[k + 1]!, e[k]!];
		const g = (lower - upper) * s + 2 * c * between;
		d[k] = upper + s * g;
		d[k + 1] = lower - s * g;
		e[k] = c * g - between;
		if (k < end - 1) {
			x = e[k]!;
			bulge = s * e[k + 1]!;
			e[k + 1]! *= c;
		}
		rotateRows(z, n, k, k + 1, c, s);
	}
}
