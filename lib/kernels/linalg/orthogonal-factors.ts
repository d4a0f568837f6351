/**
 * Q and R of an m×n matrix with m ≥ n: Q m×n with perpendicular columns of length 1, R n×n upper
 * triangular with no negative number on its diagonal. `a` is used up. Each column is reflected onto
 * the first elements (A. Householder; G. H. Golub and C. F. Van Loan, "Matrix Computations",
 * section 5.2).
 */
export function orthogonalFactors(
	a: Float64Array,
	m: number,
	n: number,
): { q: Float64Array; r: Float64Array } {
	// The columns of the matrix, and of what becomes Q, lie in rows.
	const columns = new Float64Array(n * m);
	for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) columns[j * m + i] = a[i * n + j]!;
	const diagonal = new Float64Array(n);
	for (let k = 0; k < n; k++) {
		diagonal[k] = makeReflection(columns, k * m + k, m - k);
		for (let j = k + 1; j < n; j++) reflect(columns, k * m + k, columns, j * m + k, m - k);
	}
	const [q, r] = [new Float64Array(m * n), new Float64Array(n * n)];
	const unit = new Float64Array(m);
	for (let j = 0; j < n; j++) {
		const sign = diagonal[j]! < 0 ? -1 : 1;
		r[j * n + j] = sign * diagonal[j]!;
		for (let k = j + 1; k < n; k++) r[j * n + k] = sign * columns[k * m + j]!;
		unit.fill(0);
		unit[j] = sign;
		for (let k = j; k >= 0; k--) reflect(columns, k * m + k, unit, k, m - k);
		for (let i = 0; i < m; i++) q[i * n + j] = unit[i]!;
	}
	return { q, r };
}

/**
 * Turns the n numbers from `start` on into a vector v of length √2, for which the reflection
 * I − v·vᵀ takes them to their length, with a sign, and zeros: that is returned. Zeros are left.
 */
function makeReflection(x: Float64Array, start: number, n: number): number {
	let greatest = 0;
	for (let i = start; i < start + n; i++) {
		const size = Math.abs(x[i]!);
		// A NaN becomes the greatest, and shows in all that comes of it.
		if (!(size <= greatest)) greatest = size;
	}
	if (greatest === 0) return 0;
	let squares = 0;
	for (let i = start; i < start + n; i++) {
		x[i]! /= greatest;
		squares += x[i]! * x[i]!;
	}
	const length = x[start]! > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
	x[start]! -= length;
	// Half of the square of the length of x − length·e₁.
	const half = -length * x[start]!;
	const divisor = Math.sqrt(half);
	for (let i = start; i < start + n; i++) x[i]! /= divisor;
	return length * greatest;
}

/** y − v·(v·y), for n numbers each. */
function reflect(v: Float64Array, atV: number, y: Float64Array, atY: number, n: number): void {
	let product = 0;
	for (let i = 0; i < n; i++) product += v[atV + i]! * y[atY + i]!;
	for (let i = 0; i < n; i++) y[atY + i]! -= product * v[atV + i]!;
}
