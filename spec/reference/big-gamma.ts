import {
	add,
	approximate,
	type Big,
	big,
	bitsNow,
	div,
	mul,
	neg,
	ONE,
	rankOf,
	scaled,
	sub,
	whole,
	withBits,
	ZERO,
} from "./big-float.ts";
import { log, pi } from "./big-functions.ts";

// The logarithm of the gamma function for x > 0 and its derivatives: the recurrence up to where
// Stirling's series has enough digits, and then that series.

/** The tangent numbers T₁, T₂, …, by sums alone (R. P. Brent and D. Harvey, 2011). */
function tangentNumbers(count: number): bigint[] {
	const t = [0n, 1n];
	for (let k = 2; k <= count; k++) t.push(t[k - 1]! * BigInt(k - 1));
	for (let k = 2; k <= count; k++) {
		for (let i = k; i <= count; i++) t[i] = t[i - 1]! * BigInt(i - k) + t[i]! * BigInt(i - k + 2);
	}
	return t;
}

let tangents: bigint[] = [];

/** B₂ₖ = −(−1)ᵏ·2k·Tₖ / (4ᵏ·(4ᵏ − 1)) */
function bernoulli(k: number): Big {
	if (tangents.length <= k) tangents = tangentNumbers(2 * k + 50);
	const four = 1n << BigInt(2 * k);
	const size = div(whole(2n * BigInt(k) * tangents[k]!), whole(four * (four - 1n)));
	return k % 2 === 0 ? neg(size) : size;
}

const power = (x: Big, n: number): Big => (n === 0 ? ONE : mul(x, power(x, n - 1)));
const factorial = (n: number): bigint => (n <= 1 ? 1n : BigInt(n) * factorial(n - 1));

/** Stirling's series for the derivative of this order of ψ, and for log Γ at order −1. */
function stirling(order: number, x: Big): Big {
	const inverse = div(ONE, x);
	const square = mul(inverse, inverse);
	let sum: Big;
	if (order < 0) {
		const half = scaled(log(scaled(pi(), 1)), -1);
		sum = add(sub(mul(sub(x, big(0.5)), log(x)), x), half);
	} else {
		const first =
			order === 0 ? neg(log(x)) : mul(whole(factorial(order - 1)), power(inverse, order));
		sum = add(first, mul(whole(factorial(order)), scaled(power(inverse, order + 1), -1)));
		if (order % 2 === 0) sum = neg(sum);
	}
	// B₂ₖ·(2k + order − 1)! / (2k)! / x^(2k + order)
	const sign = order % 2 === 0 ? -1n : 1n;
	for (let k = 1; k <= bitsNow() / 4; k++) {
		let ratio: Big = ONE;
		for (let i = 2 * k + 1; i < 2 * k + order; i++) ratio = mul(ratio, whole(BigInt(i)));
		if (order <= 0) ratio = div(ONE, whole(BigInt(order < 0 ? 2 * k * (2 * k - 1) : 2 * k)));
		const at = mul(power(square, k), order < 0 ? x : power(inverse, order));
		const term = mul(mul(whole(sign), bernoulli(k)), mul(ratio, at));
		if (rankOf(term) < rankOf(sum) - BigInt(bitsNow())) break;
		sum = add(sum, term);
	}
	return sum;
}

/** The derivative of this order of ψ, and log Γ at order −1, for x > 0. */
function polygammaNow(order: number, x: Big): Big {
	const steps = Math.max(0, Math.ceil(bitsNow() / 4 - approximate(x)));
	let [at, sum, product] = [x, ZERO, ONE];
	for (let k = 0; k < steps; k++) {
		if (order < 0) product = mul(product, at);
		else sum = add(sum, div(ONE, power(at, order + 1)));
		at = add(at, ONE);
	}
	const high = stirling(order, at);
	if (order < 0) return sub(high, log(product));
	const signed = mul(whole(order % 2 === 0 ? -factorial(order) : factorial(order)), sum);
	return add(high, signed);
}

/** The same, with bits for what vanishes at 1, 1.46 and 2. */
export const polygamma = (order: number, x: Big): Big =>
	withBits(bitsNow() + 80, () => polygammaNow(order, x));
