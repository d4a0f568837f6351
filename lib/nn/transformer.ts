import * as kind from "../core/argument-kinds.ts";
import { labelled } from "../core/labelled.ts";
import { checkOptions, checkSizes, type OptionKinds } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import { gelu } from "../ops/error-function.ts";
import { decodeLayer, startLayer } from "./decoding.ts";
import { dropout } from "./dropout.ts";
import {
	type AnyLayer,
	type Cache,
	type Context,
	checkParameters,
	contextOf,
	init,
	type Layer,
	type ParamsOf,
} from "./layer.ts";
import { linear } from "./linear.ts";
import {
	MULTI_HEAD_OPTIONS,
	type MultiHeadOptions,
	multiHeadAttention,
} from "./multi-head-attention.ts";
import { layerNorm } from "./norm.ts";

/** Options of `transformerBlock`. */
export interface TransformerOptions extends MultiHeadOptions {
	/** The width between the two products of the second half; left out: four times the width. */
	readonly hidden?: number;
	/** What stands between them; left out: `gelu`. */
	readonly activation?: (x: Tensor) => Tensor;
	/** The rate of dropout on what either half adds; left out: 0. */
	readonly dropout?: number;
}

const TRANSFORMER_OPTIONS: OptionKinds<TransformerOptions> = {
	...MULTI_HEAD_OPTIONS,
	hidden: kind.count,
	activation: kind.callable,
	dropout: kind.partial,
};

/** The parameters of a transformer block. */
export type TransformerParams = ParamsOf<ReturnType<typeof parts>>;

function parts(
	width: number,
	heads: number,
	{ hidden = 4 * width, causal, rotary, bias, keyValueHeads, scale }: TransformerOptions,
) {
	return {
		norm1: layerNorm(width),
		attention: multiHeadAttention(width, heads, { causal, rotary, bias, keyValueHeads, scale }),
		norm2: layerNorm(width),
		expand: linear(width, hidden),
		contract: linear(hidden, width),
	};
}

/**
 * A transformer block: x ← x + attention(norm(x)), then x ← x +
 * contract(activation(expand(norm(x)))), (…×places×width) to the same. The mask of the context says
 * which places may be looked at; with dropout it needs `train` and, in training, a key. Parameters:
 * `norm1`, `attention`, `norm2`, `expand`, `contract`. (A. Vaswani and others, 2017, with the norms
 * in front, as in GPT-2.)
 * @throws ShapeError when the width does not fall into the heads
 */
export function transformerBlock(
	width: number,
	heads: number,
	options?: TransformerOptions,
): Layer<TransformerParams> {
	checkSizes("transformerBlock", { width, heads });
	const given = checkOptions("transformerBlock", options, TRANSFORMER_OPTIONS);
	const { activation = gelu } = given;
	const layers = parts(width, heads, given);
	const drop = dropout(given.dropout ?? 0);
	const rest = (
		params: TransformerParams,
		x: Tensor,
		seen: Tensor,
		context: Context,
		active: (x: Tensor) => Tensor,
	) => {
		const y = labelled(add(x, drop.apply({}, seen, contextOf(context, 0))), "attended");
		const wide = layers.expand.apply(params.expand, layers.norm2.apply(params.norm2, y));
		const thought = layers.contract.apply(params.contract, labelled(active(wide), "hidden"));
		return add(y, drop.apply({}, thought, contextOf(context, 1)));
	};
	return {
		init: (key, options) => init(layers, key, options),
		apply: (params, x, context = {}) => {
			checkParameters("transformerBlock", params);
			const normed = layers.norm1.apply(params.norm1, x);
			const seen = layers.attention.apply(params.attention, normed, context);
			return rest(params, x, seen, context, activation);
		},
		decoding: {
			start: (...args) => ({
				attention: startLayer(layers.attention, ...args),
				activation: startLayer(activation, ...args),
			}),
			step: (params, x, cache, position) => {
				const next = { ...(cache as { attention: Cache; activation: Cache }) };
				const decoded = (name: keyof typeof next, layer: AnyLayer, params: unknown, x: Tensor) => {
					const [y, after] = decodeLayer(layer, params, x, next[name], position);
					next[name] = after;
					return y;
				};
				const normed = layers.norm1.apply(params.norm1, x);
				const seen = decoded("attention", layers.attention, params.attention, normed);
				const active = (x: Tensor) => decoded("activation", activation, {}, x);
				return [rest(params, x, seen, { train: false }, active), next];
			},
		},
	};
}
