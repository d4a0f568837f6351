import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { arange } from "../core/create.ts";
import { isFloat } from "../core/dtype.ts";
import { labelled } from "../core/labelled.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, mul } from "../ops/arithmetic.ts";
import { greaterEqual, logicalAnd, notEqual, where } from "../ops/comparison.ts";
import { matmul } from "../ops/products.ts";
import { any } from "../ops/reductions.ts";
import { softmax } from "../ops/softmax.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { expandDims, matrixTranspose, reshape } from "../structure/layout.ts";

/** Options of `attention`. */
export interface AttentionOptions {
	/**
	 * Where a query may look, bool, or what is added to the scores, in their dtype, where −∞ is where
	 * it may not; broadcast to (…×queries×keys).
	 */
	readonly mask?: Tensor;
	/**
	 * Whether each query looks only at the keys up to its own place; fewer queries than keys are the
	 * last ones. Left out: no.
	 */
	readonly causal?: boolean;
	/** What q·kᵀ is multiplied with; left out: 1/√d. */
	readonly scale?: number;
}

const ATTENTION_OPTIONS: OptionKinds<AttentionOptions> = {
	mask: kind.aTensor,
	causal: kind.flag,
	scale: kind.finite,
};

/**
 * Takes the place of a score that is masked: e to its power is 0 beside every other, and it is
 * finite in float32.
 */
const FAR_BELOW = -1e30;

/**
 * softmax(q·kᵀ/√d)·v: queries (…×n×d), keys (…×m×d) and values (…×m×e) give (…×n×e), means of the
 * values weighted by how keys agree with a query. A query that may look nowhere gets zeros, and
 * gradients of zeros. Such a query, and keys and values at which no query may look, may be NaN: it
 * shows in no value and in no gradient. (A. Vaswani and others, "Attention is all you need", 2017.)
 *
 * Keys and values of fewer heads than queries, (…×heads×places×d), are shared: as many heads of
 * queries as there are for each, one after the other, look at the same (J. Ainslie and others,
 * "GQA: training generalized multi-query transformer models from multi-head checkpoints", 2023).
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options?: AttentionOptions): Tensor {
	const given = checkOptions("attention", options, ATTENTION_OPTIONS);
	for (const [name, x] of Object.entries({ queries: q, keys: k, values: v })) {
		checkArgument("attention", `the ${name}`, x, kind.aTensor);
	}
	return calledAs("attention", () =>
		inGroups(q, k, v, given.mask, (q, k, v, mask) => attended(q, k, v, { ...given, mask })),
	);
}

/**
 * Calls f with heads that share keys and values along one more axis, if there are any, and puts
 * them together again; a mask of all heads, or of one, fits to them.
 */
export function inGroups(
	q: Tensor,
	k: Tensor,
	v: Tensor,
	mask: Tensor | undefined,
	f: (q: Tensor, k: Tensor, v: Tensor, mask?: Tensor) => Tensor,
): Tensor {
	const [heads, shared] = [q.shape.at(-3) ?? 1, k.shape.at(-3) ?? 1];
	if (heads === shared || shared < 2 || heads % shared !== 0) return f(q, k, v, mask);
	const apart = (x: Tensor) => {
		const groups = x.shape.at(-3) === 1 ? [1, 1] : [shared, heads / shared];
		return reshape(x, x.shape.toSpliced(-3, 1, ...groups));
	};
	const fitting = mask === undefined || mask.rank < 3 ? mask : apart(mask);
	const y = f(apart(q), expandDims(k, -3), expandDims(v, -3), fitting);
	return reshape(y, y.shape.toSpliced(-4, 2, heads));
}

function attended(
	q: Tensor,
	k: Tensor,
	v: Tensor,
	{ mask, causal = false, scale }: AttentionOptions,
): Tensor {
	const past = causal ? upToHere(q.shape.at(-2)!, k.shape.at(-2)!) : undefined;
	if (mask === undefined) return weighted(q, k, v, { seen: past, scale });
	const isAdded = isFloat(mask.dtype);
	const may = isAdded ? notEqual(mask, Number.NEGATIVE_INFINITY) : mask;
	const seen = past === undefined ? may : logicalAnd(may, past);
	// What is nowhere looked at must not meet a factor of 0 in a product: 0 · NaN is NaN.
	const grid = seen.rank < 2 ? broadcastTo(seen, [1, k.shape.at(-2)!]) : seen;
	const looks = any(grid, -1, { keepDims: true });
	const isSeen = matrixTranspose(any(grid, -2, { keepDims: true }));
	const added = isAdded ? where(may, mask, 0) : undefined;
	const [keys, values] = [where(isSeen, k, 0), where(isSeen, v, 0)];
	return weighted(where(looks, q, 0), keys, values, { seen, scale, added });
}

/** The means of values with weights where a query sees a key, everywhere if nothing is said. */
export function weighted(
	q: Tensor,
	k: Tensor,
	v: Tensor,
	{ seen, scale, added }: { seen?: Tensor; scale?: number; added?: Tensor },
): Tensor {
	const products = matmul(q, matrixTranspose(k));
	const agreement =
		scale === undefined ? div(products, Math.sqrt(q.shape.at(-1)!)) : mul(products, scale);
	const scores = labelled(added === undefined ? agreement : add(agreement, added), "scores");
	if (seen === undefined) return matmul(labelled(softmax(scores), "weights"), v);
	const weights = softmax(where(seen, scores, FAR_BELOW));
	return matmul(labelled(where(seen, weights, 0), "weights"), v);
}

/** Bool (n×m): true where a key is not behind the query. */
function upToHere(n: number, m: number): Tensor {
	const query = expandDims(arange(m - n, m), 1);
	return greaterEqual(query, arange(m));
}
