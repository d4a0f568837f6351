import { checkFloat, vectorLeaves } from "../autodiff/run.ts";
import { count, positive } from "../core/argument-kinds.ts";
import { full } from "../core/create.ts";
import type { DType } from "../core/dtype.ts";
import { DomainError, DTypeError } from "../core/error.ts";
import { checkFunction, checkOptions } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";
import { isValueless } from "../core/valueless.ts";
import { abs, maximum } from "../ops/arithmetic.ts";
import { less, where } from "../ops/comparison.ts";
import { max } from "../ops/extremes.ts";

/** Tensors, as a function sees unknowns and parameters once their structure is taken off. */
export type LeafList = readonly Tensor[];

/** Options of `fixedPoint` and `root`. */
export interface ImplicitOptions {
	/**
	 * How far from the solution the result may be, as a part of its largest element or of 1,
	 * whichever is more; left out: 1e-12, and 1e-6 in float32.
	 */
	readonly tolerance?: number;
	/** After how many steps to give up; left out: 1000 for `fixedPoint`, 50 for `root`. */
	readonly maxSteps?: number;
}

const OPTIONS = { tolerance: positive, maxSteps: count };

/** What a solver works with; what it finds is right to `tolerance` as a part of its scale. */
export interface Search {
	readonly op: string;
	readonly dtype: DType;
	readonly tolerance: number;
	readonly maxSteps: number;
	/** What rounding leaves of a change, as a part of x. */
	readonly rounding: number;
}

/** A problem whose unknowns and parameters have their structure taken off. */
export function flatProblem<X, P>(
	op: string,
	f: (x: X, params: P) => X,
	x0: X,
	params: P,
	options: ImplicitOptions | undefined,
	steps: number,
) {
	checkFunction(op, f);
	const { tolerance, maxSteps = steps } = checkOptions(op, options, OPTIONS);
	const x = flatten(op, x0, "x0");
	const p = flatten(op, params, "params");
	checkFloat(op, "x0", x);
	checkFloat(op, "params", p);
	const flat = (at: LeafList, leaves: LeafList) =>
		vectorLeaves(op, "result", f(x.rebuild(at), p.rebuild(leaves)), x);
	const { dtype } = x.leaves[0] ?? { dtype: "float64" };
	for (const [i, leaf] of x.leaves.entries()) {
		if (leaf.dtype === dtype) continue;
		throw new DTypeError(
			`${op}: expected x0${x.paths[i]} to be ${dtype}, as x0${x.paths[0]} is, got ${leaf.dtype}`,
		);
	}
	const [least, rounding] = dtype === "float64" ? [1e-12, 2 ** -50] : [1e-6, 2 ** -21];
	const solver: Search = { op, dtype, tolerance: tolerance ?? least, maxSteps, rounding };
	return { x, p, flat, solver };
}

/** Whether a search from here is part of a program or of a batch, and no plain loop. */
export function isUnknown(x0: LeafList, p: LeafList): boolean {
	return [...x0, ...p].some(isValueless);
}

/** How a loop towards a solution ended. */
export interface Ending {
	readonly isThere: Tensor;
	/** How many steps it took, and the last change. */
	readonly steps: Tensor;
	readonly change: Tensor;
	/** The greatest number on the way. */
	readonly size: Tensor;
}

/**
 * What a loop found; where it did not come to rest an error if that is known, or else NaN.
 * @param why what may be the matter
 * @throws DomainError
 */
export function solutionOf(
	x: LeafList,
	{ isThere, steps, change, size }: Ending,
	{ op, maxSteps }: Search,
	why: string,
): LeafList {
	if (isValueless(isThere)) return x.map((leaf) => where(isThere, leaf, Number.NaN));
	if (isThere.item() !== 0) return x;
	if (!Number.isFinite(size.item())) {
		throw new DomainError(
			`${op}: expected finite values, got ${size.item()} in step ${steps.item()}; start nearer to the solution`,
		);
	}
	throw new DomainError(
		`${op}: expected x to come to rest, but it still changes by ${change.item().toPrecision(3)} after ${maxSteps} steps; ` +
			`${why}: start nearer to it, or pass a larger maxSteps or tolerance`,
	);
}

/** The greatest absolute value; NaN where one is. */
export function largest(leaves: LeafList, dtype: DType): Tensor {
	const all = leaves.filter(({ size }) => size > 0).map((x) => max(abs(x)));
	return all.reduce((a, b) => maximum(a, b), scalarOf(0, dtype));
}

/** Whether an absolute value is a number: neither NaN nor infinite. */
export function isKnown(size: Tensor): Tensor {
	return less(size, Number.POSITIVE_INFINITY);
}

/** A number on its way through a loop. */
export function scalarOf(value: number, dtype: DType): Tensor {
	return full([], value, { dtype });
}
