import type { Arrived, PassedOn, Placed, ThroughViews } from "../core/linear-map.ts";
import { rowMajorStrides, type Shape } from "../core/shape.ts";
import { coalesce } from "../core/strided.ts";
import type { Node } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { valueless } from "../core/valueless.ts";
import { permute, reshape } from "../structure/layout.ts";
import { add } from "./arithmetic.ts";
import { type Section, sectionsLayout, sectionsShape } from "./ranges.ts";

/** Where slices go: to these sections of a tensor of this shape. */
export type SlicePlace = {
	readonly shape: Shape;
	readonly sections: readonly Section[];
};

/** Slices as one sum, and each of what is none by way of the view at which it arrived. */
const total: ThroughViews<SlicePlace>["total"] = (arrived, like, sum, back) => {
	const found = arrived.map((one) => ("at" in one ? [one] : (slicesOf(one, like) ?? one)));
	const placed = found.flatMap((one) => ("node" in one ? [] : one));
	const rest = found.flatMap((one) =>
		"node" in one ? [back(one.node, total(one.terms, one.node.value, sum, back))] : [],
	);
	const sums = placed.length === 0 ? rest : [sum(placed), ...rest];
	return sums.reduce((a, b) => add(a, b));
};

/** How slices of views come to the tensor. */
export const throughViews: ThroughViews<SlicePlace> = { passedOn, total };

/**
 * What has arrived at a view, to be added to what it is a view of; null where it is better added up
 * in the view. A view may be made anew at each place of a walk (`x.T.slice(t)`), or be all that
 * is left of a walk (`rest = rest.slice([1, null])`): a tensor of its size for each would cost the
 * square of the walk. So terms are added up in a view only where they fill it, and each of them has
 * at most half of it: no element is then copied more often than sizes can double.
 */
function passedOn<P>(node: Node, terms: readonly Arrived<P>[]): PassedOn<P> | null {
	const { op, value } = node;
	if (op?.lowering !== "view" || !op.traits?.linear) return null;
	const sizes = terms.map((one) => ("at" in one ? one.x.size : one.size));
	const size = sizes.reduce((sum, one) => sum + one, 0);
	const largest = sizes.reduce((a, b) => Math.max(a, b));
	if (sizes.includes(0) || (size >= value.size && 2 * largest <= value.size)) return null;
	return { node, terms, size };
}

/**
 * Slices of views of a tensor as slices of the tensor, in their order; null where something is
 * none. Each view is asked where it shows the elements of what it is a view of, from the tensor on.
 */
function slicesOf(passed: PassedOn<SlicePlace>, like: Tensor): Placed<SlicePlace>[] | null {
	const found: Placed<SlicePlace>[] = [];
	const waiting: { one: Arrived<SlicePlace>; of: Tensor }[] = [{ one: passed, of: layoutOf(like) }];
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		const { one, of } = next;
		if ("node" in one) {
			const view = viewed(one.node, of);
			if (view === null) return null;
			for (const term of one.terms.toReversed()) waiting.push({ one: term, of: view });
			continue;
		}
		const { shape } = one.x;
		const layout = sectionsLayout(one.at.sections, of.strides, of.offset);
		const region = regionOf({ shape, ...layout }, like.shape);
		if (region === null) return null;
		const { sections } = region;
		found.push({ x: inRegion(one.x, region), at: { shape: like.shape, sections } });
	}
	return found;
}

/** A tensor like this one in row-major order, for its layout only. */
function layoutOf(like: Tensor): Tensor {
	return valueless(like, () => {
		throw new Copied();
	});
}

/** What an evaluation throws that has to copy elements. */
class Copied extends Error {}

/** Where a view shows the elements of its argument; null where it has to copy them. */
function viewed({ op, params, value }: Node, of: Tensor): Tensor | null {
	try {
		const view = op!.evaluate([of], params, value);
		return view.storage === of.storage ? view : null;
	} catch (error) {
		if (error instanceof Copied) return null;
		throw error;
	}
}

/** A slice, and along which axes of the whole the axes of a layout lie, of what sizes. */
interface Region {
	readonly sections: readonly Section[];
	readonly axes: readonly { readonly size: number; readonly along: number }[];
}

/**
 * Which slice of a tensor in row-major order a layout shows; null where it shows none, such as
 * a diagonal, or what begins in one row and ends in another.
 */
function regionOf(
	layout: Pick<Tensor, "shape" | "strides" | "offset">,
	whole: Shape,
): Region | null {
	const steps = rowMajorStrides(whole);
	const sections = whole.map((of, k): Section => {
		const start = Math.floor(layout.offset / steps[k]!) % of;
		return { of, start, step: 1, size: 1, dropped: of > 1 };
	});
	const { shape, layouts } = coalesce(layout.shape, [layout]);
	const axes = shape.map((all, axis) => {
		const parts: { size: number; along: number }[] = [];
		let stride = layouts[0]!.strides[axis]!;
		for (let rest = all; rest > 1; ) {
			const along = sections.findIndex(({ of, dropped }, k) => {
				const step = Math.abs(stride / steps[k]!);
				return dropped && Number.isInteger(step) && step > 0 && step < of;
			});
			if (along < 0) return null;
			const { of, start } = sections[along]!;
			const step = stride / steps[along]!;
			const end = start + (rest - 1) * step;
			// What goes beyond the end of this axis goes on along others, if it takes all of this one.
			const goesOn = end < 0 || end >= of;
			const isWhole = Math.abs(step) === 1 && start === (step > 0 ? 0 : of - 1) && rest % of === 0;
			if (goesOn && !isWhole) return null;
			const size = goesOn ? of : rest;
			sections[along] = { of, start, step, size, dropped: false };
			parts.unshift({ size, along });
			rest /= size;
			stride *= size;
		}
		return parts;
	});
	return axes.includes(null) ? null : { sections, axes: axes.flatMap((parts) => parts!) };
}

/** x with its axes in the order and of the sizes that the slice has. */
function inRegion(x: Tensor, { sections, axes }: Region): Tensor {
	const split = reshape(
		x,
		axes.map(({ size }) => size),
	);
	const order = axes.map((_, i) => i).sort((a, b) => axes[a]!.along - axes[b]!.along);
	return reshape(permute(split, order), sectionsShape(sections));
}
