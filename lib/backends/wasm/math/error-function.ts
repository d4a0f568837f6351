import type { Local } from "../../../asm/function.ts";
import { v128 } from "../../../asm/simd.ts";
import { scaledExp } from "./exponential.ts";
import {
	type Both,
	type Code,
	type Floats,
	pick,
	polynomial,
	signBits,
	type Vector,
} from "./floats.ts";

// Near 0 erf(x) = x + x·P(x²). Farther out erfc(a) = e^(−a²)·G(t) / (1 + 2a) with t = (a − 4) / (a
// + 4), which varies little (M. M. Shepherd and J. G. Laframboise, "Chebyshev approximation of (1 +
// 2x)exp(x²)erfc x", Math. Comp. 36, 1981).

/** Where the one gives way to the other. */
const SEAM = 0.75;

/** P, minimax for x ≤ SEAM, to 2^−27 and 2^−56. */
const P: Both<readonly number[]> = {
	single: [0.12837917, -0.3761262, 0.11283376, -0.026834577, 0.005114238, -0.00067486695],
	double: [
		0.1283791670955126, -0.37612638903183715, 0.11283791670952469, -0.026866170644399456,
		0.005223977615084901, -0.0008548326166449578, 0.00012055288664068311, -1.4924173647950272e-5,
		1.6430340638538348e-6, -1.5937181883260796e-7, 1.1462199685448162e-8,
	],
};

/**
 * G, minimax from SEAM to where erfc vanishes, to 2^−28 and 2^−59; what its first coefficient lacks
 * stands in G_REST.
 */
const G: Both<readonly number[]> = {
	single: [
		1.2329952, -0.13962106, 0.015379812, 0.06809455, -0.101044305, 0.09376777, -0.06626257,
		0.03699261, -0.016572388, 0.005274837,
	],
	double: [
		1.2329951186255526, -0.1396211168405625, 0.01537965210261899, 0.06809705425469025,
		-0.10103906603625123, 0.09373283499845354, -0.06633036581367337, 0.03716751553541108,
		-0.016197734037412825, 0.005031970001151836, -0.0007577734548172566, -0.0001992568545429495,
		0.00015062252148394245, -2.439849537634848e-5, -1.1224801146252977e-5, 5.707575530214458e-6,
		2.9966527007724763e-7, -8.2113034311778e-7, 6.693296210525229e-8, 1.0460963178087797e-7,
		-1.2191191503389071e-8, -1.013321461759724e-8,
	],
};
const G_REST: Both<number> = { single: -3.4804994e-8, double: -4.3783426665426724e-17 };

/** x·P(x²), by which erf(x) exceeds x near 0. */
function excess(f: Code, floats: Floats, x: Local<"v128">): Vector {
	const square = f.let(floats.mul(x, x));
	return floats.mul(x, polynomial(f, floats, square, pick(floats, P)));
}

/** x² as a sum of two: the square of a head of half the bits, which is exact, and the rest. */
function splitSquare(f: Code, floats: Floats, x: Local<"v128">) {
	const half = BigInt(Math.ceil((floats.fraction + 1) / 2));
	const head = f.let(v128.and(x, floats.bits.const(-(1n << half))));
	const rest = floats.mul(floats.sub(x, head), floats.add(x, head));
	return { square: floats.mul(head, head), rest };
}

/** The quotient (a − k) / (a + k), in which functions of a from SEAM to ∞ are polynomials. */
function compressed(f: Code, floats: Floats, a: Local<"v128">, k: number): Local<"v128"> {
	return f.let(floats.div(floats.sub(a, k), floats.add(a, k)));
}

/**
 * A polynomial whose first coefficient is too long for one number, and what rounding the last sum
 * has lost.
 */
function longPolynomial(
	f: Code,
	floats: Floats,
	t: Local<"v128">,
	[first, ...others]: readonly number[],
	firstRest: number,
): { value: Local<"v128">; lost: Vector } {
	const product = floats.mul(polynomial(f, floats, t, others), t);
	const higher = f.let(floats.add(product, firstRest));
	const value = f.let(floats.add(higher, first!));
	return { value, lost: floats.add(floats.sub(first!, value), higher) };
}

/** erfc(|x|) for |x| ≥ SEAM. */
function tail(f: Code, floats: Floats, x: Local<"v128">): Vector {
	// Farther out all is 0; NaN stays.
	const a = f.let(floats.pmin(floats.abs(x), floats.const(30)));
	const { square, rest } = splitSquare(f, floats, a);
	const t = compressed(f, floats, a, 4);
	const g = longPolynomial(f, floats, t, pick(floats, G), pick(floats, G_REST));
	const twice = f.let(floats.add(a, a));
	const divisor = f.let(floats.add(twice, 1));
	const divisorLost = floats.sub(1, floats.sub(divisor, twice));
	return scaledExp(f, floats, floats.neg(square), floats.neg(rest), (power, powerLost) => {
		const quotient = f.let(floats.div(floats.mul(power, g.value), divisor));
		// What the three sums have lost in rounding would otherwise add up with the rest to more than 2
		// ulp.
		const above = floats.add(floats.mul(powerLost, g.value), floats.mul(power, g.lost));
		const missing = floats.sub(above, floats.mul(quotient, divisorLost));
		return floats.add(quotient, floats.div(missing, divisor));
	});
}

/** The error function. */
export function erf(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const near = floats.add(at, excess(f, floats, at));
	const far = floats.sub(1, tail(f, floats, at));
	const size = v128.bitselect(floats.abs(near), far, floats.lt(floats.abs(at), SEAM));
	return v128.or(floats.abs(size), signBits(floats, at));
}

/** 1 − erf(x), exact also where it is tiny. */
export function erfc(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const far = f.let(tail(f, floats, at));
	const signed = v128.bitselect(floats.sub(2, far), far, floats.lt(at, 0));
	return v128.bitselect(nearComplement(f, floats, at), signed, floats.lt(floats.abs(at), SEAM));
}

/** 1 − erf(x) for |x| ≤ SEAM. */
function nearComplement(f: Code, floats: Floats, x: Local<"v128">): Vector {
	return floats.sub(floats.sub(1, x), excess(f, floats, x));
}

/**
 * ½s·erfc(s/√2)·e^(½s²) as a polynomial of t = (s − 5) / (s + 5), minimax from √2·SEAM to where the
 * product with e^(−½s²) vanishes, to 2^−32 and 2^−60; what the first coefficient lacks stands in
 * MILLS_REST. It is s/2 times a Mills ratio.
 */
const MILLS: Both<readonly number[]> = {
	single: [
		0.38459653, 0.051905274, -0.08503843, 0.09088626, -0.07425671, 0.047950167, -0.024158517,
		0.008907841, -0.0019089304, -0.00015807267, 0.00025714605,
	],
	double: [
		0.3845965248750315, 0.05190527343000305, -0.0850384434600405, 0.09088622964934567,
		-0.07425639525043153, 0.04795086373169903, -0.024161785954065786, 0.00890084502015165,
		-0.0018956230716792779, -0.00012648521623487735, 0.0002427615584569844, -5.456899661399794e-5,
		-1.6540223952805808e-5, 1.033007292852472e-5, 6.039191331960307e-7, -1.5506248651793685e-6,
		5.217318014940441e-8, 2.342108392167084e-7, -1.664964912185928e-8, -3.449464164790128e-8,
		2.3304166634404215e-9, 3.377806492158208e-9,
	],
};
const MILLS_REST: Both<number> = { single: -1.8011043e-9, double: -6.873035973131557e-18 };

/**
 * ½s·erfc(s/√2) for s = |x| ≥ √2·SEAM. The exponent −½s² is taken from x, since rounding x/√2 would
 * tell in it.
 */
function normalTail(f: Code, floats: Floats, x: Local<"v128">): Vector {
	const s = f.let(floats.pmin(floats.abs(x), floats.const(42)));
	const { square, rest } = splitSquare(f, floats, s);
	const t = compressed(f, floats, s, 5);
	const mills = longPolynomial(f, floats, t, pick(floats, MILLS), pick(floats, MILLS_REST));
	const [exponent, small] = [floats.mul(square, -0.5), floats.mul(rest, -0.5)];
	return scaledExp(f, floats, exponent, small, (power, powerLost) => {
		const missing = floats.add(floats.mul(powerLost, mills.value), floats.mul(power, mills.lost));
		return floats.add(floats.mul(power, mills.value), missing);
	});
}

/** x·Φ(x) = ½x·erfc(−x/√2), or x − ½|x|·erfc(|x|/√2) where x is positive. 0 where Φ(x) is. */
export function gelu(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const scaled = f.let(floats.mul(at, -Math.SQRT1_2));
	const near = floats.mul(floats.mul(at, 0.5), nearComplement(f, floats, scaled));
	const far = floats.sub(floats.pmax(at, floats.const(0)), normalTail(f, floats, at));
	return v128.bitselect(near, far, floats.lt(floats.abs(scaled), SEAM));
}

/** Φ(x) = ½·erfc(−x/√2), from the same tail. */
export function normalCumulative(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const scaled = f.let(floats.mul(at, -Math.SQRT1_2));
	const near = floats.mul(nearComplement(f, floats, scaled), 0.5);
	const tail = f.let(floats.div(normalTail(f, floats, at), floats.abs(at)));
	const far = v128.bitselect(tail, floats.sub(1, tail), floats.lt(at, 0));
	return v128.bitselect(near, far, floats.lt(floats.abs(scaled), SEAM));
}

/** factor·e^(−share·x²) for a share that is a power of 2. */
function bellOf(f: Code, floats: Floats, x: Vector, share: number, factor: number): Vector {
	const at = f.let(floats.pmin(floats.abs(x), floats.const(42)));
	const { square, rest } = splitSquare(f, floats, at);
	const [exponent, small] = [floats.mul(square, -share), floats.mul(rest, -share)];
	return scaledExp(f, floats, exponent, small, (power, lost) =>
		floats.mul(floats.add(power, lost), factor),
	);
}

/** e^(−x²). */
export function bell(f: Code, floats: Floats, x: Vector): Vector {
	return bellOf(f, floats, x, 1, 1);
}

/** The density of the normal distribution. */
export function normalDensity(f: Code, floats: Floats, x: Vector): Vector {
	return bellOf(f, floats, x, 0.5, 1 / Math.sqrt(2 * Math.PI));
}
