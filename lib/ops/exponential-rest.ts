import { floating, type Unary } from "../core/lift.ts";
import { elementwise } from "../kinds/elementwise.ts";
import * as s from "../scalar/index.ts";
import type { ScalarLike } from "../scalar/scalar.ts";
import { sub } from "./arithmetic.ts";
import { FAR } from "./bounded.ts";
import { expm1 } from "./exponential.ts";

/** So many terms of the series tell in a float64 where |x| < 1. */
const TERMS = 17;

/**
 * eˣ − 1 − x, elementwise, exact also where it is as small as x²/2. The divergence between normal
 * distributions is made of it.
 */
export const expRest: Unary<"expRest"> = elementwise(1, {
	name: "expRest",
	formula: (x) => {
		// x²/2 · (1 + x/3·(1 + x/4·(1 + …)))
		let series: ScalarLike = 1;
		for (let k = TERMS + 2; k > 2; k--) series = s.add(1, s.mul(s.mul(x, series), 1 / k));
		const near = s.mul(s.mul(x, 0.5), s.mul(x, series));
		// Beyond FAR eˣ is ∞, and ∞ − ∞ would be NaN.
		return s.select(s.less(s.abs(x), 1), near, s.sub(s.expm1(x), s.min(x, FAR)));
	},
	partials: [(x) => expm1(x)],
	dtype: floating,
	latex: (x) => `\\exp(${x}) - 1 - ${x}`,
	print: (x) => `np.expm1(${x}) - ${x}`,
	traits: { overflows: true, sign: () => "nonnegative", textbook: ([x]) => sub(expm1(x!), x!) },
});
