import type { Jacobian } from "../autodiff/jacobian.ts";
import { checkFloat } from "../autodiff/run.ts";
import { Tensor } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";
import * as random from "../random/index.ts";
import { problemOf } from "./differences/problem.ts";
import { Examination } from "./verdicts/examine.ts";

/** Derivatives by differences, in the structure in which `jacobian` gives them. */
export interface NumericJacobian<Y, X> {
	/** NaN where there is no derivative: at kinks and jumps, and where the function is not finite. */
	readonly value: Jacobian<Y, X>;
	/** How far each may be off. */
	readonly bound: Jacobian<Y, X>;
}

/**
 * The Jacobian of a function with respect to its first argument by extrapolated differences, in the
 * shapes and structure of `jacobian`, with a bound for each element. The function need not have
 * gradients; it is called four to some hundred times for each element of the argument.
 * @throws GradientError when a leaf of the argument or of the result is not a float tensor
 */
export function numericJacobian<X, Rest extends unknown[], Y>(
	f: (x: X, ...rest: Rest) => Y,
): (x: X, ...rest: Rest) => NumericJacobian<Y, X> {
	return (x, ...rest) => {
		const flat = flatten(NAME, x, "args[0]");
		const result = flatten(NAME, f(x, ...rest), "result");
		checkFloat(NAME, "argument", flat);
		checkFloat(NAME, "result", result);
		const moved = (at: X) => f(at, ...rest);
		const problem = problemOf(NAME, moved as (...args: never[]) => unknown, [x]);
		const examination = new Examination(problem, [], random.key(0));
		// columns[leaf][i][j]: of all elements of the results, by one element of one argument.
		const columns = flat.leaves.map(({ size }, leaf) =>
			Array.from({ length: size }, (_, i) => examination.differences(leaf, i)),
		);
		const made = (read: (numeric: (typeof columns)[number][number][number]) => number) => {
			let from = 0;
			const rows = result.leaves.map((y) => {
				const blocks = flat.leaves.map((leaf, l) => {
					const out = new Float64Array(y.size * leaf.size);
					for (let j = 0; j < y.size; j++)
						for (let i = 0; i < leaf.size; i++)
							out[j * leaf.size + i] = read(columns[l]![i]![from + j]!);
					return new Tensor(out, "float64", [...y.shape, ...leaf.shape]);
				});
				from += y.size;
				return flat.rebuild(blocks);
			});
			return result.rebuild<Jacobian<Y, X>>(rows);
		};
		return {
			value: made(({ kind, left, right }) => (kind === "smooth" ? (left + right) / 2 : Number.NaN)),
			bound: made(({ kind, bound }) => (kind === "smooth" ? bound : Number.POSITIVE_INFINITY)),
		};
	};
}

const NAME = "numericJacobian";
