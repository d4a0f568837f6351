import * as kind from "../core/argument-kinds.ts";
import { tensor, zeros } from "../core/create.ts";
import { checkOptions } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Flattened, flatten, leavesLike } from "../core/tree.ts";
import { add } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { lineSearch, type Point } from "./line-search.ts";

/** A value and its gradient, as `valueAndGrad(loss)` gives them. */
export type Objective<Params> = (params: Params) => readonly [value: Tensor, gradient: Params];

/** What L-BFGS remembers, a plain tree of tensors. */
export type LbfgsState<Params> = {
	/** How many updates were made, int32. */
	readonly step: Tensor;
	/** The value at the parameters, float64. */
	readonly value: Tensor;
	/** The gradient there: `globalNorm(state.gradient)` says how near the minimum is. */
	readonly gradient: Params;
	/** How many of the last steps are known, int32. */
	readonly known: Tensor;
	/** The last steps, (history×elements), the newest last. */
	readonly steps: Tensor;
	/** How the gradient changed with each. */
	readonly changes: Tensor;
};

/** Minimizes a function whose value and gradient can be had exactly, over the whole data. */
export interface Lbfgs {
	/** The state at the parameters to begin with. */
	init<Params>(f: Objective<Params>, params: Params): LbfgsState<Params>;
	/**
	 * The parameters after one more step, and the state to go on with: of the same function, from
	 * these very parameters.
	 */
	update<Params>(
		f: Objective<Params>,
		state: LbfgsState<Params>,
		params: Params,
	): [params: Params, state: LbfgsState<Params>];
}

/** Options of `lbfgs`. */
export interface LbfgsOptions {
	/** How many of the last steps shape the next one; left out: 10. */
	readonly history?: number;
}

/** Vectors are the elements of all parameters, one after the other. */
type Vector = Float64Array;

interface Sample<Params> extends Point {
	readonly params: Params;
	readonly gradient: Params;
	readonly g: Vector;
}

/**
 * L-BFGS with a line search: a quasi-Newton method for functions without noise. The last steps and
 * what they did to the gradient stand for the curvature (J. Nocedal, "Updating quasi-Newton
 * matrices with limited storage", 1980; two-loop recursion). Each update evaluates `f` about once,
 * at times more; where no step is better the parameters stay. It looks at values, so an update
 * cannot be compiled; `f` can: `const f = compile(valueAndGrad(loss))`.
 * @throws DomainError when `history` is not a whole number from 1
 */
export function lbfgs(options?: LbfgsOptions): Lbfgs {
	const { history = 10 } = checkOptions("lbfgs", options, { history: kind.count });
	return {
		init: (f, params) => {
			const [value, gradient] = f(params);
			const size = vectorOf(flatten("lbfgs", params, "parameters").leaves).length;
			const none = zeros([history, size]);
			const count = tensor(0, { dtype: "int32" });
			return {
				step: count,
				value: astype(value, "float64"),
				gradient,
				known: count,
				steps: none,
				changes: none,
			};
		},
		update: <Params>(f: Objective<Params>, state: LbfgsState<Params>, params: Params) => {
			const tree = flatten("lbfgs", params, "parameters");
			const x = vectorOf(tree.leaves);
			const g = vectorOf(leavesLike("lbfgs", "gradient", state.gradient, tree));
			const memory = recall(state, history);
			const direction = descent(g, memory);
			const sample = (t: number): Sample<Params> => {
				const moved = withVector(
					tree,
					x.map((xi, i) => xi + t * direction[i]!),
				);
				const [value, gradient] = f(moved);
				const there = vectorOf(leavesLike("lbfgs", "gradient", gradient, tree));
				const slope = inner(there, direction);
				return { t, value: value.item(), slope, params: moved, gradient, g: there };
			};
			const start = { t: 0, value: state.value.item(), slope: inner(g, direction) };
			// Before anything is known of the curvature, a first step of length 1 at most.
			const first = memory.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(inner(g, g)));
			const found = start.slope < 0 ? lineSearch(sample, start, first) : null;
			const step = add(state.step, 1);
			if (found === null) {
				// What was known led nowhere: the next update begins anew, along the gradient.
				return [params, { ...state, step, known: tensor(0, { dtype: "int32" }) }];
			}
			const pair = {
				step: direction.map((d) => found.t * d),
				change: found.g.map((after, i) => after - g[i]!),
			};
			const kept = inner(pair.step, pair.change) > 0 ? [...memory, pair].slice(-history) : memory;
			const next = {
				step,
				value: tensor(found.value),
				gradient: found.gradient,
				...remembered(kept, history, x.length),
			};
			return [found.params, next];
		},
	};
}

/** A step, and how the gradient changed with it. */
interface Pair {
	readonly step: Vector;
	readonly change: Vector;
}

/** −H·g, where H stands for the inverse of the second derivatives as the pairs show it. */
function descent(g: Vector, pairs: readonly Pair[]): Vector {
	const q = g.map((gi) => -gi);
	const shares: number[] = [];
	for (const { step, change } of pairs.toReversed()) {
		const share = inner(step, q) / inner(step, change);
		shares.push(share);
		addTo(q, -share, change);
	}
	const last = pairs.at(-1);
	if (last !== undefined) {
		const scale = inner(last.step, last.change) / inner(last.change, last.change);
		for (let i = 0; i < q.length; i++) q[i]! *= scale;
	}
	for (const { step, change } of pairs) {
		const share = shares.pop()! - inner(change, q) / inner(step, change);
		addTo(q, share, step);
	}
	return q;
}

function recall({ known, steps, changes }: LbfgsState<unknown>, history: number): Pair[] {
	const [s, y, size] = [steps.data as Vector, changes.data as Vector, steps.shape[1]!];
	const row = (values: Vector, i: number) => values.subarray(i * size, (i + 1) * size);
	return Array.from({ length: known.item() }, (_, i) => {
		const at = history - known.item() + i;
		return { step: row(s, at), change: row(y, at) };
	});
}

function remembered(pairs: readonly Pair[], history: number, size: number) {
	const table = (rows: readonly Vector[]) => {
		const all = new Float64Array(history * size);
		for (const [i, row] of rows.entries()) all.set(row, (history - rows.length + i) * size);
		return tensor(all, { shape: [history, size] });
	};
	return {
		known: tensor(pairs.length, { dtype: "int32" }),
		steps: table(pairs.map(({ step }) => step)),
		changes: table(pairs.map(({ change }) => change)),
	};
}

function vectorOf(leaves: readonly Tensor[]): Vector {
	return Float64Array.from(leaves.flatMap((x) => [...x.data]));
}

/** A tree with the elements of a vector. */
function withVector<Params>(tree: Flattened<Params>, x: Vector): Params {
	let at = 0;
	const leaves = tree.leaves.map(({ shape, size, dtype }) => {
		const values = x.subarray(at, at + size);
		at += size;
		return tensor(values, { shape, dtype });
	});
	return tree.rebuild<Params>(leaves);
}

function inner(a: Vector, b: Vector): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
	return sum;
}

function addTo(x: Vector, factor: number, y: Vector): void {
	for (let i = 0; i < x.length; i++) x[i]! += factor * y[i]!;
}
