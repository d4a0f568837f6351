import { isFloat } from "../../core/dtype.ts";
import { sameShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { div, mul, neg, sub } from "../../ops/arithmetic.ts";
import { sum } from "../../structure/broadcasting.ts";
import { reshape, transpose } from "../../structure/layout.ts";
import { concatenated } from "../differences/neighborhood.ts";
import type { Problem } from "../differences/problem.ts";
import {
	explainingMistake,
	type Suspect,
	wrongFactor,
	wrongMask,
} from "../verdicts/candidate-mistakes.ts";
import { sizesOf } from "../verdicts/likely-cause.ts";
import {
	type Factor,
	isNear as isWithin,
	otherProduct,
	wrongProduct,
} from "../verdicts/products.ts";
import type { NamedGradient } from "./named-gradients.ts";
import { type Part, stretchedAxes, valueOfSum } from "./parts.ts";
import { type IsNear, squeezed, type Why, wrongAxes, wrongPart } from "./wrong-part.ts";

/**
 * What makes a wrong gradient agree with the derived one, in words; null where none of the usual
 * mistakes does.
 * @param derived all gradients, which one may have taken for another
 */
export function causeOf(
	problem: Problem,
	given: Tensor,
	{ name, gradient, ...uses }: NamedGradient,
	derived: readonly NamedGradient[],
	bound: number,
): string | null {
	const isNear: IsNear = (x, y) => isWithin(x, y, bound * Math.max(1, x.size));
	const float = derived.filter(({ value }) => isFloat(value.dtype));
	const values = float.map(({ name, value }): Factor => ({ name, value }));
	const gradients = float.map(
		({ name, gradient }): Factor => ({ name: `grad_${name}`, value: gradient }),
	);
	const known = [...values, ...gradients];
	const meetings = uses.meetings().map(({ factors }) => factors);
	const parts = uses.parts();
	const [part] = parts;
	const suspect = (is: Tensor, should: Tensor): Suspect => ({
		given: concatenated([is]),
		expected: concatenated([should]),
		tolerance: bound,
		result: [],
		argument: should.shape,
		sizes: sizesOf(problem.x, problem.inputs),
	});
	const whyPart: Why = (is, should) =>
		explainingMistake(suspect(is, should), [wrongFactor]) ??
		missingFactor(is, should, values, isNear);
	const inShape = () =>
		wrongPart(name, given, parts, isNear, whyPart) ??
		explainingMistake(suspect(given, gradient)) ??
		explainingMistake(suspect(given, gradient), [wrongMask]) ??
		missingFactor(given, gradient, values, isNear) ??
		wrongTerm(sub(given, gradient), known, isNear);
	return (
		wrongProduct(meetings, given, gradient, bound) ??
		(sameShape(given.shape, gradient.shape) ? inShape() : wrongShape(given, gradient, isNear)) ??
		(parts.length === 1 ? wrongAxes(given, part!, isNear) : null) ??
		(parts.length === 1 ? factorInSum(given, part!, values, isNear) : null) ??
		gradientOfOther(given, name, derived, isNear) ??
		otherProduct(meetings, given, gradient, bound, known)
	);
}

function gradientOfOther(
	given: Tensor,
	name: string,
	derived: readonly NamedGradient[],
	isNear: IsNear,
): string | null {
	const other = derived.find((each) => each.name !== name && isNear(given, each.gradient));
	return other === undefined ? null : `it is the gradient by ${other.name}, not by ${name}`;
}

/** A value by which what is summed is to be multiplied, or is and should not be. */
function factorInSum(
	given: Tensor,
	{ summed }: Part,
	values: readonly Factor[],
	isNear: IsNear,
): string | null {
	if (summed === null) return null;
	const near = (terms: Tensor) =>
		isNear(given, reshape(valueOfSum({ ...summed, terms }), given.shape));
	for (const { name, value } of values) {
		if (!stretches(value, summed.terms) || given.size !== valueOfSum(summed).size) continue;
		if (near(div(summed.terms, value))) return `in the sum, a factor ${name} is missing`;
		if (near(mul(summed.terms, value))) return `in the sum, a factor ${name} is too many`;
	}
	return null;
}

/** A value by which the elements of a gradient are to be multiplied, or are and should not be. */
function missingFactor(
	given: Tensor,
	expected: Tensor,
	values: readonly Factor[],
	isNear: IsNear,
): string | null {
	if (isNear(expected, mul(expected, 0))) return null;
	for (const { name, value } of values) {
		if (!stretches(value, expected)) continue;
		if (isNear(mul(given, value), expected)) return `a factor ${name} is missing`;
		if (isNear(given, mul(expected, value))) {
			return `a factor ${name} is too many, or a division by ${name} is missing`;
		}
	}
	return null;
}

/** Whether x broadcasts to the shape of another tensor. */
function stretches(x: Tensor, like: Tensor): boolean {
	const missing = like.rank - x.rank;
	return (
		missing >= 0 && x.shape.every((size, axis) => size === 1 || size === like.shape[axis + missing])
	);
}

/** What is added in a gradient and should not be, or the other way round. */
function wrongTerm(excess: Tensor, known: readonly Factor[], isNear: IsNear): string | null {
	const added = known.find(({ value }) => isNear(excess, value));
	if (added !== undefined) return `${added.name} is added, and does not belong there`;
	const lost = known.find(({ value }) => isNear(excess, neg(value)));
	return lost === undefined ? null : `${lost.name} is missing from the sum`;
}

/** Why a gradient has the wrong shape. */
function wrongShape(given: Tensor, gradient: Tensor, isNear: IsNear): string | null {
	if (isNear(squeezed(given, gradient), gradient)) {
		return given.rank > gradient.rank
			? "it has an axis of size 1 too many, which { keepDims: true } leaves; its numbers agree"
			: "it lacks an axis of size 1, which { keepDims: true } leaves; its numbers agree";
	}
	const summed = sumToShape(given, gradient);
	if (summed !== null && isNear(summed, gradient)) {
		return "the sum over the axes along which it was broadcast is missing";
	}
	return sameShape([...given.shape].reverse(), gradient.shape) && isNear(transpose(given), gradient)
		? "it is the transpose of the gradient: a .T is missing, or one too many"
		: null;
}

/**
 * The sum over the axes that the shape of `like` lacks, or has with size 1; null where it does not
 * broadcast to x.
 */
function sumToShape(x: Tensor, like: Tensor): Tensor | null {
	const missing = x.rank - like.rank;
	if (missing < 0) return null;
	const summed = sum(x, stretchedAxes(like.shape, x.shape), { keepDims: true });
	return sameShape(summed.shape.slice(missing), like.shape) ? reshape(summed, like.shape) : null;
}
