import type { Local } from "../../../asm/function.ts";
import { f32x4, f64x2, i32x4, i64x2, v128 } from "../../../asm/simd.ts";
import { replaceLanes, type ScalarFunction } from "./calls.ts";
import {
	type Both,
	type Code,
	double,
	type Floats,
	pick,
	polynomial,
	signBits,
	type Vector,
	withConstants,
} from "./floats.ts";

// We write x = k·π/2 + r with |r| ≤ π/4; the last two bits of k say which of ±sin r and ±cos r is
// meant. Up to LIMIT, k times the first parts of π/2 is exact and so are the differences (Cody and
// Waite); beyond it JavaScript's own function is called for the lanes that are so large.

/**
 * sin r = r + r³·S(r²) and cos r = 1 − ½r² + r⁴·C(r²): minimax for |r| ≤ π/4, below 2^−28 and
 * 2^−58.
 */
const S: Both<readonly number[]> = {
	single: [-0.16666655, 0.00833219, -0.00019518405],
	double: [
		-0.16666666666666632, 0.008333333333322455, -0.00019841269829813638, 2.7557313687718368e-6,
		-2.5050756744317433e-8, 1.589668381190268e-10,
	],
};
const C: Both<readonly number[]> = {
	single: [0.041666646, -0.0013887301, 0.000024430687],
	double: [
		0.0416666666666666, -0.0013888888888874441, 2.4801587289636473e-5, -2.755731438752697e-7,
		2.0875727063106193e-9, -1.1359802293815523e-11,
	],
};

/** π/2 in parts of 25 bits and the rest, and of 33 bits and the rest. */
const HALF_PI_SINGLE = [1.5707963109016418, 1.5893254712295857e-8, 6.123233995736766e-17] as const;
const HALF_PI_DOUBLE = [
	1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32,
] as const;

/** Arguments up to here are reduced by their lanes: k fits into 28 and 20 bits. */
const LIMIT: Both<number> = { single: 2 ** 28, double: 2 ** 20 };

/** Adding it to a float64 rounds that to a whole number, which then stands in the lowest bits. */
const ROUNDING = 1.5 * 2 ** 52;

/** |x| − k·π/2 as a sum of two, and k in the lowest bits of each lane. */
interface Reduced {
	readonly r: Local<"v128">;
	readonly rest: Vector | null;
	readonly k: Local<"v128">;
}

/** For two float32 as float64, which are exact enough for one number as the remainder. */
function reducePair(f: Code, x: Vector): { r: Vector; k: Local<"v128"> } {
	const floats = withConstants(f, double);
	const at = f.let(x);
	const k = f.let(floats.add(floats.mul(at, 2 / Math.PI), ROUNDING));
	const whole = f.let(floats.sub(k, ROUNDING));
	const r = HALF_PI_SINGLE.reduce<Vector>(
		(left, part) => floats.sub(left, floats.mul(whole, part)),
		at,
	);
	return { r, k };
}

function reduceSingle(f: Code, x: Local<"v128">): Reduced {
	const low = reducePair(f, f64x2.promote(x));
	const high = reducePair(f, f64x2.promote(i64x2.shuffle(x, x, [1, 1])));
	return {
		r: f.let(i64x2.shuffle(f32x4.demote(low.r), f32x4.demote(high.r), [0, 2])),
		rest: null,
		k: f.let(i32x4.shuffle(low.k, high.k, [0, 2, 4, 6])),
	};
}

function reduceDouble(f: Code, floats: Floats, x: Local<"v128">): Reduced {
	const k = f.let(floats.add(floats.mul(x, 2 / Math.PI), ROUNDING));
	const whole = f.let(floats.sub(k, ROUNDING));
	const [first, second, third, fourth] = HALF_PI_DOUBLE;
	const a = f.let(floats.sub(x, floats.mul(whole, first)));
	const b = difference(f, a, f.let(floats.mul(whole, second)));
	const c = difference(f, b.value, f.let(floats.mul(whole, third)));
	const small = floats.sub(floats.add(b.lost, c.lost), floats.mul(whole, fourth));
	const rest = f.let(small);
	const r = f.let(floats.add(c.value, rest));
	return { r, rest: floats.add(floats.sub(c.value, r), rest), k };
}

/** a − b and what rounding it has lost, exactly (Knuth). */
function difference(f: Code, a: Local<"v128">, b: Local<"v128">) {
	const value = f.let(f64x2.sub(a, b));
	const back = f.let(f64x2.sub(a, value));
	const lost = f64x2.add(f64x2.sub(a, f64x2.add(value, back)), f64x2.sub(back, b));
	return { value, lost: f.let(lost) };
}

/** sin(r + rest) */
function sineNearZero(
	f: Code,
	floats: Floats,
	{ r, rest }: Reduced,
	square: Local<"v128">,
): Vector {
	const cube = f.let(floats.mul(square, r));
	const higher = floats.mul(cube, polynomial(f, floats, square, pick(floats, S)));
	if (rest === null) return floats.add(r, higher);
	const small = f.let(rest);
	// The derivative by the rest is cos r, about 1 − ½r².
	const turned = floats.sub(small, floats.mul(floats.mul(square, 0.5), small));
	return floats.add(r, floats.add(higher, turned));
}

/** cos(r + rest) */
function cosineNearZero(
	f: Code,
	floats: Floats,
	{ r, rest }: Reduced,
	square: Local<"v128">,
): Vector {
	const half = f.let(floats.mul(square, 0.5));
	const first = f.let(floats.sub(1, half));
	const lost = floats.sub(floats.sub(1, first), half);
	const quartic = floats.mul(square, square);
	const higher = floats.mul(quartic, polynomial(f, floats, square, pick(floats, C)));
	const turned = rest === null ? higher : floats.sub(higher, floats.mul(r, rest));
	return floats.add(first, floats.add(lost, turned));
}

/** The sine of x, or with `turn` 1 its cosine, which is the sine of x + π/2. */
function circular(f: Code, floats: Floats, x: Vector, turn: 0 | 1, large: ScalarFunction): Vector {
	const { bits } = floats;
	const at = f.let(x);
	const size = f.let(floats.abs(at));
	const reduced = floats.bytes === 4 ? reduceSingle(f, size) : reduceDouble(f, floats, size);
	const { r } = reduced;
	const square = f.let(floats.mul(r, r));
	const k = f.let(turn === 0 ? reduced.k : bits.add(reduced.k, bits.const(1)));
	const isCosine = bits.eq(v128.and(k, bits.const(1)), bits.const(1));
	const value = v128.bitselect(
		cosineNearZero(f, floats, reduced, square),
		sineNearZero(f, floats, reduced, square),
		isCosine,
	);
	// The second bit of k turns the sign; the sine also has the sign of x.
	const flip = bits.shl(bits.shrU(k, 1), 8 * floats.bytes - 1);
	const sign = turn === 0 ? v128.xor(flip, signBits(floats, at)) : flip;
	const result = f.let(v128.xor(value, sign));
	const beyond = floats.gt(size, pick(floats, LIMIT));
	replaceLanes(f, floats, result, at, f.let(beyond), large);
	return result;
}

/** The sine; `large` is JavaScript's own, for arguments above 2²⁸ in float32 and 2²⁰ in float64. */
export function sin(f: Code, floats: Floats, x: Vector, large: ScalarFunction): Vector {
	return circular(f, floats, x, 0, large);
}

/** The cosine; `large` as for `sin`. */
export function cos(f: Code, floats: Floats, x: Vector, large: ScalarFunction): Vector {
	return circular(f, floats, x, 1, large);
}
