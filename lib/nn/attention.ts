import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { arange, zeros } from "../core/create.ts";
import { DomainError, ShapeError } from "../core/error.ts";
import { labelled } from "../core/labelled.ts";
import { checkArgument, checkOptions, checkSizes, type OptionKinds } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { div } from "../ops/arithmetic.ts";
import { greaterEqual, logicalAnd, where } from "../ops/comparison.ts";
import { matmul } from "../ops/products.ts";
import { any } from "../ops/reductions.ts";
import { softmax } from "../ops/softmax.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { expandDims, matrixTranspose, permute, reshape } from "../structure/layout.ts";
import { hasRoom, upTo, withPlaces } from "./cache.ts";
import { type Context, type Decoding, init, type Layer, layerOf, type ParamsOf } from "./layer.ts";
import { linear } from "./linear.ts";
import { rotate } from "./positions.ts";

/** Options of `attention`. */
export interface AttentionOptions {
	/** Where a query may look, bool, broadcast to (…×queries×keys). */
	readonly mask?: Tensor;
	/**
	 * Whether each query looks only at the keys up to its own place; fewer queries than keys are the
	 * last ones. Left out: no.
	 */
	readonly causal?: boolean;
}

const ATTENTION_OPTIONS: OptionKinds<AttentionOptions> = { mask: kind.aTensor, causal: kind.flag };

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
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options?: AttentionOptions): Tensor {
	const given = checkOptions("attention", options, ATTENTION_OPTIONS);
	return calledAs("attention", () => attended(q, k, v, given));
}

function attended(
	q: Tensor,
	k: Tensor,
	v: Tensor,
	{ mask, causal = false }: AttentionOptions,
): Tensor {
	const past = causal ? upToHere(q.shape.at(-2)!, k.shape.at(-2)!) : undefined;
	if (mask === undefined) return weighted(q, k, v, past);
	const seen = past === undefined ? mask : logicalAnd(mask, past);
	// What is nowhere looked at must not meet a factor of 0 in a product: 0 · NaN is NaN.
	const grid = seen.rank < 2 ? broadcastTo(seen, [1, k.shape.at(-2)!]) : seen;
	const looks = any(grid, -1, { keepDims: true });
	const isSeen = matrixTranspose(any(grid, -2, { keepDims: true }));
	return weighted(where(looks, q, 0), where(isSeen, k, 0), where(isSeen, v, 0), seen);
}

/** The means of values with weights where a query sees a key, everywhere if nothing is said. */
function weighted(q: Tensor, k: Tensor, v: Tensor, seen?: Tensor): Tensor {
	const agreement = div(matmul(q, matrixTranspose(k)), Math.sqrt(q.shape.at(-1)!));
	const scores = labelled(agreement, "scores");
	if (seen === undefined) return matmul(labelled(softmax(scores), "weights"), v);
	const weights = softmax(where(seen, scores, FAR_BELOW));
	return matmul(labelled(where(seen, weights, 0), "weights"), v);
}

/** Bool (n×m): true where a key is not behind the query. */
function upToHere(n: number, m: number): Tensor {
	const query = expandDims(arange(m - n, m), 1);
	return greaterEqual(query, arange(m));
}

/** Options of `multiHeadAttention`. */
export interface MultiHeadOptions {
	/** Whether each place looks only at those up to itself; left out: no. */
	readonly causal?: boolean;
	/**
	 * Whether queries and keys are turned by their places, so that scores depend on distances (see
	 * `rotate`); left out: no.
	 */
	readonly rotary?: boolean;
	/** Whether the four products have a bias; left out: true. */
	readonly bias?: boolean;
}

const MULTI_HEAD_OPTIONS: OptionKinds<MultiHeadOptions> = {
	causal: kind.flag,
	rotary: kind.flag,
	bias: kind.flag,
};

/** The weights of the four products of an attention. */
export type AttentionParams = ParamsOf<ReturnType<typeof projections>>;

function projections(width: number, bias: boolean) {
	const product = () => linear(width, width, { bias: bias as true });
	return { query: product(), key: product(), value: product(), output: product() };
}

/** A layer that attends to its own input, or to another sequence. */
export interface Attention extends Layer<AttentionParams> {
	/**
	 * Queries from x, keys and values from the memory, (…×places×width), to which the mask of the
	 * context belongs; never causal.
	 */
	attend(params: AttentionParams, x: Tensor, memory: Tensor, context?: Context): Tensor;
}

/**
 * Attention in several heads, each of which works on its own part of the width: (…×places×width)
 * gives the same. The mask of the context, (…×places), says which places may be looked at; what
 * stands at the others, were it NaN, shows in no key and no value. In its own queries a layer still
 * has them: a NaN in x shows in the result there and in the weights' gradient, as in PyTorch.
 * Parameters: `query`, `key`, `value` and `output`, each `{ w, b }`. `apply` throws a ShapeError
 * for another width. (A. Vaswani and others, "Attention is all you need", 2017.)
 * @throws ShapeError when the width does not fall into the heads, or, with `rotary`, into pairs
 */
export function multiHeadAttention(
	width: number,
	heads: number,
	options?: MultiHeadOptions,
): Attention {
	checkSizes("multiHeadAttention", { width, heads });
	const given = checkOptions("multiHeadAttention", options, MULTI_HEAD_OPTIONS);
	const { causal = false, rotary = false, bias = true } = given;
	const depth = width / heads;
	if (!Number.isInteger(depth) || depth < 1 || (rotary && depth % 2 === 1)) {
		const parts = rotary ? "heads of an even width" : "heads";
		throw new ShapeError(`multiHeadAttention: expected ${width} to fall into ${heads} ${parts}`);
	}
	const layers = projections(width, bias);
	/** (…×places×width) to (…×heads×places×depth). */
	const apart = (x: Tensor) => swap(reshape(x, [...x.shape.slice(0, -1), heads, depth]));
	const together = (x: Tensor) => {
		const joined = swap(x);
		return reshape(joined, [...joined.shape.slice(0, -2), width]);
	};
	const turn = rotary ? rotate : (u: Tensor) => u;
	const queries = ({ query }: AttentionParams, x: Tensor) =>
		apart(labelled(layers.query.apply(query, x), "q"));
	const keys = ({ key }: AttentionParams, x: Tensor) =>
		apart(labelled(layers.key.apply(key, x), "k"));
	const values = ({ value }: AttentionParams, x: Tensor) =>
		apart(labelled(layers.value.apply(value, x), "v"));
	const run = (params: AttentionParams, x: Tensor, memory: Tensor, options: AttentionOptions) => {
		checkArgument("multiHeadAttention", "the memory", memory, kind.aTensor);
		if (x.rank < 2) {
			throw new ShapeError(
				`multiHeadAttention: expected (…×places×${width}), got ${showShape(x.shape)}`,
			);
		}
		// What is nowhere looked at must not meet a gradient of 0 in the weights' either.
		const seen = options.mask ? where(expandDims(options.mask, -1), memory, 0) : memory;
		const q = turn(queries(params, x));
		const k = turn(keys(params, seen));
		const v = values(params, seen);
		const mask = options.mask && expandDims(options.mask, [-3, -2]);
		return layers.output.apply(params.output, together(attention(q, k, v, { ...options, mask })));
	};
	const decoding: Decoding<AttentionParams> = {
		start: (samples, capacity, options) => {
			if (!causal) throw notCausal();
			const none = zeros([samples, heads, capacity, depth], options);
			return { k: none, v: none };
		},
		step: (params, x, cache, position) => {
			if (!causal) throw notCausal();
			const before = cache as { readonly k: Tensor; readonly v: Tensor };
			const now = {
				k: withPlaces(before.k, turn(keys(params, x), position), position),
				v: withPlaces(before.v, values(params, x), position),
			};
			const seen = upTo(x.shape.at(-2)!, now.k.shape.at(-2)!, position);
			const found = weighted(turn(queries(params, x), position), now.k, now.v, seen);
			const isRoom = hasRoom(x.shape.at(-2)!, now.k.shape.at(-2)!, position);
			return [layers.output.apply(params.output, together(where(isRoom, found, Number.NaN))), now];
		},
	};
	return layerOf("multiHeadAttention", {
		init: (key, options) => init(layers, key, options),
		apply: (params, x, { mask } = {}) => run(params, x, x, { mask, causal }),
		attend: (params, x, memory, { mask } = {}) => run(params, x, memory, { mask }),
		decoding,
	});
}

function notCausal(): DomainError {
	return new DomainError(
		"multiHeadAttention: expected { causal: true } to decode step by step: otherwise places look at those that come later",
	);
}

/** The two axes before the last one swapped. */
function swap(x: Tensor): Tensor {
	const axes = [...x.shape.keys()];
	const [a, b] = [axes.length - 3, axes.length - 2];
	[axes[a], axes[b]] = [b, a];
	return permute(x, axes);
}
