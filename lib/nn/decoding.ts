import { count } from "../core/argument-kinds.ts";
import { checkArgument, checkOptions } from "../core/options.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { type AnyLayer, type Cache, checkLayer, INIT_OPTIONS, type InitOptions } from "./layer.ts";
import { decodingOf } from "./placewise.ts";
import { positionOf } from "./positions.ts";

/**
 * What a model remembers of the places that were decoded, before there are any: for so many
 * sequences of up to `capacity` places. Its dtype has to be that of the parameters.
 * @throws DomainError for a model that cannot be decoded step by step
 */
export function startCache(
	model: AnyLayer,
	samples: number,
	capacity: number,
	options: InitOptions = {},
): Cache {
	checkArgument("startCache", "the number of samples", samples, count);
	checkArgument("startCache", "the capacity", capacity, count);
	checkLayer("startCache", model);
	return startLayer(model, samples, capacity, checkOptions("startCache", options, INIT_OPTIONS));
}

/**
 * The output of a causal model at some more places, (samples×places×…), the first of which is the
 * place `position` of the sequences, an int32 scalar; and the cache to go on with. With what the
 * cache holds of the places before, the output is that of `apply` on the whole sequences. Nothing
 * depends on values, so one compiled program serves every position:
 *
 *     const step = compile((params, x, cache, position) =>
 *       decode(model, params, x, cache, position));
 *     let [y, cache] = step(params, x, startCache(model, samples, capacity), position);
 *
 * Attention keeps its keys and values, recurrent layers their hidden state. What takes each place
 * by itself needs no more than the new places, as `linear`, `layerNorm`, `embedding`, activations
 * and ops that act on each element do; `placewise` says that a layer or function of your own does
 * too. All else is refused. In place of numbers beyond the capacity there is NaN.
 *
 * @throws DomainError for attention that is not causal, a layer with a state, and a layer or a
 * function that does not say how it is decoded
 * @throws ShapeError where the position is not one whole number
 */
export function decode<C extends Cache>(
	model: AnyLayer,
	// biome-ignore lint/suspicious/noExplicitAny: parameters are passed on without regard to their type
	params: any,
	x: Tensor,
	cache: C,
	position: TensorLike,
): [y: Tensor, cache: C] {
	checkLayer("decode", model);
	return decodeLayer(model, params, x, cache, positionOf("decode", position)) as [Tensor, C];
}

/** The same inside of a model. */
export function decodeLayer(
	layer: AnyLayer,
	// biome-ignore lint/suspicious/noExplicitAny: parameters are passed on without regard to their type
	params: any,
	x: Tensor,
	cache: Cache,
	position: Tensor,
): [y: Tensor, cache: Cache] {
	return decodingOf("decode", layer).step(params, x, cache, position);
}

/** The cache of a layer inside of a model. */
export function startLayer(
	layer: AnyLayer,
	samples: number,
	capacity: number,
	options: InitOptions,
): Cache {
	return decodingOf("startCache", layer).start(samples, capacity, options);
}
