/**
 * A power of 2 that brings the greatest element of a matrix to about 1, by which squares neither
 * over- nor underflow, and no digit is lost; 1 for zeros. NaN where an element is not finite.
 */
export function scaleOf(a: Float64Array): number {
	let greatest = 0;
	for (let i = 0; i < a.length; i++) {
		const size = Math.abs(a[i]!);
		if (!(size < Number.POSITIVE_INFINITY)) return Number.NaN;
		if (size > greatest) greatest = size;
	}
	if (greatest === 0) return 1;
	// Within the range in which the power and its inverse are both exact.
	return 2 ** -Math.min(1000, Math.max(-1000, Math.floor(Math.log2(greatest))));
}

/** Sizes that differ by less than this, relatively, count as equal where one is chosen. */
const ALIKE = 2 ** -26;

/**
 * The sign of the element of largest size of a vector, which is a row of a matrix that begins at
 * `start`: the first of those that are equal to half of the digits, so that rounding does not
 * choose.
 */
export function leadingSign(a: Float64Array, start: number, n: number): number {
	let greatest = 0;
	for (let i = start; i < start + n; i++) greatest = Math.max(greatest, Math.abs(a[i]!));
	const least = greatest * (1 - ALIKE);
	for (let i = start; i < start + n; i++) if (Math.abs(a[i]!) >= least) return a[i]! < 0 ? -1 : 1;
	return 1;
}

/** Turns rows p and q of n columns by an angle: p ← c·p + s·q, q ← c·q − s·p. */
export function rotateRows(
	a: Float64Array,
	n: number,
	p: number,
	q: number,
	c: number,
	s: number,
): void {
	for (let i = p * n, k = q * n, end = i + n; i < end; i++, k++) {
		// One after the other: of [x, y] = […] V8 makes an array here, and takes twice as long.
		const x = a[i]!;
		const y = a[k]!;
		a[i] = c * x + s * y;
		a[k] = c * y - s * x;
	}
}
