import * as kind from "../../core/argument-kinds.ts";
import { commonDType, isFloat } from "../../core/dtype.ts";
import { asTensor, type Binary, comparison, floating, type Unary } from "../../core/lift.ts";
import { checkOptions } from "../../core/options.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { alignArguments } from "../../kinds/align.ts";
import { elementwise } from "../../kinds/elementwise.ts";
import * as s from "../../scalar/index.ts";
import { abs, add, div, mul, square, sub } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import {
	equal,
	greater,
	isInf,
	less,
	lessEqual,
	logicalAnd,
	logicalNot,
	logicalOr,
	notEqual,
	where,
} from "../comparison.ts";

/**
 * ∛x, elementwise, to 1 unit in the last place; negative for negative x. At 0 the derivative is ∞.
 */
export const cbrt: Unary<"cbrt"> = elementwise(1, {
	name: "cbrt",
	formula: (x) => s.cbrt(x),
	partials: [(_, out) => div(1 / 3, square(out))],
	dtype: floating,
	domain: [{ min: 0.25, max: 4 }],
	latex: (x) => `\\sqrt[3]{${x}}`,
	print: (x) => `np.cbrt(${x})`,
	traits: { mirror: "odd", finite: ([x]) => x !== "unknown" },
});

/** x without its fraction, elementwise: towards 0; the dtype stays. Constant: no gradient. */
export const trunc: Unary<"trunc"> = elementwise(1, {
	name: "trunc",
	formula: (x) => s.select(s.less(x, 0), s.ceil(x), s.floor(x)),
	partials: null,
	domain: [{ min: -2, max: 2, avoid: [-2, -1, 0, 1, 2] }],
	print: (x) => `np.trunc(${x})`,
});

/**
 * ⌊x/y⌋, elementwise, as NumPy and Python have it: x = y·floorDivide(x, y) + mod(x, y), so it is
 * right also where x/y itself would be rounded to the next whole number. Arguments broadcast.
 * Floats give ±∞ or NaN for y = 0, and NaN for infinite x. Constant: no gradient.
 * @throws DTypeError for integers and y = 0.
 */
export const floorDivide: Binary<"floorDivide"> = elementwise(2, {
	name: "floorDivide",
	formula: (x, y) => {
		const rest = s.remainder(x, y);
		const whole = s.div(s.sub(x, rest), y);
		const isBelow = s.and(s.notEqual(rest, 0), s.xor(s.less(rest, 0), s.less(y, 0)));
		const quotient = s.select(isBelow, s.sub(whole, 1), whole);
		const zero = s.select(s.less(s.div(x, y), 0), -0, s.mul(0, s.div(x, y)));
		// What is a whole number but for rounding.
		const below = s.floor(quotient);
		const near = s.select(s.greater(s.sub(quotient, below), 0.5), s.add(below, 1), below);
		return s.select(s.equal(y, 0), s.div(x, y), s.select(s.equal(quotient, 0), zero, near));
	},
	partials: null,
	domain: [
		{ min: 5.25, max: 5.75 },
		{ min: 2, max: 2.5 },
	],
	latex: (x, y) => `\\lfloor ${x} / ${y} \\rfloor`,
	print: (x, y) => `${x} // ${y}`,
});

/**
 * 0 where x < 0, `h0` where x = 0 and 1 where x > 0, elementwise; NaN stays. Arguments broadcast.
 * The derivative by x is 0, at the jump too; that by `h0` is 1 at x = 0, and 0 elsewhere. Int32 and
 * bool give float64.
 */
export function heaviside(x: TensorLike, h0: TensorLike): Tensor {
	const [at, value] = alignArguments("heaviside", [x, h0], floating) as [Tensor, Tensor];
	const dtype = floating.result(commonDType("heaviside", at.dtype, value.dtype));
	const [p, h] = [astype(at, dtype), astype(value, dtype)];
	const above = where(greater(p, 0), 1, mul(p, Number.NaN));
	return where(equal(p, 0), h, where(less(p, 0), 0, above));
}

/** What `nanToNum` puts in place of what is no number. */
export interface NanToNumOptions {
	/** Left out: 0. */
	readonly nan?: number;
	/** In place of ∞; left out: the greatest number of the dtype. */
	readonly posInf?: number;
	/** In place of −∞; left out: the least number of the dtype. */
	readonly negInf?: number;
}

const GREATEST = { float64: (2 - 2 ** -52) * 2 ** 1023, float32: (2 - 2 ** -23) * 2 ** 127 };

/**
 * x with numbers in place of NaN, ∞ and −∞, elementwise. The gradient is that of x where x stays,
 * and 0 where it is replaced. Int32 and bool come back as they are.
 */
export function nanToNum(x: TensorLike, options?: NanToNumOptions): Tensor {
	const kinds = { nan: kind.number, posInf: kind.number, negInf: kind.number };
	const given = checkOptions("nanToNum", options, kinds);
	const value = asTensor("nanToNum", x);
	const { dtype } = value;
	if (dtype !== "float64" && dtype !== "float32") return value;
	const { nan = 0, posInf = GREATEST[dtype], negInf = -GREATEST[dtype] } = given;
	const above = where(equal(value, Number.POSITIVE_INFINITY), posInf, value);
	const finite = where(equal(value, Number.NEGATIVE_INFINITY), negInf, above);
	return where(notEqual(value, value), nan, finite);
}

/** How close `isClose` asks for. */
export interface IsCloseOptions {
	/** As a share of |y|; left out: 1e−5. */
	readonly rtol?: number;
	/** Left out: 1e−8. */
	readonly atol?: number;
	/** Whether NaN is close to NaN; left out: no. */
	readonly equalNaN?: boolean;
}

/**
 * Where |x − y| ≤ atol + rtol·|y|, elementwise, as a bool tensor: y is what x should be. Infinite
 * numbers are close to themselves. Arguments broadcast. Constant: no gradient.
 */
export function isClose(x: TensorLike, y: TensorLike, options?: IsCloseOptions): Tensor {
	const kinds = { rtol: kind.number, atol: kind.number, equalNaN: kind.flag };
	const { rtol = 1e-5, atol = 1e-8, equalNaN = false } = checkOptions("isClose", options, kinds);
	const [left, right] = alignArguments("isClose", [x, y], comparison).map((each) =>
		isFloat(each.dtype) ? each : astype(each, "float64"),
	) as [Tensor, Tensor];
	const isWithin = lessEqual(abs(sub(left, right)), add(atol, mul(rtol, abs(right))));
	const close = logicalOr(equal(left, right), logicalAnd(logicalNot(isInf(right)), isWithin));
	return equalNaN
		? logicalOr(close, logicalAnd(notEqual(left, left), notEqual(right, right)))
		: close;
}
