import type { Channels, Geometry } from "./geometry.ts";

/** How a loop goes over its inputs: what is closed over, the carry, what is read step by step. */
export type RepeatParams = {
	readonly length: number;
	/** How many are closed over, and how many carried. */
	readonly closed: number;
	readonly carried: number;
	/** Whether it begins with the last entries. */
	readonly reverse: boolean;
};

/** How a loop with a test goes over its inputs: what is closed over, and then the carry. */
export type WhileParams = {
	/** How many are closed over. */
	readonly closed: number;
	/** How many steps it takes at most; null: as many as it likes. */
	readonly max: number | null;
};

/** Of each way to run compiled the parameters that an op which runs so has to have. */
export interface LoweringParams {
	/** The op's own evaluation, as if nothing were said. */
	evaluation: unknown;
	/** It shows elements of its argument where they lie, in another arrangement. */
	view: unknown;
	/** Its elements in the dtype of the result. */
	cast: unknown;
	/** It multiplies matrices, or batches of them, as `matmul` and `dot` do. */
	product: unknown;
	/** Each element of one vector times each of another. */
	"outer product": unknown;
	/** Images by filters: the result, or one of the factors' cotangents. */
	convolution: Channels & { readonly geometry: Geometry };
	"convolution to images": Channels & { readonly geometry: Geometry };
	"convolution to filters": Channels & { readonly geometry: Geometry };
	/** Windows are added up where they lie in an image. */
	scatter: Geometry;
	/**
	 * Each argument has a place in the result, which the transpose of its derivative shows as a view;
	 * between them is the parameter `value`, or 0.
	 */
	placement: unknown;
	/** The same; where `meet` says that places have elements in common, those are added. */
	"added placements": { readonly meet: boolean };
	/** Elements move along an axis: out of the tensor and zeros come in, or around. */
	displacement: { readonly steps: number; readonly axis: number };
	rotation: { readonly shift: number; readonly axis: number };
	/** Elements below or above diagonal `k` of matrices, and zeros. */
	"lower triangle": { readonly k: number };
	"upper triangle": { readonly k: number };
	/** Random words and numbers from the key that is the first argument. */
	"random key": { readonly stream: number };
	"random number": unknown;
	"random whole number": { readonly low: number; readonly high: number };
	"random chance": unknown;
	/** Parts of the first argument at the indices that come last, or parts added there. */
	parts: { readonly axis: number };
	"parts added": { readonly axis: number };
	"along axis": { readonly axis: number };
	"along axis added": { readonly axis: number };
	tuples: unknown;
	"tuples added": unknown;
	/** Ones at indices along the last axis. */
	ones: unknown;
	/** A loop: it repeats its body. */
	repeat: RepeatParams;
	/** A loop with a test: it repeats its second body as long as the first one does not give 0. */
	while: WhileParams;
	/** It runs one of its bodies, the one that its first argument says, counted from 0. */
	choice: unknown;
}

/**
 * How an op runs in a compiled program if dtypes and layouts allow it: the code there is for all
 * ops that are so. An op says it who computes just that; its parameters `P` have to hold what that
 * code needs to know.
 */
// biome-ignore lint/suspicious/noExplicitAny: as for Op
export type OpLowering<P = any> = {
	[K in keyof LoweringParams]: P extends LoweringParams[K] ? K : never;
}[keyof LoweringParams];
