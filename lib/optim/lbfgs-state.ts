import type { Tensor } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";

/** A value and its gradient, as `valueAndGrad(loss)` gives them. */
export type Objective<Params> = (params: Params) => readonly [value: Tensor, gradient: Params];

/** What L-BFGS remembers, a plain tree of tensors. */
export type LbfgsState<Params> = {
	/** How many updates were made, int32. */
	readonly step: Tensor;
	/** The value at the parameters, float64. */
	readonly value: Tensor;
	/** The gradient there: `globalNorm(state.gradient)` says how near the minimum is. */
	readonly gradient: Params;
	/** How many of the last steps are known, int32. */
	readonly known: Tensor;
	/** The last steps, (history×elements), the newest last. */
	readonly steps: Tensor;
	/** How the gradient changed with each. */
	readonly changes: Tensor;
};

/** Whether a transform watches a tensor of the tree, so that it is more than its values. */
export function areWatched(tree: unknown): boolean {
	return flatten("lbfgs", tree, "tree").leaves.some(({ node }) => node?.tape.open === true);
}
