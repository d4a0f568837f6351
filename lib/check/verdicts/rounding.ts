import type { Linearization } from "../../autodiff/linearization.ts";
import { isFloat } from "../../core/dtype.ts";
import { compose, LinearMap } from "../../core/linear-map.ts";
import { apply, type Op } from "../../core/op.ts";
import type { Node } from "../../core/tape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { abs, add, maximum, mul, sub } from "../../ops/arithmetic.ts";
import { asMap } from "../../ops/as-map.ts";
import { astype } from "../../ops/cast.ts";
import * as random from "../../random/index.ts";
import { attempt } from "../differences/attempt.ts";
import { concatenated } from "../differences/neighborhood.ts";
import { epsilonOf } from "../differences/precision.ts";

// What rounding does to a computation shows when it is repeated with every number on its way moved
// by up to one unit in its last place, at random: also where large terms cancel, and where the same
// errors fall at every point nearby.

/** From so many runs with other rounding errors their size is taken. */
const ROUNDINGS = 8;
/** By so many units of the last place of the largest number, rounding may put runs apart. */
const UNITS = 1e4;
/**
 * Farther apart, they may have taken different branches: so many of the widest gaps do not count.
 */
const WIDE_GAPS = 2;
/** What is left of the spread of eight normal numbers without those, in standard deviations. */
const NARROW_SPREAD = 1.15;

/** As many runs as tell the size of rounding errors; null for one that throws. */
export function roundingsOf<T>(run: (key: Tensor) => T, key: Tensor): (T | null)[] {
	return Array.from({ length: ROUNDINGS }, (_, k) =>
		unlessRefused(() => run(random.foldIn(key, k))),
	);
}

/** What it gives; null where what rounding made of the arguments is outside of a domain. */
export function unlessRefused<T>(run: () => T): T | null {
	return attempt(run, () => null);
}

/**
 * The standard deviation of the rounding errors of each element, from what such runs gave; what is
 * not finite does not count. It is how far the runs are from each other: their distance from the
 * point itself says nothing, since the function may branch there.
 * @param unit the last place of the largest number on the way
 */
export function spreads(runs: readonly (Float64Array | null)[], unit: number): Float64Array | null {
	const known = runs.filter((run) => run !== null);
	if (known.length === 0) return null;
	return known[0]!.map((_, k) => {
		const values = known.map((run) => run[k]!).filter(Number.isFinite);
		values.sort((a, b) => a - b);
		const gaps = values.slice(1).map((value, i) => value - values[i]!);
		const range = sum(gaps);
		if (range <= UNITS * unit) return deviation(values);
		gaps.sort((a, b) => a - b);
		return sum(gaps.slice(0, -WIDE_GAPS)) / NARROW_SPREAD;
	});
}

function deviation(values: readonly number[]): number {
	const mean = sum(values) / Math.max(1, values.length);
	const squares = sum(values.map((value) => (value - mean) ** 2));
	return Math.sqrt(squares / Math.max(1, values.length - 1));
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

/** A source of factors near 1. */
class Rounding {
	private readonly key: Tensor;
	private drawn = 0;

	constructor(key: Tensor) {
		this.key = key;
	}

	/** The tensor with each element rounded once more. */
	eachElement(x: Tensor): Tensor {
		return isFloat(x.dtype) ? mul(x, this.factor(x, x.shape)) : x;
	}

	/** The result of an op rounded once more. */
	resultOf({ traits }: Op, x: Tensor): Tensor {
		if (!traits?.roundsBesideOne) return this.eachElement(x);
		return add(x, mul(maximum(abs(x), 1), sub(this.factor(x, x.shape), 1)));
	}

	/** Tensors all moved by one factor, so that what is equal stays equal. */
	together(tensors: readonly Tensor[]): Tensor[] {
		const key = random.foldIn(this.key, this.drawn++);
		return tensors.map((x) => (isFloat(x.dtype) ? mul(x, factorNear1(key, x, [])) : x));
	}

	private factor(x: Tensor, shape: readonly number[]): Tensor {
		return factorNear1(random.foldIn(this.key, this.drawn++), x, shape);
	}
}

function factorNear1(key: Tensor, { dtype }: Tensor, shape: readonly number[]): Tensor {
	const epsilon = epsilonOf(dtype);
	return astype(random.uniform(key, shape, { low: 1 - epsilon, high: 1 + epsilon }), dtype);
}

/** The results of a graph with its values rounded once more. */
export function roundedResults(graph: Linearization, key: Tensor): Float64Array {
	const rounding = new Rounding(key);
	const values = new Map<Node, Tensor>();
	const roundedValue = (node: Node | null, otherwise: Tensor) =>
		node === null ? otherwise : (values.get(node) ?? node.value);
	for (const node of graph.nodes) {
		const { op, inputs, params, parents } = node;
		if (op === null) continue;
		const moved = inputs.map((input, i) => rounding.eachElement(roundedValue(parents[i]!, input)));
		values.set(node, rounding.resultOf(op, apply(op, moved, params)));
	}
	return concatenated(graph.values.map((value, i) => roundedValue(graph.outputs[i]!, value)));
}

/**
 * The same graph, with the linear maps at rounded values, and every tangent and cotangent rounded
 * once more.
 */
export function withRounding(graph: Linearization, key: Tensor): Linearization {
	const rounding = new Rounding(key);
	const round = new LinearMap("rounding", (dx) => rounding.eachElement(dx));
	const nodes = graph.nodes.map((node): Node => {
		const { op } = node;
		if (op?.differential == null) return node;
		const { differential } = op;
		const rounded: typeof differential = (i, inputs, out, params) => {
			// At a kink what is equal has to stay equal; elsewhere each element may be off by itself, as
			// where terms cancel.
			const [movedOut, ...moved] =
				op.conventions === undefined
					? [rounding.resultOf(op, out), ...inputs.map((x) => rounding.eachElement(x))]
					: rounding.together([out, ...inputs]);
			const map = asMap(differential(i, moved, movedOut!, params));
			return map === null ? null : compose(round, map, round);
		};
		return { ...node, op: { ...op, differential: rounded } };
	});
	return { ...graph, nodes };
}
