import { arithmetic } from "../kinds/lift.ts";
import { pairwiseSum } from "../kinds/pairwise.ts";
import { type Reduction, reduction } from "../kinds/reduction.ts";

/**
 * The sum over axes (all of them when none are given). Pairwise, so the rounding error grows with the logarithm
 * of the number of terms. Int32 and bool give int32. The sum of no elements is 0.
 */
export const sum: Reduction<"sum"> = reduction({
	name: "sum",
	evaluate: pairwiseSum,
	weights: () => 1,
	numpy: "np.sum",
	dtype: arithmetic,
});
