import type { DType } from "../core/dtype.ts";
import type { Channels, Geometry, Pair } from "../core/geometry.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Instruction } from "../program/program.ts";
import type { Term } from "../scalar/scalar.ts";
import type { ScanWalk } from "../scalar/scan.ts";
import { type Expression, formulasIn } from "./expression.ts";

/**
 * What a loop reads or writes: its dtype, and how far its elements lie apart along each axis of the
 * loop, in elements.
 */
export interface KernelOperand {
	readonly dtype: DType;
	/** 0 along an axis over which it is broadcast. An output's elements lie apart from each other. */
	readonly strides: readonly number[];
}

/**
 * A loop that computes expressions of the elements of its inputs, each for an output of its own.
 */
export interface ElementwiseLoop {
	readonly shape: Shape;
	readonly inputs: readonly KernelOperand[];
	readonly outputs: readonly (KernelOperand & { readonly value: Expression })[];
}

/** What combines the elements of a slice. */
export type ReducerName = "total" | "factors" | "greatest" | "least" | "every" | "some";

/** One result of a slice: its elements, or an expression of them, combined. */
export interface PassReduction {
	readonly by: ReducerName;
	readonly of: Expression;
	/** The dtype of `of`. */
	readonly dtype: DType;
}

/**
 * One way over a slice: it gives one result for each reduction, which later passes and the outputs
 * may use; or one of the first element and earlier results alone. Where `unless` is true of earlier
 * results, it is not needed.
 */
export type Pass = { readonly unless?: Expression } & (
	| { readonly kind: "reduce"; readonly reductions: readonly PassReduction[] }
	| { readonly kind: "first"; readonly of: Expression }
);

/**
 * An output: of one element for each slice, with strides 0 along the reduced axes, or of one for
 * each element.
 */
export interface SliceOutput extends KernelOperand {
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
	readonly inputs: readonly KernelOperand[];
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
	readonly source: KernelOperand;
	readonly target: KernelOperand;
	readonly indices: KernelOperand;
	readonly each: readonly Index[];
	readonly indexed: "source" | "target";
	/**
	 * Whether elements are added to those of the target, in the order of the loop, or take their
	 * place.
	 */
	readonly adds: boolean;
}

/** Lines along an axis, each element of the result made of those of the inputs up to there. */
export interface ScanLoop extends ScanWalk {
	/** What is carried before the first elements. */
	readonly start: number;
	/** What is carried after the next ones: see `Scanned`. */
	readonly step: Term;
	readonly shape: Shape;
	readonly inputs: readonly KernelOperand[];
	readonly output: KernelOperand;
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

/**
 * How what follows a product reads: the element at the same place, the one of that column or of
 * that row, or one for all.
 */
export type Reading = "element" | "column" | "row" | "single";

/**
 * What becomes of the elements of a product before they are stored: what it gives is the first
 * input of the loop.
 */
export interface Epilogue {
	readonly loop: ElementwiseLoop;
	/** How the loop reads each of its other inputs. */
	readonly readings: readonly Reading[];
}

/** A product of matrices: batch×(m×k) times batch×(k×n), both with strides in elements. */
export interface Matrices {
	readonly batch: Shape;
	readonly m: number;
	readonly k: number;
	readonly n: number;
	readonly a: readonly number[];
	readonly b: readonly number[];
}

/**
 * Windows (…×rows×columns×window height×window width) that are added up where they lie in images.
 */
export interface Scatter {
	readonly dtype: DType;
	readonly windows: { readonly shape: Shape; readonly strides: readonly number[] };
	/** The shape of the images, which are in row-major order. */
	readonly images: Shape;
	readonly stride: Pair;
	readonly dilation: Pair;
}

/**
 * What a program does in one go, whatever it does it to: from the elements at some addresses to
 * those at others. Two kernels of the same structure do the same.
 */
export type Kernel =
	/** A loop over elements. */
	| { readonly kind: "loop"; readonly loop: ElementwiseLoop }
	/** Slices that are reduced or normalized, after a loop over their elements. */
	| { readonly kind: "reduction"; readonly loop: SliceLoop }
	/** A product of matrices, and a loop over its elements. */
	| ({ readonly kind: "product"; readonly matrices: Matrices } & Epilogue)
	/**
	 * A convolution or one of its transposes, of operands in row-major order, and a loop over its
	 * elements.
	 */
	| ({
			readonly kind: "convolution";
			readonly convolution: Convolution;
			readonly wanted: Wanted;
	  } & Epilogue)
	| { readonly kind: "scatter"; readonly scatter: Scatter }
	/**
	 * Elements read from where indices say, or put there: it reads the elements and the indices.
	 */
	| { readonly kind: "indexed"; readonly indexed: IndexedLoop }
	/** Lines along which something is carried on. */
	| { readonly kind: "scan"; readonly scan: ScanLoop }
	/** Steps that run again and again: see `LoopBody`. */
	| { readonly kind: "repeat"; readonly count: number }
	/**
	 * A loop with a test, of so many rounds at most. Its bodies are the test, whose result says
	 * whether there is another round, a round, and what is done at the end.
	 */
	| { readonly kind: "while"; readonly most: number | null }
	/** One of several lists of steps, by the number that is read first. */
	| { readonly kind: "choice" }
	/** An op's own evaluation, and why there is nothing better, where that is not known of the op. */
	| { readonly kind: "evaluation"; readonly instruction: Instruction; readonly reason?: string };

/** What has code of its own: it is not made of steps, nor runs outside of them. */
export type CodedKernel = Exclude<Kernel, { kind: "repeat" | "while" | "choice" | "evaluation" }>;

/** Whether a kernel has code of its own. */
export function isCoded(kernel: Kernel): kernel is CodedKernel {
	return !["repeat", "while", "choice", "evaluation"].includes(kernel.kind);
}

/** The kernel of one kind. */
export type KernelOf<K extends Kernel["kind"]> = Extract<Kernel, { kind: K }>;

/** The expressions that a kernel computes: for elements, or once for a slice. */
export function expressionsIn(kernel: Kernel): Expression[] {
	const once = passesOf(kernel).flatMap((pass) => [
		...(pass.unless === undefined ? [] : [pass.unless]),
		...(pass.kind === "first" ? [pass.of] : []),
	]);
	return [...forElements(kernel), ...once];
}

/** The expressions that a kernel computes for elements. */
function forElements(kernel: Kernel): Expression[] {
	if (kernel.kind === "scan") {
		return [{ kind: "formula", term: kernel.scan.step, args: [], dtype: "float64" }];
	}
	if (!("loop" in kernel)) return [];
	const reduced = reductionsIn(kernel).map(({ of }) => of);
	return [...kernel.loop.outputs.map(({ value }) => value), ...reduced];
}

/** What the passes of a kernel over slices reduce; nothing for another. */
function reductionsIn(kernel: Kernel): PassReduction[] {
	return passesOf(kernel).flatMap((pass) => (pass.kind === "reduce" ? pass.reductions : []));
}

function passesOf(kernel: Kernel): readonly Pass[] {
	return kernel.kind === "reduction" ? kernel.loop.passes : [];
}

/**
 * How many operations on numbers a kernel is: each op counts as one, for each element, and each
 * term of a sum as two; 0 where that is not known, or is that of its steps.
 */
export function workOf(kernel: Kernel): number {
	switch (kernel.kind) {
		case "evaluation":
		case "repeat":
		case "while":
		case "choice":
			return 0;
		case "scatter":
			return sizeOf(kernel.scatter.windows.shape);
		case "indexed":
			return sizeOf(kernel.indexed.shape);
		case "scan":
			return sizeOf(kernel.scan.shape);
		case "loop":
			return sizeOf(kernel.loop.shape) * Math.max(1, formulasOf(kernel));
		case "reduction": {
			const { shape } = kernel.loop;
			return sizeOf(shape) * Math.max(1, formulasOf(kernel) + reductionsIn(kernel).length);
		}
		case "product":
			return ofMatrices(kernel.matrices) + sizeOf(kernel.loop.shape) * formulasOf(kernel);
		case "convolution":
			return ofWindows(kernel.convolution) + sizeOf(kernel.loop.shape) * formulasOf(kernel);
	}
}

function formulasOf(kernel: Kernel): number {
	return formulasIn(forElements(kernel)).size;
}

function ofMatrices({ batch, m, k, n }: Matrices): number {
	return 2 * sizeOf(batch) * m * k * n;
}

/** All three products of a convolution have the same terms. */
function ofWindows({ samples, inputs, outputs, geometry }: Convolution): number {
	const filters = outputs * (inputs / geometry.groups) * sizeOf(geometry.filter);
	return 2 * filters * samples * sizeOf(geometry.result);
}
