import type { Expr } from "../../../asm/expression.ts";
import type { Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import { f64x2, i64x2, v128 } from "../../../asm/simd.ts";
import { madeOf, type VectorValue } from "../elementwise/value.ts";
import { type Code, double, type Vector } from "../math/floats.ts";

// A product is made of plain numbers first. Where one left their range on the way, it is made again
// with numbers as mantissa · 2^exponent, which over- and underflow only where they are put
// together.

const { fraction, bias, leastNormal } = double;
/** The exponent that is stored for ∞ and NaN. */
const BEYOND = 2 * bias + 1;

/** Running products of floats begin with this, so that those from 2^−510 on are at least 2. */
export const LIFT = 2 ** 511;
/** The highest bit of the exponent of a float: those from 2 on have it. */
const FROM_2 = 1n << 62n;

/** Keeps the bits that all lifted products have had. */
export function watch(code: Code, common: Local<"v128">, products: readonly Vector[]): void {
	code.set(common, v128.and(products.reduce(v128.and), common));
}

/**
 * Whether products are infinite or NaN, which they stay to the end, or a lifted one was ever seen
 * to be less than 2. Of two factors in a row only the second is looked after: one that has lost
 * more than its last digit, below 2^−1023, cannot come back to 2 by a single number.
 */
export function leftRange(
	code: Code,
	common: Local<"v128"> | null,
	products: readonly Vector[],
): Expr<"i32"> {
	const greatest = code.constant(f64x2.const(Number.MAX_VALUE));
	const finite = products.map((x) => f64x2.le(f64x2.abs(x), greatest));
	const large = common === null ? [] : [v128.and(common, i64x2.const(FROM_2))];
	return i32.eqz(i64x2.allTrue([...finite, ...large].reduce(v128.and)));
}

/**
 * A number's mantissa, of a size from 1 to 2, and its exponent as a whole number. 0, ∞ and NaN are
 * their own mantissas, whatever the exponent.
 */
function split(code: Code, x: Local<"v128">): { mantissa: Vector; exponent: Vector } {
	const lift = fraction + 2;
	const isSmall = code.let(f64x2.lt(f64x2.abs(x), code.constant(f64x2.const(leastNormal))));
	const lifted = f64x2.mul(x, code.constant(f64x2.const(2 ** lift)));
	const normal = code.let(v128.bitselect(lifted, x, isSmall));
	const [none, beyond] = [0, BEYOND].map((value) => code.constant(i64x2.const(value)));
	const stored = code.let(v128.and(i64x2.shrU(normal, fraction), beyond!));
	const isOwn = v128.or(i64x2.eq(stored, none!), i64x2.eq(stored, beyond!));
	const others = code.constant(i64x2.const(~double.pattern(Number.POSITIVE_INFINITY)));
	const one = code.constant(f64x2.const(1));
	const moved = v128.and(isSmall, code.constant(i64x2.const(lift)));
	return {
		mantissa: v128.bitselect(normal, v128.or(v128.and(normal, others), one), isOwn),
		exponent: i64x2.sub(i64x2.sub(stored, code.constant(i64x2.const(bias))), moved),
	};
}

/** The exponents of running products that have no elements yet, for the vectors of four lanes. */
export function noExponents(code: Code): Local<"v128">[] {
	return [code.let(i64x2.const(0)), code.let(i64x2.const(0))];
}

/** The mantissa of a factor; its exponent is added to that of the running product. */
export function takeMantissa(code: Code, factor: Vector, exponent: Local<"v128">): Vector {
	const { mantissa, exponent: more } = split(code, code.let(factor));
	code.set(exponent, i64x2.add(exponent, more));
	return mantissa;
}

/** Makes a product of mantissas smaller than 1, so that it may be multiplied by 1,024 others. */
export function normalize(code: Code, product: Local<"v128">, exponent: Local<"v128">): void {
	const mantissa = takeMantissa(code, product, exponent);
	code.set(product, f64x2.mul(mantissa, f64x2.const(0.5)));
	code.set(exponent, i64x2.add(exponent, i64x2.const(1)));
}

/** mantissa · 2^exponent, rounded once, for mantissas from 2^−100 to 2^100 in size. */
export function putTogether(
	code: Code,
	{ parts }: VectorValue,
	exponents: readonly Local<"v128">[],
): VectorValue {
	// Beyond these the result is 0 or ∞; half of them is the exponent of a normal number.
	const [least, greatest] = [-1200, 1200].map((value) => i64x2.const(value));
	const power = (exponent: Vector) => i64x2.shl(i64x2.add(exponent, i64x2.const(bias)), fraction);
	const whole = parts.map((mantissa, i) => {
		const given = exponents[i]!;
		const above = code.let(v128.bitselect(given, least!, i64x2.gt(given, least!)));
		const exponent = code.let(v128.bitselect(above, greatest!, i64x2.lt(above, greatest!)));
		const half = code.let(i64x2.shr(exponent, 1));
		const scaled = f64x2.mul(mantissa, power(half));
		return f64x2.mul(scaled, power(i64x2.sub(exponent, half)));
	});
	return madeOf(code, "float64", whole);
}
