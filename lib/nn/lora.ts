import { stopGradient } from "../autodiff/custom.ts";
import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { zeros } from "../core/create.ts";
import type { DType } from "../core/dtype.ts";
import { GradientError, ShapeError } from "../core/error.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { flatten, leavesLike } from "../core/tree.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { matmul } from "../ops/products.ts";
import { checkKey } from "../random/arguments.ts";
import { foldIn } from "../random/keys.ts";
import { type Initializer, lecunNormal } from "./initializers.ts";

/** A tree in the structure of parameters, with null for those that are left as they are. */
export type Some<Params> = Params extends Tensor
	? Tensor | null
	: { readonly [K in keyof Params]: Some<Params[K]> };

/** Parameters and what is learned beside them. */
export interface Adapted<Params> {
	/** The parameters as they were. */
	readonly frozen: Params;
	/** For each matrix that is adapted (rows×rank). */
	readonly a: Some<Params>;
	/** And (rank×columns), at first 0. */
	readonly b: Some<Params>;
}

/** Options of `lora`. */
export interface LoraOptions {
	/** How many numbers there are for each row and each column of a matrix. */
	readonly rank: number;
	/** What is learned is multiplied with α / rank; left out: the rank, so by 1. */
	readonly alpha?: number;
	/**
	 * Which parameters are adapted, by their path in the tree, such as `[0].attention.query.w`, and
	 * themselves; left out: all of two axes.
	 */
	readonly adapts?: (path: string, x: Tensor) => boolean;
	/** How `a` is drawn; left out: `lecunNormal`. */
	readonly weights?: Initializer;
}

const LORA_OPTIONS: OptionKinds<LoraOptions> = {
	rank: kind.count,
	alpha: kind.positive,
	adapts: kind.callable,
	weights: kind.callable,
};

/** Turns parameters into what is learned in their place, and back. */
export interface Lora {
	/**
	 * The parameters with an `a` and a `b` for each that is adapted: `merge` of it gives the
	 * parameters.
	 * @throws ShapeError for a parameter that is to be adapted and has not two axes
	 */
	init<Params>(key: Tensor, params: Params): Adapted<Params>;
	/**
	 * The parameters for `apply`: w + (α / rank)·a·b for each that is adapted. No gradient flows into
	 * what is frozen.
	 */
	merge<Params>(adapted: Adapted<Params>): Params;
}

/**
 * Low-rank adaptation: weights stay as they are, and beside each matrix w a product a·b of few
 * columns and few rows is learned, for a new task or by those who cannot keep the state of an
 * optimizer for all of them (E. Hu and others, "LoRA: low-rank adaptation of large language
 * models", 2022). `grad` by { a, b } alone gives what an optimizer needs; `merge` once more gives
 * ordinary parameters.
 * @throws DomainError when the rank is not a whole number from 1
 */
export function lora(options: LoraOptions): Lora {
	const given = checkOptions("lora", options, LORA_OPTIONS, ["rank"]);
	const { rank, alpha = rank, weights = lecunNormal } = given;
	const { adapts = (_, x) => x.rank === 2 } = given;
	return {
		init: <Params>(key: Tensor, params: Params) => {
			checkKey("lora", key);
			const { leaves, paths, rebuild } = flatten("lora", params, "parameters");
			const isAdapted = leaves.map((x, i) => adapts(paths[i]!, x));
			const each = (f: (sizes: readonly number[], dtype: DType, i: number) => Tensor) =>
				rebuild<Some<Params>>(
					leaves.map((x, i) => (isAdapted[i] ? f(sizesOf(x, paths[i]!), x.dtype, i) : null)),
				);
			return {
				frozen: params,
				a: each(([rows], dtype, i) => weights(foldIn(key, i), [rows!, rank], { dtype })),
				b: each(([, columns], dtype) => zeros([rank, columns!], { dtype })),
			};
		},
		merge: <Params>({ frozen, a, b }: Adapted<Params>) => {
			const { leaves, paths, rebuild } = flatten("lora", frozen, "frozen");
			const left = flatten("lora", a, "a");
			const right = leavesLike("lora", "b", b, left);
			const learned = new Map(left.paths.map((path, i) => [path, [left.leaves[i]!, right[i]!]]));
			const unknown = left.paths.find((path) => !paths.includes(path));
			if (unknown !== undefined) {
				throw new GradientError(
					`lora: expected a in the structure of what is frozen, got ${unknown}`,
				);
			}
			const merged = (x: Tensor, i: number) => {
				const [a, b] = learned.get(paths[i]!) ?? [];
				if (a === undefined || b === undefined) return stopGradient(x);
				const product = matmul(a, b);
				return add(stopGradient(x), alpha === rank ? product : mul(alpha / rank, product));
			};
			return calledAs("lora", () => rebuild<Params>(leaves.map(merged)));
		},
	};
}

function sizesOf({ shape }: Tensor, path: string): readonly number[] {
	if (shape.length === 2) return shape;
	throw new ShapeError(`lora: expected matrices to adapt, got ${showShape(shape)} at ${path}`);
}
