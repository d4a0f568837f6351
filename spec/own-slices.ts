import {
	add,
	div,
	LinearMap,
	mean,
	mul,
	type Normalization,
	normalization,
	type Reduction,
	reduction,
	softmax,
	sqrt,
	sub,
	type Tensor,
	variance,
} from "../lib/index.ts";
import * as s from "../lib/scalar/index.ts";

// A reduction and a normalization from outside of the library.

/** log of the mean of exp(x), stable for elements of any size. */
export const logMeanExp: Reduction<"logMeanExp"> = reduction({
	name: "logMeanExp",
	formula: (x) => {
		const greatest = s.greatest(x);
		const shares = s.div(s.total(s.exp(s.sub(x, greatest))), s.n);
		const isInfinite = s.equal(s.abs(greatest), Number.POSITIVE_INFINITY);
		return s.select(isInfinite, greatest, s.add(greatest, s.log(shares)));
	},
	weights: (x, _, { axes }) => softmax(x, axes),
	numpy: "logmeanexp",
	minSize: 1,
});

const EPSILON = 0.25;

/** (x − mean) / √(variance + 0.25). */
export const standardized: Normalization<"standardized"> = normalization({
	name: "standardized",
	formula: (x) => {
		const deviation = s.sub(s.double(x), s.div(s.total(x), s.n));
		const spread = s.div(s.total(s.mul(deviation, deviation)), s.n);
		return s.div(deviation, s.sqrt(s.add(spread, EPSILON)));
	},
	differential: (x, y, axes) => {
		const average = (v: Tensor) => mean(v, axes, { keepDims: true });
		const spread = sqrt(add(variance(x, axes, { keepDims: true }), EPSILON));
		// It is its own transpose.
		return new LinearMap("standardized", (dx) =>
			div(sub(sub(dx, average(dx)), mul(y, average(mul(dx, y)))), spread),
		);
	},
});
