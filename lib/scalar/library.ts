import { native } from "./function.ts";
import type { One, Two } from "./scalar.ts";
import { shortExp, shortExpm1, shortTanh } from "./short.ts";
import { singleExp, singleExpOfDifference, singleTanh } from "./single.ts";

// JavaScript's own functions, which every backend has to have: what they give at −0 and NaN is what
// JavaScript gives.

/** eˣ. */
export const exp = native<One>("exp", {
	short: shortExp,
	single: singleExp,
	ofDifference: singleExpOfDifference,
});

/** eˣ − 1, exact for small x. */
export const expm1 = native<One>("expm1", { short: shortExpm1 });

/** The natural logarithm. */
export const log = native<One>("log");

/** log(1 + x), exact for small x. */
export const log1p = native<One>("log1p");

/** The logarithm to base 2. */
export const log2 = native<One>("log2");

/** The logarithm to base 10. */
export const log10 = native<One>("log10");

/** The sine; x in radians. */
export const sin = native<One>("sin");

/** The cosine; x in radians. */
export const cos = native<One>("cos");

/** The tangent; x in radians. */
export const tan = native<One>("tan");

/** The arc sine. */
export const asin = native<One>("asin");

/** The arc cosine. */
export const acos = native<One>("acos");

/** The arc tangent. */
export const atan = native<One>("atan");

/** The angle of the point (y, x), whose height comes first. */
export const atan2 = native<Two>("atan2");

/** The hyperbolic sine. */
export const sinh = native<One>("sinh");

/** The hyperbolic cosine. */
export const cosh = native<One>("cosh");

/** The hyperbolic tangent. */
export const tanh = native<One>("tanh", { short: shortTanh, single: singleTanh });

/** The inverse of `sinh`. */
export const asinh = native<One>("asinh");

/** The inverse of `cosh`. */
export const acosh = native<One>("acosh");

/** The inverse of `tanh`. */
export const atanh = native<One>("atanh");

/** −1 or 1 with the sign of x; 0, −0 and NaN stay. */
export const sign = native<One>("sign");

/** √(x² + y²) without overflow; ∞ where one argument is ±∞, beside NaN too. */
export const hypot = native<Two>("hypot");

/**
 * xʸ as JavaScript has it: x⁰ is 1 whatever x is. In C 1 to the power of NaN or ±∞ is 1, and −1 to
 * ±∞ too, and here NaN.
 */
export const pow = native<Two>("pow", { operator: "**" });

/** The remainder of x / y with the sign of x, exactly; NaN for y = 0. */
export const remainder = native<Two>("remainder", { operator: "%", evaluate: (x, y) => x % y });
