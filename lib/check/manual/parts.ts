import { differentialOf } from "../../autodiff/differential.ts";
import type { Shape } from "../../core/shape.ts";
import type { Node } from "../../core/tape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { mul, neg } from "../../ops/arithmetic.ts";
import { exp } from "../../ops/exponential.ts";
import { broadcastTo, sum } from "../../structure/broadcasting.ts";

/** A sum over axes, which stay with size 1. */
export interface Summed {
	readonly terms: Tensor;
	readonly axes: readonly number[];
	/** What the sum is multiplied by; null for nothing. */
	readonly weight: Tensor | null;
}

/** What one use of a value contributes to its gradient. */
export interface Part {
	/** The use, as `div` or `the sum of softmax`. */
	readonly use: string;
	readonly value: Tensor;
	/** The sum that it is, as where the value was broadcast; null for another one. */
	readonly summed: Summed | null;
}

/**
 * What an op sends back to each place where it has a value as its input.
 * @param g the gradient of the op's result
 */
export function partsOfUse(use: Node, input: Node, g: Tensor): Part[] {
	return use.parents.flatMap((parent, i) => {
		const map = parent === input ? differentialOf(use, i) : null;
		if (map === null) return [];
		const { name } = use.op!;
		const split = Object.hasOwn(SUMS, name) ? SUMS[name]!(use.value, g) : null;
		if (split === null) {
			return [{ use: name, value: map.transpose.apply(g), summed: broadcastSum(use, g) }];
		}
		const { alone, direct, terms, weight } = split;
		const { axes } = use.params as { axes: readonly number[] };
		const summed = { terms, axes, weight };
		return [
			{ use: `${alone} of ${name}`, value: direct, summed: null },
			{ use: `the sum of ${name}`, value: valueOfSum(summed), summed },
		];
	});
}

/** What comes back of an op in which an element occurs once alone and once in a sum. */
interface Twofold {
	readonly alone: string;
	readonly direct: Tensor;
	readonly terms: Tensor;
	readonly weight: Tensor;
}

const SUMS: Readonly<Record<string, (y: Tensor, g: Tensor) => Twofold>> = {
	softmax: (y, g) => {
		const direct = mul(y, g);
		return { alone: "the numerator", direct, terms: direct, weight: neg(y) };
	},
	logSoftmax: (y, g) => ({ alone: "the first term", direct: g, terms: g, weight: neg(exp(y)) }),
};

/** The value of a sum, over other axes than its own perhaps. */
export function valueOfSum({ terms, axes, weight }: Summed): Tensor {
	const value = axes.length === 0 ? terms : sum(terms, axes, { keepDims: true });
	return weight === null ? value : mul(value, weight);
}

/** The sum that undoes a broadcast. */
function broadcastSum({ op, inputs, value }: Node, g: Tensor): Summed | null {
	if (op !== broadcastTo.op) return null;
	return { terms: g, axes: stretchedAxes(inputs[0]!.shape, value.shape), weight: null };
}

/** The axes of a shape that a broadcast to it adds, or stretches from size 1. */
export function stretchedAxes(from: Shape, to: Shape): number[] {
	const missing = to.length - from.length;
	return to.flatMap((size, axis) =>
		axis < missing || (from[axis - missing] === 1 && size !== 1) ? [axis] : [],
	);
}
