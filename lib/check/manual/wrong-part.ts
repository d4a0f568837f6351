import { onesLike } from "../../core/create.ts";
import { sameShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { add, div, mul, sub } from "../../ops/arithmetic.ts";
import { sum } from "../../structure/broadcasting.ts";
import { reshape } from "../../structure/layout.ts";
import { type Part, type Summed, valueOfSum } from "./parts.ts";

/** Says what is wrong with a tensor in the place of another one; null where it is not known. */
export type Why = (given: Tensor, expected: Tensor) => string | null;

/** Whether a tensor is another one, as far as rounding tells. */
export type IsNear = (x: Tensor, y: Tensor) => boolean;

/** What is wrong with a gradient of several parts of which only one is wrong, or one is right. */
export function wrongPart(
	name: string,
	given: Tensor,
	parts: readonly Part[],
	isNear: IsNear,
	why: Why,
): string | null {
	const { length: count } = parts;
	if (count < 2) return null;
	/** A use, by its name if that tells it from the others. */
	const one = ({ use }: Part) =>
		parts.filter((part) => part.use === use).length === 1 ? `the one in ${use}` : "one";
	for (const part of parts) {
		if (isNear(given, part.value)) {
			return `of the ${count} uses of ${name} only ${one(part)} contributes: their gradients have to be added`;
		}
	}
	const left = parts.map((part, k) => {
		const others = parts.filter((_, i) => i !== k).map(({ value }) => value);
		const rest = others.reduce((left, other) => add(left, other));
		return { part, rest, own: sub(given, rest) };
	});
	const lost = left.find(({ rest }) => isNear(given, rest));
	if (lost !== undefined) {
		return `of the ${count} uses of ${name} ${one(lost.part)} does not contribute: their gradients have to be added`;
	}
	for (const whyPart of [
		(own: Tensor, part: Part) => wrongAxes(own, part, isNear),
		(own: Tensor, { value }: Part) => why(own, value),
		(own: Tensor, part: Part) => wrongTerms(own, part, isNear),
	]) {
		for (const { part, own } of left) {
			const found = whyPart(own, part);
			if (found !== null)
				return `of the ${count} uses of ${name} only ${one(part)} is wrong: ${found}`;
		}
	}
	return null;
}

/** The axes over which a sum runs, where they are others than they should be. */
export function wrongAxes(given: Tensor, { summed }: Part, isNear: IsNear): string | null {
	if (summed === null) return null;
	const all = [...summed.terms.shape.keys()];
	for (const axes of [[], ...all.map((axis) => [axis]), all]) {
		if (String(axes) === String(summed.axes)) continue;
		if (!isNear(given, squeezed(valueOfSum({ ...summed, axes }), given))) continue;
		return axes.length === 0
			? `the sum along ${axesIn(summed.axes)} is missing`
			: `it is summed along ${axesIn(axes)}, and should be along ${axesIn(summed.axes)}`;
	}
	return null;
}

/** Where a part repeats a sum, and so does what was given. */
function wrongTerms(given: Tensor, { value, summed }: Part, isNear: IsNear): string | null {
	const is = repeats(given, summed, isNear);
	const should = summed?.axes ?? repeats(value, summed, isNear);
	if (is.length === 0 || should.length === 0) return null;
	return String(is) === String(should)
		? "what is summed in it is not right"
		: `the sum in it runs along ${axesIn(is)}, and should along ${axesIn(should)}`;
}

function axesIn(axes: readonly number[]): string {
	return axes.length === 1 ? `axis ${axes[0]}` : `axes ${axes.join(", ")}`;
}

/** A tensor in the shape of another one, where they differ by axes of size 1 alone. */
export function squeezed(x: Tensor, like: Tensor): Tensor {
	const long = ({ shape }: Tensor) => shape.filter((size) => size !== 1);
	return sameShape(long(x), long(like)) ? reshape(x, like.shape) : x;
}

/** The axes along which a tensor repeats one number, or its weight times one. */
function repeats(x: Tensor, summed: Summed | null, isNear: IsNear): number[] {
	const weight = summed?.weight ?? onesLike(x);
	return [...x.shape.keys()].filter((axis) => {
		const along = (value: Tensor) => sum(value, axis, { keepDims: true });
		return x.shape[axis]! > 1 && isNear(x, mul(weight, div(along(x), along(weight))));
	});
}
