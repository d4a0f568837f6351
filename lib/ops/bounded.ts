import * as s from "../scalar/index.ts";
import type { Scalar } from "../scalar/scalar.ts";

/** From here on 1 + x is x, and eˣ and e⁻ˣ have over- and underflowed, in any dtype. */
export const FAR = 1e30;

/** x, kept between ±FAR: a formula that has reached its limit there has no ∞/∞ or 0·∞ in it. */
export function bounded(x: Scalar): Scalar {
	return s.max(s.min(x, FAR), -FAR);
}
