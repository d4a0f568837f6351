import * as kind from "../../core/argument-kinds.ts";
import { reduction } from "../../kinds/reduction.ts";
import * as s from "../../scalar/index.ts";
import type { ReduceOptions, Reduction } from "../../structure/reduction.ts";
import { abs, mul, sign } from "../arithmetic.ts";
import { equal, where } from "../comparison.ts";
import { direction } from "../direction.ts";
import { power } from "../exponential.ts";

/** Options of `powerNorm`. */
export type PowerNormOptions = ReduceOptions & { readonly p: number };

/**
 * (Σ|x|^p)^(1/p) over axes, for p other than 0: what `vectorNorm` is for powers that have no op of
 * their own. Elements are taken as parts of the greatest (for p < 0 of the least), so nothing
 * over- or underflows on the way. The derivative by an element that is 0 is taken to be 0, as that
 * of |x| is, and so is all of it where the norm is 0.
 */
export const powerNorm: Reduction<"powerNorm", PowerNormOptions> = reduction<
	"powerNorm",
	PowerNormOptions
>({
	name: "powerNorm",
	formula: (x, p) => {
		const sizes = s.abs(s.double(x));
		const isUp = s.greater(p, 0);
		const unit = s.select(isUp, s.max(s.greatest(sizes), 0), s.least(sizes));
		const isOrdinary = s.and(s.greater(unit, 0), s.less(unit, Number.POSITIVE_INFINITY));
		const parts = s.total(s.pow(s.div(sizes, unit), p));
		return s.select(isOrdinary, s.mul(unit, s.pow(parts, s.div(1, p))), unit);
	},
	numbers: ({ p }) => [p],
	optionKinds: { p: kind.number },
	options: (draw) => ({ p: draw.pick([3, 4, 1.5, 0.5, -1, -2.5]) }),
	printOptions: ({ p }) => [`p=${p}`],
	weights: (x, out, { p }) => {
		const part = direction(abs(x), out);
		const isZero = equal(part, 0);
		return mul(sign(x), where(isZero, 0, power(where(isZero, 1, part), p - 1)));
	},
	conventions: [],
	latex: (x) => `\\lVert ${x} \\rVert_p`,
	numpy: "power_norm",
	domain: { avoid: [0] },
	minSize: 1,
	traits: { sign: () => "nonnegative" },
});
