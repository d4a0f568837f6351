import { cond } from "../control/cond.ts";
import { scan } from "../control/scan.ts";
import { arange, full } from "../core/create.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Flattened, flatten, leavesLike } from "../core/tree.ts";
import { add, div, minimum, mul, neg, reciprocal, sqrt, sub } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { greater, greaterEqual, logicalAnd, where } from "../ops/comparison.ts";
import { concat } from "../ops/joining.ts";
import { dot } from "../ops/products.ts";
import { slice } from "../ops/slicing.ts";
import { sum } from "../structure/broadcasting.ts";
import { expandDims, reshape } from "../structure/layout.ts";
import type { LbfgsState, Objective } from "./lbfgs-state.ts";
import { type LineSample, recordedSearch } from "./recorded-search.ts";

/** One more step, as part of a program: `plainUpdate` with tensors and loops that are ops. */
export function recordedUpdate<Params>(
	f: Objective<Params>,
	state: LbfgsState<Params>,
	params: Params,
	history: number,
): [params: Params, state: LbfgsState<Params>] {
	const tree = flatten("lbfgs", params, "parameters");
	const x = vectorOf(tree.leaves);
	const slopes = (gradient: Params) => vectorOf(leavesLike("lbfgs", "gradient", gradient, tree));
	const g = slopes(state.gradient);
	const direction = descent(g, state);
	const paramsAt = (t: Tensor) => withVector(tree, add(x, mul(t, direction)));
	const sample = (t: Tensor): LineSample<Params> => {
		const [value, gradient] = f(paramsAt(t));
		const slope = dot(slopes(gradient), direction);
		return { t, value: astype(value, "float64"), slope, gradient };
	};
	const { step, value, gradient, known, steps, changes } = state;
	const start = { t: full([], 0), value, slope: dot(g, direction), gradient };
	// Before anything is known of the curvature, a first step of length 1 at most.
	const short = minimum(1, reciprocal(sqrt(dot(g, g))));
	const found = recordedSearch(sample, start, where(greater(known, 0), 1, short));
	const isBetter = greater(found.t, 0);
	const pair = { step: mul(found.t, direction), change: sub(slopes(found.gradient), g) };
	const isConvex = greater(dot(pair.step, pair.change), 0);
	const kept = cond(
		logicalAnd(isBetter, isConvex),
		() => ({
			known: minimum(add(known, 1), history),
			steps: shifted(steps, pair.step),
			changes: shifted(changes, pair.change),
		}),
		// Where what was known led nowhere, the next update begins anew, along the gradient.
		() => ({ known: where(isBetter, known, 0), steps, changes }),
	);
	const moved = cond(
		isBetter,
		() => paramsAt(found.t),
		() => params,
	);
	const { value: reached, gradient: there } = found;
	return [moved, { step: add(step, 1), value: reached, gradient: there, ...kept }];
}

/** −H·g, where H stands for the inverse of the second derivatives as the known pairs show it. */
function descent(g: Tensor, { known, steps, changes }: LbfgsState<unknown>): Tensor {
	const history = steps.shape[0]!;
	const curvatures = sum(mul(steps, changes), 1);
	const isKnown = greaterEqual(arange(0, history, 1, { dtype: "int32" }), sub(history, known));
	const pairs = { step: steps, change: changes, weight: where(isKnown, reciprocal(curvatures), 0) };
	const [q, shares] = scan(
		(q: Tensor, { step, change, weight }: typeof pairs) => {
			const share = mul(weight, dot(step, q));
			return [sub(q, mul(share, change)), share] as const;
		},
		neg(g),
		pairs,
		{ reverse: true },
	);
	const last = slice(changes, -1);
	const scale = where(greater(known, 0), div(slice(curvatures, -1), dot(last, last)), 1);
	const [direction] = scan(
		(q: Tensor, { step, change, weight, share }: typeof pairs & { share: Tensor }) => {
			const rest = sub(share, mul(weight, dot(change, q)));
			return [add(q, mul(rest, step)), null] as const;
		},
		mul(scale, q),
		{ ...pairs, share: shares },
	);
	return direction;
}

/** The rows without the first, and one more. */
function shifted(rows: Tensor, row: Tensor): Tensor {
	return concat([slice(rows, [1, null]), expandDims(row, 0)]);
}

/** The elements of all tensors, one after the other. */
function vectorOf(leaves: readonly Tensor[]): Tensor {
	const parts = leaves.map((x) => reshape(astype(x, "float64"), [x.size]));
	return parts.length === 0 ? full([0], 0) : concat(parts);
}

/** A tree with the elements of a vector. */
function withVector<Params>(tree: Flattened<Params>, x: Tensor): Params {
	let at = 0;
	const leaves = tree.leaves.map(({ shape, size, dtype }) => {
		const part = slice(x, [at, at + size]);
		at += size;
		return astype(reshape(part, shape), dtype);
	});
	return tree.rebuild<Params>(leaves);
}
