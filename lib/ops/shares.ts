import { type Normalization, normalization } from "../kinds/normalization.ts";
import * as s from "../scalar/index.ts";
import { softmax } from "./softmax.ts";
import { softmaxMap } from "./softmax-map.ts";

/**
 * The derivative of `logSumExp` along an axis (the last one unless said) or several: `softmax`, and
 * where the greatest elements are infinite, those share it equally and all others have 0.
 */
export const shares: Normalization<"shares"> = normalization({
	name: "shares",
	formula: (x) => {
		const greatest = s.greatest(x);
		const e = s.select(s.equal(x, greatest), 1, s.exp(s.sub(x, greatest)));
		return s.div(e, s.total(e));
	},
	differential: softmaxMap,
	// As everywhere but at infinities it is the same.
	numpy: "softmax",
	typescript: "softmax",
	traits: {
		sign: () => "nonnegative",
		distribution: ({ axes }) => axes,
		textbook: ([x], { axes }) => softmax(x!, axes),
	},
});
