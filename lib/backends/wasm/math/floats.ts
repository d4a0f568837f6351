import type { Expr, Operand } from "../../../asm/expression.ts";
import type { FunctionBuilder, Local } from "../../../asm/function.ts";
import { f32x4, f64x2, i32x4, i64x2, v128 } from "../../../asm/simd.ts";

/** A vector of floats: four float32 or two float64. */
export type Vector = Expr<"v128">;

/** The function into which the code of a vector function is written. */
export type Code = FunctionBuilder;

/** Four float32: their instructions, and what their bits mean. */
export const single = {
	...f32x4,
	/** The instructions on the bits of the lanes, as whole numbers. */
	bits: i32x4,
	/** How many bits of a lane hold the fraction. */
	fraction: 23,
	/** What is added to the exponent where it is stored. */
	bias: 127,
	/** The least number with all bits of the fraction. */
	leastNormal: 2 ** -126,
	/** A number's bits. */
	pattern: (value: number): bigint => BigInt(new Uint32Array(Float32Array.of(value).buffer)[0]!),
} as const;

/** Two float64. */
export const double = {
	...f64x2,
	bits: i64x2,
	fraction: 52,
	bias: 1023,
	leastNormal: 2 ** -1022,
	pattern: (value: number): bigint => new BigUint64Array(Float64Array.of(value).buffer)[0]!,
} as const;

/** The lanes that a vector function is written for: each is one text for both. */
export type Floats = typeof single | typeof double;

/** What `withConstants` has made for each function. */
const made = new WeakMap<Code, Map<Floats, Floats>>();

/** The same lanes, with each constant in a variable that is set before all loops. */
export function withConstants<F extends Floats>(f: Code, floats: F): F {
	const known = made.get(f) ?? new Map<Floats, Floats>();
	made.set(f, known);
	const lanes = known.get(floats) ?? lanesWithConstants(f, floats);
	known.set(floats, lanes);
	return lanes as F;
}

function lanesWithConstants(f: Code, floats: Floats): Floats {
	const numbers = new Map<number | string, Local<"v128">>();
	const literal = (value: number) => {
		// A map takes −0 for 0.
		const key = Object.is(value, -0) ? "-0" : value;
		const variable = numbers.get(key) ?? f.constant(floats.const(value));
		numbers.set(key, variable);
		return variable;
	};
	type Two = (x: Operand<"v128">, y: Operand<"v128">) => Vector;
	const two =
		(make: Two): Two =>
		(x, y) =>
			make(typeof x === "number" ? literal(x) : x, typeof y === "number" ? literal(y) : y);
	return {
		...floats,
		const: literal,
		add: two(floats.add),
		sub: two(floats.sub),
		mul: two(floats.mul),
		div: two(floats.div),
		min: two(floats.min),
		max: two(floats.max),
		pmin: two(floats.pmin),
		pmax: two(floats.pmax),
		eq: two(floats.eq),
		ne: two(floats.ne),
		lt: two(floats.lt),
		le: two(floats.le),
		gt: two(floats.gt),
		ge: two(floats.ge),
		bits: {
			...floats.bits,
			const: (value: number | bigint) => f.constant(floats.bits.const(value)),
		},
	} as Floats;
}

/** One thing for each kind of lanes. */
export interface Both<T> {
	readonly single: T;
	readonly double: T;
}

/** The one of the two that is meant for these lanes. */
export function pick<T>(floats: Floats, both: Both<T>): T {
	return floats.bytes === 4 ? both.single : both.double;
}

/**
 * c₀ + c₁·z + c₂·z² + …: short ones by Horner's rule, longer ones as two of half the length in z²,
 * which need not wait for each other (Estrin's scheme; Muller, "Elementary Functions", chapter 5).
 */
export function polynomial(
	f: Code,
	floats: Floats,
	z: Local<"v128">,
	coefficients: readonly number[],
): Vector {
	if (coefficients.length > 3) {
		const square = f.let(floats.mul(z, z));
		const even = polynomial(
			f,
			floats,
			square,
			coefficients.filter((_, i) => i % 2 === 0),
		);
		const odd = polynomial(
			f,
			floats,
			square,
			coefficients.filter((_, i) => i % 2 === 1),
		);
		return floats.add(even, floats.mul(odd, z));
	}
	let sum: Vector = floats.const(coefficients.at(-1)!);
	for (const c of coefficients.slice(0, -1).reverse()) sum = floats.add(floats.mul(sum, z), c);
	return sum;
}

/** The sign bit of each lane, the other bits 0. */
export function signBits(floats: Floats, x: Vector): Vector {
	return v128.and(x, floats.const(-0));
}

/** x where it is ±0 and elsewhere y: keeps a −0 that a sum has lost. */
export function keepZero(floats: Floats, x: Local<"v128">, y: Vector): Vector {
	return v128.bitselect(x, y, floats.eq(x, 0));
}

/**
 * a + b as the rounded sum and its error, exactly (D. E. Knuth, "The Art of Computer Programming",
 * vol. 2, 4.2.2).
 */
export function twoSum(
	f: Code,
	floats: Floats,
	a: Local<"v128">,
	b: Local<"v128">,
): { sum: Local<"v128">; error: Local<"v128"> } {
	const sum = f.let(floats.add(a, b));
	const back = f.let(floats.sub(sum, a));
	const error = f.let(floats.add(floats.sub(a, floats.sub(sum, back)), floats.sub(b, back)));
	return { sum, error };
}
