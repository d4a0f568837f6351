/** The distance from a number to the next greater one of its size in float32 or float64. */
function spacing(value: number, dtype: "float32" | "float64"): number {
	const [fraction, least] = dtype === "float32" ? [23, -149] : [52, -1074];
	const size = Math.abs(value);
	// Math.log2 may be off by one next to a power of 2.
	let exponent = Math.floor(Math.log2(Math.max(size, Number.MIN_VALUE)));
	if (2 ** exponent > size) exponent--;
	else if (2 ** (exponent + 1) <= size) exponent++;
	return 2 ** Math.max(exponent - fraction, least);
}

/**
 * How many units in the last place lie between two numbers; 0 for two NaN, ∞ where only one is NaN
 * or infinite.
 */
export function ulps(actual: number, expected: number, dtype: "float32" | "float64"): number {
	if (Object.is(actual, expected) || actual === expected) return 0;
	if (!Number.isFinite(actual) || !Number.isFinite(expected)) return Number.POSITIVE_INFINITY;
	return Math.abs(actual - expected) / spacing(expected, dtype);
}
