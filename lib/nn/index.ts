export * from "./activations.ts";
export { type AttentionOptions, attention } from "./attention.ts";
export * from "./batch-norm.ts";
export * from "./compose.ts";
export * from "./convolution.ts";
export * from "./cross-entropy.ts";
export * from "./ctc.ts";
export { decode, startCache } from "./decoding.ts";
export * from "./dropout.ts";
export * from "./gates.ts";
export * as initializers from "./initializers.ts";
export type * from "./layer.ts";
export { init, initialState } from "./layer.ts";
export {
	type EmbeddingOptions,
	embedding,
	linear,
	type WeightOptions,
	type Weights,
} from "./linear.ts";
export * from "./lora.ts";
export type { LossOptions } from "./loss.ts";
export * from "./losses.ts";
export {
	type Attention,
	type AttentionParams,
	type MultiHeadOptions,
	multiHeadAttention,
} from "./multi-head-attention.ts";
export {
	groupNorm,
	layerNorm,
	type NormOptions,
	rmsNorm,
	type ScaleAndBias,
} from "./norm.ts";
export { type Placewise, placewise } from "./placewise.ts";
export * from "./pooling.ts";
export { learnedPositions, type Positional, rotate, sinusoidalPositions } from "./positions.ts";
export * from "./recurrent.ts";
export * from "./similarity.ts";
export * from "./summary.ts";
export * from "./transformer.ts";
