import { tensor } from "../core/create.ts";
import { GradientError } from "../core/error.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Flattened, flatten, leavesLike } from "../core/tree.ts";
import { add } from "../ops/arithmetic.ts";
import { areWatched, type LbfgsState, type Objective } from "./lbfgs-state.ts";
import { lineSearch, type Point } from "./line-search.ts";

/** Vectors are the elements of all parameters, one after the other. */
type Vector = Float64Array;

interface Sample<Params> extends Point {
	readonly params: Params;
	readonly gradient: Params;
	readonly g: Vector;
}

/**
 * One more step, by loops over typed arrays: for few parameters several times as fast as ops, one
 * after the other.
 */
export function plainUpdate<Params>(
	f: Objective<Params>,
	state: LbfgsState<Params>,
	params: Params,
	history: number,
): [params: Params, state: LbfgsState<Params>] {
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
		if (areWatched([value, gradient])) throw unknownToState();
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
}

function unknownToState(): GradientError {
	return new GradientError(
		"lbfgs: expected the state to depend on the tensor by which f is differentiated; " +
			"begin with init(f, params) inside of the transform",
	);
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
	const x = new Float64Array(leaves.reduce((sum, { size }) => sum + size, 0));
	let at = 0;
	for (const { data, size } of leaves) {
		x.set(data, at);
		at += size;
	}
	return x;
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
