import type { Expr } from "../asm/expression.ts";
import type { FunctionBuilder, Local } from "../asm/function.ts";
import { f32x4, f64x2, i32x4, i64x2, v128 } from "../asm/simd.ts";
import { twoTo } from "../scalar/short.ts";

// Functions of JavaScript's on two float64, step by step as fdlibm has them (Sun Microsystems,
// 1993), from which V8 takes its own: to the same bits. Whether the engine that runs has these
// bits is tried before a kernel uses one, see `vectors`.

type Bits = Expr<"v128">;
type Lane = Local<"v128">;

/** Code for a function of one number. */
export type SameBitsFunction = (code: FunctionBuilder, x: Lane) => Bits;

/** The float64 with these upper 32 bits, and 0 below. */
const high = (bits: number) => new Float64Array(Uint32Array.of(0, bits).buffer)[0]!;

const HALF_LN2 = high(0x3fd62e43);
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const TINY = 2 ** -28;
/** The greatest number of which the exponential is finite. */
const MOST = 709.782712893384;

/** The constant, made before all loops. */
const number = (code: FunctionBuilder, x: number) => code.constant(f64x2.const(x));

/** c₀ + z·(c₁ + z·(c₂ + …)) */
function horner(code: FunctionBuilder, z: Lane, coefficients: readonly number[]): Bits {
	return coefficients
		.map((c): Bits => number(code, c))
		.reduceRight((sum, c) => f64x2.add(c, f64x2.mul(z, sum)));
}

/** x as k·ln 2 + hi − lo, where |hi − lo| is at most half of ln 2; k as an integer and a number. */
function reduced(code: FunctionBuilder, x: Lane) {
	const half = v128.or(number(code, 0.5), v128.and(x, number(code, -0)));
	const turns = f64x2.add(f64x2.mul(number(code, Math.LOG2E), x), half);
	const isSmall = f64x2.lt(f64x2.abs(x), number(code, HALF_LN2));
	const k = code.let(i32x4.truncF64x2(v128.andNot(turns, isSmall)));
	const t = code.let(f64x2.convertI32x4(k));
	const hi = code.let(f64x2.sub(x, f64x2.mul(t, number(code, LN2_HIGH))));
	const lo = code.let(f64x2.mul(t, number(code, LN2_LOW)));
	return { k, hi, lo, rest: code.let(f64x2.sub(hi, lo)) };
}

/** 2 to the power of the two low integers, which are from −1022 to 1023. */
function powersOf2(code: FunctionBuilder, k: Bits): Bits {
	const bias = code.constant(i64x2.const(1023));
	return i64x2.shl(i64x2.add(i64x2.extendLow(k), bias), 52);
}

/** y·2ᵏ, in two factors, so that neither overflows and a subnormal result is rounded once. */
function scaled(code: FunctionBuilder, y: Bits, k: Lane): Bits {
	const some = code.let(i32x4.shr(k, 1));
	return f64x2.mul(f64x2.mul(y, powersOf2(code, some)), powersOf2(code, i32x4.sub(k, some)));
}

/** A number, or where a condition holds another; the last one that holds counts. */
function chosen(otherwise: Bits, cases: readonly (readonly [value: Bits, where: Bits])[]): Bits {
	return cases.reduce((made, [value, where]) => v128.bitselect(value, made, where), otherwise);
}

const exp: SameBitsFunction = (code, x) => {
	const { k, hi, lo, rest } = reduced(code, x);
	const t = code.let(f64x2.mul(rest, rest));
	const P = [
		0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6,
		4.1381367970572385e-8,
	];
	const c = code.let(f64x2.sub(rest, f64x2.mul(t, horner(code, t, P))));
	const quotient = f64x2.div(f64x2.mul(rest, c), f64x2.sub(number(code, 2), c));
	const one = number(code, 1);
	const y = f64x2.sub(one, f64x2.sub(f64x2.sub(lo, quotient), hi));
	return chosen(scaled(code, y, k), [
		[number(code, Math.E), f64x2.eq(x, one)],
		[f64x2.add(one, x), f64x2.lt(f64x2.abs(x), number(code, TINY))],
		[number(code, Infinity), f64x2.gt(x, number(code, MOST))],
		[number(code, 0), f64x2.lt(x, number(code, -745.1332191019411))],
	]);
};

/** Of expm1, where x is neither far below 0 nor above what float64 holds. */
function expm1Inside(code: FunctionBuilder, x: Lane): Bits {
	const { k, hi, lo, rest } = reduced(code, x);
	const one = number(code, 1);
	const lost = code.let(f64x2.sub(f64x2.sub(hi, rest), lo));
	const half = code.let(f64x2.mul(number(code, 0.5), rest));
	const square = code.let(f64x2.mul(rest, half));
	const r = code.let(horner(code, square, [1, ...Q]));
	const t = code.let(f64x2.sub(number(code, 3), f64x2.mul(r, half)));
	const quotient = f64x2.div(f64x2.sub(r, t), f64x2.sub(number(code, 6), f64x2.mul(rest, t)));
	const corrected = f64x2.mul(rest, f64x2.sub(f64x2.mul(square, quotient), lost));
	const e = code.let(f64x2.sub(f64x2.sub(corrected, lost), square));
	// From here on it depends on k how 1 is taken from 2ᵏ·(1 + rest − e).
	const wide = code.let(i64x2.extendLow(k));
	const less = (limit: number) => i64x2.lt(wide, code.constant(i64x2.const(limit)));
	const equal = (value: number) => i64x2.eq(wide, code.constant(i64x2.const(value)));
	const back = code.let(powersOf2(code, i32x4.neg(i32x4.max(k, i32x4.const(-2)))));
	const difference = code.let(f64x2.sub(e, rest));
	const few = f64x2.sub(f64x2.sub(one, back), difference);
	const many = f64x2.add(f64x2.sub(rest, f64x2.add(e, back)), one);
	const isOutside = code.let(v128.or(less(-1), v128.not(less(57))));
	const inside = v128.bitselect(few, many, less(20));
	const sum = v128.bitselect(f64x2.sub(one, difference), inside, isOutside);
	const y = code.let(scaled(code, sum, k));
	const halves = f64x2.sub(rest, e);
	const [minusTwo, two] = [number(code, -2), number(code, 2)];
	const below = f64x2.mul(minusTwo, f64x2.sub(e, f64x2.add(rest, number(code, 0.5))));
	return chosen(y, [
		[f64x2.sub(y, one), isOutside],
		[halves, equal(0)],
		[f64x2.sub(f64x2.mul(number(code, 0.5), halves), number(code, 0.5)), equal(-1)],
		[f64x2.add(one, f64x2.mul(two, halves)), equal(1)],
		[below, v128.and(equal(1), f64x2.lt(rest, number(code, -0.25)))],
	]);
}

const Q = [
	-0.03333333333333313, 0.0015873015872548146, -7.93650757867488e-5, 4.008217827329362e-6,
	-2.0109921818362437e-7,
];

const expm1: SameBitsFunction = (code, x) =>
	chosen(expm1Inside(code, x), [
		[x, f64x2.lt(f64x2.abs(x), number(code, 2 ** -54))],
		[number(code, Infinity), f64x2.gt(x, number(code, MOST))],
		[number(code, -1), f64x2.le(x, number(code, -high(0x4043687a)))],
	]);

const tanh: SameBitsFunction = (code, x) => {
	const size = code.let(f64x2.abs(x));
	const [one, two] = [number(code, 1), number(code, 2)];
	const isLarge = code.let(f64x2.ge(size, one));
	const twice = f64x2.mul(size, two);
	const t = code.let(expm1Inside(code, code.let(v128.bitselect(twice, f64x2.neg(twice), isLarge))));
	const sum = code.let(f64x2.add(t, two));
	const quotient = code.let(f64x2.div(v128.bitselect(two, f64x2.neg(t), isLarge), sum));
	const inside = v128.bitselect(f64x2.sub(one, quotient), quotient, isLarge);
	const limited = v128.bitselect(one, inside, f64x2.ge(size, number(code, 22)));
	const signed = v128.xor(limited, v128.and(x, number(code, -0)));
	return v128.bitselect(x, signed, f64x2.lt(size, number(code, TINY)));
};

/** k is moved to the lowest bits, and from there to those of the exponent. */
const powerOfWhole: SameBitsFunction = (code, k) =>
	i64x2.shl(f64x2.add(k, number(code, 1.5 * 2 ** 52 + 1023)), 52);

const rounded: SameBitsFunction = (_, x) => f64x2.promote(f32x4.demote(x));

/** The vectors of functions, by what they are in JavaScript. */
export const vectorFunctions: ReadonlyMap<unknown, SameBitsFunction> = new Map([
	[twoTo, powerOfWhole],
	[Math.fround, rounded],
	[Math.exp, exp],
	[Math.expm1, expm1],
	[Math.tanh, tanh],
]);

/** The same on four float32, from −127 on, where it is 0. */
const singlePowerOfWhole: SameBitsFunction = (code, k) =>
	i32x4.shl(f32x4.add(k, code.constant(f32x4.const(1.5 * 2 ** 23 + 127))), 23);

/** The vectors of functions where all is float32. */
export const singleFunctions: ReadonlyMap<unknown, SameBitsFunction> = new Map([
	[twoTo, singlePowerOfWhole],
	[Math.fround, (_, x) => x],
]);
