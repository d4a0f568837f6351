import type { Data } from "../core/params.ts";
import { lazySlices } from "../scalar/slice-form.ts";
import {
	type ReduceOptions,
	type Reduction,
	type ReductionRule,
	reductionBy,
} from "../structure/reduction.ts";
import { sliceKernels } from "./slice-kernel.ts";

/**
 * An op that reduces over axes to a scalar function of the elements along them. The rule states its
 * formula, and ∂out/∂x as a weight for each element; the derivative is the weighted sum, and its
 * transpose spreads a cotangent out by the same weights.
 */
/* @__NO_SIDE_EFFECTS__ */
export function reduction<
	Name extends string,
	Options extends ReduceOptions & Record<string, Data> = ReduceOptions,
>(rule: ReductionRule<Name, Options>): Reduction<Name, Options> {
	const form = lazySlices(rule.formula, false);
	return reductionBy(rule, form, sliceKernels(form));
}
