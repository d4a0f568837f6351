import type { DType } from "../core/dtype.ts";
import type { Shape } from "../core/shape.ts";
import type { Channels } from "../kernels/convolve.ts";
import type { Geometry } from "../kernels/windows.ts";
import type { Expression } from "./expression.ts";

/**
 * What a loop reads or writes: its dtype, and how far its elements lie apart along each axis of the
 * loop, in elements.
 */
export interface Operand {
	readonly dtype: DType;
	/** 0 along an axis over which it is broadcast. An output's elements lie apart from each other. */
	readonly strides: readonly number[];
}

/**
 * A loop that computes expressions of the elements of its inputs, each for an output of its own.
 */
export interface ElementwiseLoop {
	readonly shape: Shape;
	readonly inputs: readonly Operand[];
	readonly outputs: readonly (Operand & { readonly value: Expression })[];
}

/** What combines the elements of a slice. */
export type ReducerName = "total" | "factors" | "greatest" | "least" | "every" | "some";

/** One result of a slice: its elements, or an expression of them, combined. */
export interface Reduction {
	readonly by: ReducerName;
	readonly of: Expression;
	/** The dtype of `of`. */
	readonly dtype: DType;
}

/**
 * One way over a slice: it gives one result for each reduction, which later passes and the outputs
 * may use; or one of the first element alone.
 */
export type Pass =
	| { readonly kind: "reduce"; readonly reductions: readonly Reduction[] }
	| { readonly kind: "first"; readonly of: Expression };

/**
 * An output: of one element for each slice, with strides 0 along the reduced axes, or of one for
 * each element.
 */
export interface SliceOutput extends Operand {
	readonly perElement: boolean;
	readonly value: Expression;
}

/**
 * What is done with each of the slices that axes of a shape cut out: passes that reduce it, and
 * what is stored at the end.
 */
export interface SliceLoop {
	readonly shape: Shape;
	/** The axes along which the elements of a slice lie; none of size 0. */
	readonly axes: readonly number[];
	readonly inputs: readonly Operand[];
	readonly passes: readonly Pass[];
	readonly outputs: readonly SliceOutput[];
}

/** An index of one axis. */
export interface Index {
	/** Where it lies, in elements from the place of the loop's indices. */
	readonly at: number;
	/** The size of the axis, and how far apart its elements lie. */
	readonly size: number;
	readonly stride: number;
	/** Whether negative ones count from the end. */
	readonly wraps: boolean;
}

/** A loop over elements that are copied, from places or to places that indices say. */
export interface IndexedLoop {
	readonly shape: Shape;
	/** The layouts along the loop's axes; of the side that is indexed, where all indices are 0. */
	readonly source: Operand;
	readonly target: Operand;
	readonly indices: Operand;
	readonly each: readonly Index[];
	readonly indexed: "source" | "target";
	/**
	 * Whether elements are added to those of the target, in the order of the loop, or take their
	 * place.
	 */
	readonly adds: boolean;
}

/** What is carried along lines. */
export type ScanName = "running total" | "running product" | "recurrence";

/** Lines along an axis, each element of the result made of those of the inputs up to there. */
export interface ScanLoop {
	readonly by: ScanName;
	readonly shape: Shape;
	readonly axis: number;
	/** From the last element to the first. */
	readonly reverse: boolean;
	/** Each without the elements at its own place. */
	readonly exclusive: boolean;
	readonly inputs: readonly Operand[];
	readonly output: Operand;
}

/** A convolution: everything but where its tensors are. */
export interface Convolution extends Channels {
	readonly dtype: "float32" | "float64";
	readonly geometry: Geometry;
}

/**
 * Which tensor of a convolution is computed from the other two: its result, or the transpose with
 * respect to one that it is made of.
 */
export type Wanted = "result" | "image" | "filter";
