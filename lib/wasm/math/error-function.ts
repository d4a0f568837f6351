import type { Local } from "../function.ts";
import { v128 } from "../simd.ts";
import { scaledExp } from "./exponential.ts";
import { type Both, type Code, type Floats, pick, polynomial, type Vector } from "./floats.ts";

// Near 0 erf(x) = x + x·P(x²). Farther out erfc(a) = e^(−a²)·G(t) / (1 + 2a) with t = (a − 4) / (a + 4), which varies little
// (M. M. Shepherd and J. G. Laframboise, "Chebyshev approximation of (1 + 2x)exp(x²)erfc x", Math. Comp. 36, 1981).

/** Where the one gives way to the other. */
const SEAM = 0.5;

/** P, minimax for x ≤ SEAM, to 2^−29 and 2^−56. */
const P: Both<readonly number[]> = {
	single: [
		0.12837916612625122, -0.37612611055374146, 0.11282850801944733, -0.026758259162306786,
		0.0047191595658659935,
	],
	double: [
		0.12837916709551256, -0.3761263890318288, 0.11283791670873834, -0.02686617061588545,
		0.005223977098695952, -0.0008548273804121415, 0.00012052180175692743, -1.4816916677402993e-5,
		1.4432005055316517e-6,
	],
};

/** G, minimax from SEAM to where erfc vanishes, to 2^−28 and 2^−59; what its first coefficient lacks stands in G_REST. */
const G: Both<readonly number[]> = {
	single: [
		1.2329951524734497, -0.1396210640668869, 0.015379811637103558, 0.06809455156326294,
		-0.10104430466890335, 0.09376776963472366, -0.06626257300376892, 0.03699260950088501,
		-0.016572387889027596, 0.005274836905300617,
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
const G_REST: Both<number> = { single: -3.4804994442083625e-8, double: -4.3783426665426724e-17 };

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

/** factor·erfc(a) for a ≥ SEAM, given −a² as a sum of two. */
function tail(
	f: Code,
	floats: Floats,
	a: Local<"v128">,
	minusSquare: readonly [Vector, Vector],
	factor?: Vector,
): Vector {
	const t = f.let(floats.div(floats.sub(a, 4), floats.add(a, 4)));
	const [first, ...others] = pick(floats, G);
	const product = floats.mul(polynomial(f, floats, t, others), t);
	const higher = f.let(floats.add(product, pick(floats, G_REST)));
	const g = f.let(floats.add(higher, first!));
	const gLost = floats.add(floats.sub(first!, g), higher);
	const twice = f.let(floats.add(a, a));
	const divisor = f.let(floats.add(twice, 1));
	const divisorLost = floats.sub(1, floats.sub(divisor, twice));
	return scaledExp(f, floats, ...minusSquare, (power, powerLost) => {
		const quotient = f.let(floats.div(floats.mul(power, g), divisor));
		// What the three sums have lost in rounding would otherwise add up with the rest to more than 2 ulp.
		const above = floats.add(floats.mul(powerLost, g), floats.mul(power, gLost));
		const missing = floats.sub(above, floats.mul(quotient, divisorLost));
		const value = floats.add(quotient, floats.div(missing, divisor));
		return factor === undefined ? value : floats.mul(value, factor);
	});
}

/** The a for which everything is 0 from there on; keeps ∞ out of the formulas. NaN stays. */
function bounded(floats: Floats, a: Vector): Vector {
	return floats.pmin(a, floats.const(30));
}

/** erfc(a) for a = |x| ≥ SEAM. */
function farTail(f: Code, floats: Floats, x: Local<"v128">): Vector {
	const a = f.let(bounded(floats, floats.abs(x)));
	const { square, rest } = splitSquare(f, floats, a);
	return tail(f, floats, a, [floats.neg(square), floats.neg(rest)]);
}

/** The error function. */
export function erf(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const near = floats.add(at, excess(f, floats, at));
	const far = floats.sub(1, farTail(f, floats, at));
	const size = v128.bitselect(floats.abs(near), far, floats.lt(floats.abs(at), SEAM));
	return v128.or(floats.abs(size), v128.and(at, floats.const(-0)));
}

/** 1 − erf(x), exact also where it is tiny. */
export function erfc(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const beyond = f.let(farTail(f, floats, at));
	const signed = v128.bitselect(floats.sub(2, beyond), beyond, floats.lt(at, 0));
	return v128.bitselect(nearComplement(f, floats, at), signed, floats.lt(floats.abs(at), SEAM));
}

/** 1 − erf(x) for |x| ≤ SEAM. */
function nearComplement(f: Code, floats: Floats, x: Local<"v128">): Vector {
	return floats.sub(floats.sub(1, x), excess(f, floats, x));
}

/**
 * x·Φ(x) = ½x·erfc(−x/√2), or x − ½|x|·erfc(|x|/√2) where x is positive. The exponent −½x² is taken from x, since rounding
 * x/√2 would tell in it. 0 where Φ(x) is.
 */
export function gelu(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const scaled = f.let(floats.mul(at, -Math.SQRT1_2));
	const near = floats.mul(floats.mul(at, 0.5), nearComplement(f, floats, scaled));
	// Farther out all is 0.
	const size = f.let(floats.pmin(floats.abs(at), floats.const(42)));
	const { square, rest } = splitSquare(f, floats, size);
	const exponent = [floats.mul(square, -0.5), floats.mul(rest, -0.5)] as const;
	const a = f.let(bounded(floats, floats.abs(scaled)));
	const missing = tail(f, floats, a, exponent, floats.mul(size, 0.5));
	const far = floats.sub(floats.pmax(at, floats.const(0)), missing);
	return v128.bitselect(near, far, floats.lt(floats.abs(scaled), SEAM));
}
