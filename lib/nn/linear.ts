import { stopGradient } from "../autodiff/custom.ts";
import * as kind from "../core/argument-kinds.ts";
import { arange, zeros } from "../core/create.ts";
import { ShapeError } from "../core/error.ts";
import { labelled } from "../core/labelled.ts";
import { checkOptions, checkSizes, type OptionKinds } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import { equal, where } from "../ops/comparison.ts";
import { take } from "../ops/indexing.ts";
import { dot } from "../ops/products.ts";
import { expandDims } from "../structure/layout.ts";
import { glorotUniform, type Initializer, normal } from "./initializers.ts";
import { type Layer, layerOf } from "./layer.ts";
import { placewise } from "./placewise.ts";

/** Weights, with a bias or without. */
export type Weights<Bias extends boolean> = Bias extends true
	? { w: Tensor; b: Tensor }
	: { w: Tensor };

/** Options of the layers that multiply with weights. */
export interface WeightOptions<Bias extends boolean = boolean> {
	/** How the weights are drawn; left out: `glorotUniform`. */
	readonly weights?: Initializer;
	/** Whether a bias, at first 0, is added; left out: true. */
	readonly bias?: Bias;
}

/** What they may be. */
export const WEIGHT_OPTIONS: OptionKinds<WeightOptions> = {
	weights: kind.callable,
	bias: kind.flag,
};

/**
 * x·w + b on the last axis: (…×inputs) gives (…×outputs). Parameters: `w` (inputs×outputs) and `b`
 * (outputs). `apply` throws a ShapeError when the last axis is not of size `inputs`.
 */
export function linear<Bias extends boolean = true>(
	inputs: number,
	outputs: number,
	options?: WeightOptions<Bias>,
): Layer<Weights<Bias>> {
	checkSizes("linear", { inputs, outputs });
	const given = checkOptions<WeightOptions>("linear", options, WEIGHT_OPTIONS);
	const { weights = glorotUniform, bias = true } = given;
	return placewise(
		layerOf("linear", {
			init: (key, { dtype } = {}) => {
				const w = weights(key, [inputs, outputs], { dtype });
				return (bias ? { w, b: zeros([outputs], { dtype: w.dtype }) } : { w }) as Weights<Bias>;
			},
			apply: (params: { w: Tensor; b?: Tensor }, x) => {
				if (x.shape.at(-1) !== inputs) {
					throw new ShapeError(`linear: expected (…×${inputs}), got ${showShape(x.shape)}`);
				}
				const out = dot(x, params.w);
				return labelled(params.b === undefined ? out : add(out, params.b), "z");
			},
		}),
	);
}

/** Options of `embedding`. */
export interface EmbeddingOptions {
	/** How the vectors are drawn; left out: normal with standard deviation 1. */
	readonly weights?: Initializer;
	/** The number that stands for no thing: its vector is drawn as 0 and is not learned. */
	readonly paddingIndex?: number;
}

/**
 * A vector for each of `count` things: whole numbers (…), int32, from 0 to count − 1 give
 * (…×width). Parameters: `w` (count×width). The row of a `paddingIndex` is a constant, without a
 * gradient. `apply` throws a DTypeError for what is not int32, a DomainError for a number out of
 * range.
 * @throws DomainError for a padding index that is not from 0 to count − 1
 */
export function embedding(
	count: number,
	width: number,
	options?: EmbeddingOptions,
): Layer<{ w: Tensor }> {
	checkSizes("embedding", { count, width });
	const index = {
		expected: `a whole number from 0 to ${count - 1}`,
		holds: (x: unknown) => kind.whole.holds(x) && Number(x) < count,
	};
	const kinds = { weights: kind.callable, paddingIndex: index };
	const { weights = normal(), paddingIndex } = checkOptions("embedding", options, kinds);
	const isPadding = (x: Tensor) => expandDims(equal(x, paddingIndex!), -1);
	return placewise(
		layerOf("embedding", {
			init: (key, { dtype } = {}) => {
				const w = weights(key, [count, width], { dtype });
				if (paddingIndex === undefined) return { w };
				return { w: where(isPadding(arange(0, count, 1, { dtype: "int32" })), 0, w) };
			},
			apply: ({ w }, x) => {
				const rows = take(w, x, 0);
				return paddingIndex === undefined ? rows : where(isPadding(x), stopGradient(rows), rows);
			},
		}),
	);
}
