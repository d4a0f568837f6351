import * as kind from "../core/argument-kinds.ts";
import { zeros } from "../core/create.ts";
import { DomainError, ShapeError } from "../core/error.ts";
import { labelled } from "../core/labelled.ts";
import { checkArgument, checkOptions, checkSizes, type OptionKinds } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { where } from "../ops/comparison.ts";
import { expandDims, permute, reshape } from "../structure/layout.ts";
import { type AttentionOptions, attention, inGroups, weighted } from "./attention.ts";
import { hasRoom, upTo, withPlaces } from "./cache.ts";
import { type Context, type Decoding, init, type Layer, layerOf, type ParamsOf } from "./layer.ts";
import { linear } from "./linear.ts";
import { rotate } from "./positions.ts";

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
	/** How many heads keys and values have, which queries share; left out: as many as queries. */
	readonly keyValueHeads?: number;
	/** What the scores are multiplied with; left out: 1/√(the width of a head). */
	readonly scale?: number;
}

/** What they may be. */
export const MULTI_HEAD_OPTIONS: OptionKinds<MultiHeadOptions> = {
	causal: kind.flag,
	rotary: kind.flag,
	bias: kind.flag,
	keyValueHeads: kind.count,
	scale: kind.finite,
};

/** The weights of the four products of an attention. */
export type AttentionParams = ParamsOf<ReturnType<typeof projections>>;

function projections(width: number, shared: number, bias: boolean) {
	const product = (outputs: number) => linear(width, outputs, { bias: bias as true });
	const [key, value] = [product(shared), product(shared)];
	return { query: product(width), key, value, output: product(width) };
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
 * With fewer `keyValueHeads` the products of keys and values, and the cache of `decode`, are
 * smaller by that. Parameters: `query`, `key`, `value` and `output`, each `{ w, b }`. `apply`
 * throws a ShapeError for another width. (A. Vaswani and others, "Attention is all you need",
 * 2017.)
 * @throws ShapeError when the width does not fall into the heads, or, with `rotary`, into pairs, or
 * the heads do not fall into those of keys and values
 */
export function multiHeadAttention(
	width: number,
	heads: number,
	options?: MultiHeadOptions,
): Attention {
	checkSizes("multiHeadAttention", { width, heads });
	const given = checkOptions("multiHeadAttention", options, MULTI_HEAD_OPTIONS);
	const { causal = false, rotary = false, bias = true, keyValueHeads = heads, scale } = given;
	const depth = width / heads;
	if (!Number.isInteger(depth) || depth < 1 || (rotary && depth % 2 === 1)) {
		const parts = rotary ? "heads of an even width" : "heads";
		throw new ShapeError(`multiHeadAttention: expected ${width} to fall into ${heads} ${parts}`);
	}
	if (heads % keyValueHeads !== 0) {
		throw new ShapeError(
			`multiHeadAttention: expected ${heads} heads to fall into ${keyValueHeads} of keys and values`,
		);
	}
	const layers = projections(width, keyValueHeads * depth, bias);
	/** (…×places×width) to (…×heads×places×depth). */
	const apart = (x: Tensor) => swap(reshape(x, [...x.shape.slice(0, -1), -1, depth]));
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
		return layers.output.apply(
			params.output,
			together(attention(q, k, v, { ...options, mask, scale })),
		);
	};
	const decoding: Decoding<AttentionParams> = {
		start: (samples, capacity, options) => {
			if (!causal) throw notCausal();
			const none = zeros([samples, keyValueHeads, capacity, depth], options);
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
			const q = turn(queries(params, x), position);
			const found = inGroups(q, now.k, now.v, seen, (q, k, v) =>
				weighted(q, k, v, { seen, scale }),
			);
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
