import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { full } from "../core/create.ts";
import { checkArgument } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { mapTree, treeLeaves } from "../core/tree.ts";
import { clip, minimum, mul, reciprocal } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { stack } from "../ops/joining.ts";
import { scale } from "../ops/masks.ts";
import { norm } from "../ops/reductions.ts";

/**
 * The gradient with every element kept between −limit and limit.
 * @throws DomainError when the limit is negative or NaN
 */
export function clipByValue<Gradient>(gradient: Gradient, limit: number): Gradient {
	checkArgument("clipByValue", "limit", limit, kind.notNegative);
	return calledAs("clipByValue", () => mapTree((g) => clip(g, -limit, limit), gradient));
}

/**
 * The gradient, scaled down as a whole where its norm is greater than `maxNorm`: the direction
 * stays (R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural
 * networks", 2013). `optimizer.update(clipByGlobalNorm(gradient, 1), state, params)`.
 * @throws DomainError when `maxNorm` is negative or NaN
 */
export function clipByGlobalNorm<Gradient>(gradient: Gradient, maxNorm: number): Gradient {
	checkArgument("clipByGlobalNorm", "maxNorm", maxNorm, kind.notNegative);
	return calledAs("clipByGlobalNorm", () => {
		const factor = minimum(1, mul(reciprocal(globalNorm(gradient)), maxNorm));
		return mapTree((g) => scale(g, astype(factor, g.dtype)), gradient);
	});
}

/** The Euclidean norm of all elements of all tensors of a tree, a float64 scalar. */
export function globalNorm(tree: unknown): Tensor {
	const leaves = calledAs("globalNorm", () => treeLeaves(tree));
	const norms = leaves.map((x) => astype(norm(x), "float64"));
	return norms.length === 0 ? full([], 0) : norm(stack(norms));
}
