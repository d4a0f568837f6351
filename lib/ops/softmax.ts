import { linearMap } from "../core/linear-map.ts";
import { type Normalization, normalization } from "../kinds/normalization.ts";
import * as s from "../scalar/index.ts";
import { sum } from "../structure/broadcasting.ts";
import { sub } from "./arithmetic.ts";
import { exp } from "./exponential.ts";
import { scale } from "./masks.ts";
import { softmaxMap } from "./softmax-map.ts";

/**
 * exp(x) / Σ exp(x) along an axis (the last one unless said) or several, stable for elements of any
 * size. Int32 and bool give float64. A slice of which all elements are −∞, or one is ∞ or NaN,
 * gives NaN.
 * @throws ShapeError for an axis out of range: a scalar has none.
 */
export const softmax: Normalization<"softmax"> = normalization({
	name: "softmax",
	formula: (x) => {
		const e = s.exp(s.sub(x, s.greatest(x)));
		return s.div(e, s.total(e));
	},
	differential: softmaxMap,
	traits: { sign: () => "positive", distribution: ({ axes }) => axes },
});

/**
 * log(exp(x) / Σ exp(x)) along an axis (the last one unless said) or several, stable for elements
 * of any size. Int32 and bool give float64. A slice of which all elements are −∞, or one is ∞ or
 * NaN, gives NaN.
 * @throws ShapeError for an axis out of range: a scalar has none.
 */
export const logSoftmax: Normalization<"logSoftmax"> = normalization({
	name: "logSoftmax",
	formula: (x) => {
		const greatest = s.greatest(x);
		const total = s.total(s.exp(s.sub(x, greatest)));
		return s.sub(s.sub(s.double(x), greatest), s.log(total));
	},
	differential: (_, out, axes) => {
		const y = exp(out);
		return linearMap(
			"logSoftmax",
			(dx) => sub(dx, sum(scale(dx, y), axes, { keepDims: true })),
			(g) => sub(g, scale(sum(g, axes, { keepDims: true }), y)),
		);
	},
	numpy: "log_softmax",
	traits: { roundsBesideOne: true },
});
