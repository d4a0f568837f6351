import { type AdjointError, ShapeError } from "../../core/error.ts";
import { sameShape } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import type { Tensor } from "../../core/tensor.ts";
import { add } from "../../ops/arithmetic.ts";
import { sum } from "../../structure/broadcasting.ts";
import { reshape, transpose } from "../../structure/layout.ts";
import { concatenated } from "../differences/neighborhood.ts";
import type { Problem } from "../differences/problem.ts";
import { explainingMistake } from "../verdicts/candidate-mistakes.ts";
import { sizesOf } from "../verdicts/likely-cause.ts";
import { intendedProduct, wrongProduct } from "../verdicts/products.ts";
import type { NamedGradient } from "./named-gradients.ts";

/**
 * What makes a wrong gradient agree with the derived one, in words; null where none of the usual
 * mistakes does.
 */
export function causeOf(
	problem: Problem,
	given: Tensor,
	{ gradient, pairs, contributions }: NamedGradient,
	bound: number,
): string | null {
	const product = wrongProduct(pairs(), given, gradient, bound);
	if (product !== null) return product;
	const suspect = {
		expected: concatenated([gradient]),
		tolerance: bound,
		result: [],
		argument: gradient.shape,
		sizes: sizesOf(problem.x, problem.inputs),
	};
	if (sameShape(given.shape, gradient.shape)) {
		const mistake = explainingMistake({ ...suspect, given: concatenated([given]) });
		return mistake ?? lostUse(given, contributions(), bound);
	}
	const summed = sumToShape(given, gradient);
	if (summed !== null && explains(summed, gradient, bound)) {
		return "the sum over the axes along which it was broadcast is missing";
	}
	if (
		sameShape([...given.shape].reverse(), gradient.shape) &&
		explains(transpose(given), gradient, bound)
	) {
		return "it is the transpose of the gradient: a .T is missing, or one too many";
	}
	return null;
}

/** Where a value has several uses, of which one does not contribute, or only one does. */
function lostUse(given: Tensor, contributions: readonly Tensor[], bound: number): string | null {
	const count = contributions.length;
	for (const [k, alone] of contributions.entries()) {
		const others = contributions.filter((_, i) => i !== k);
		if (count < 2) break;
		if (explains(given, alone, bound)) {
			return `of its ${count} uses only one contributes: their gradients have to be added`;
		}
		if (
			explains(
				given,
				others.reduce((total, other) => add(total, other)),
				bound,
			)
		) {
			return `one of its ${count} uses does not contribute: their gradients have to be added`;
		}
	}
	return null;
}

function explains(value: Tensor, expected: Tensor, bound: number): boolean {
	const [a, b] = [elements(value), elements(expected)];
	return a.every((x, k) => Math.abs(x - b[k]!) <= bound * Math.max(1, value.size));
}

/**
 * The sum over the axes that the shape of `like` lacks, or has with size 1; null where it does not
 * broadcast to x.
 */
function sumToShape(x: Tensor, like: Tensor): Tensor | null {
	const missing = x.rank - like.rank;
	if (missing < 0) return null;
	const axes = x.shape.flatMap((size, axis) =>
		axis < missing || (like.shape[axis - missing] === 1 && size !== 1) ? [axis] : [],
	);
	const summed = sum(x, axes, { keepDims: true });
	return sameShape(summed.shape.slice(missing), like.shape) ? reshape(summed, like.shape) : null;
}

/** Two matrix shapes that do not multiply, as errors show them. */
const TWO_SHAPES = /\((\d+)×(\d+)\)·\((\d+)×(\d+)\)/;

/** Why the program itself stops: mostly at a product that lacks a transpose. */
export function causeOfStop(
	error: AdjointError,
	derived: readonly NamedGradient[],
	bounds: ReadonlyMap<string, number>,
): string | null {
	const found = error instanceof ShapeError ? TWO_SHAPES.exec(error.message) : null;
	if (found === null) return null;
	const [a, b, c, d] = found.slice(1).map(Number) as [number, number, number, number];
	for (const { name, gradient, pairs } of derived) {
		const shapes = [
			[a, b],
			[c, d],
		] as const;
		const product = intendedProduct(pairs(), shapes, gradient, bounds.get(name)!);
		if (product !== null) return `a .T is missing: grad_${name} is ${product}`;
	}
	return null;
}
