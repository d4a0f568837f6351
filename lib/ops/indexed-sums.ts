import type { Placed } from "../core/linear-map.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { reshape } from "../structure/layout.ts";
import { add } from "./arithmetic.ts";
import { concat } from "./joining.ts";

/** Where parts go: to these indices of an axis of a tensor of this shape. */
export interface AxisPlace {
	readonly indices: Tensor;
	readonly axis: number;
	readonly shape: Shape;
}

/** Where parts go: to these index tuples of a tensor of this shape. */
export interface TuplePlace {
	readonly indices: Tensor;
	readonly shape: Shape;
}

/**
 * The sum of what transposes of one kind give, those along the same axis in one: what they put,
 * side by side, at their indices, side by side.
 */
/* @__NO_SIDE_EFFECTS__ */
export function sumAlongAxes(
	put: (g: Tensor, indices: Tensor, axis: number, size: number) => Tensor,
): (placed: readonly Placed<AxisPlace>[]) => Tensor {
	return (placed) => {
		const sums = groups(placed, ({ at }) => at.axis).map((group) => {
			const { axis, shape, indices } = group[0]!.at;
			const g = concat(
				group.map(({ x }) => x),
				axis,
			);
			// Indices are a list, or there is one for each element.
			const side = indices.rank === 1 ? 0 : axis;
			const all = concat(
				group.map(({ at }) => at.indices),
				side,
			);
			return put(g, all, axis, shape[axis]!);
		});
		return sums.reduce((total, sum) => add(total, sum));
	};
}

/** The same parts with their indices in a list, in place of the axes of the indices one. */
export function inAList({ x, at }: Placed<AxisPlace>): Placed<AxisPlace> {
	const { axis, indices } = at;
	const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + indices.rank)];
	return {
		x: reshape(x, [...before, indices.size, ...after]),
		at: { ...at, indices: reshape(indices, [indices.size]) },
	};
}

/** The sum of parts at index tuples, those with tuples of the same length in one. */
/* @__NO_SIDE_EFFECTS__ */
export function sumAtTuples(
	put: (g: Tensor, indices: Tensor, shape: Shape) => Tensor,
): (placed: readonly Placed<TuplePlace>[]) => Tensor {
	return (placed) => {
		const sums = groups(placed, ({ at }) => at.indices.shape.at(-1)!).map((group) => {
			const { shape, indices } = group[0]!.at;
			const depth = indices.shape.at(-1)!;
			const parts = group.map(({ x, at }) => {
				const count = sizeOf(at.indices.shape.slice(0, -1));
				const g = reshape(x, [count, ...shape.slice(depth)]);
				return { g, indices: reshape(at.indices, [count, depth]) };
			});
			const g = concat(parts.map((part) => part.g));
			return put(g, concat(parts.map((part) => part.indices)), shape);
		});
		return sums.reduce((total, sum) => add(total, sum));
	};
}

/** The items that have the same key, together. */
export function groups<T>(items: readonly T[], keyOf: (item: T) => number | string): T[][] {
	const keys = [...new Set(items.map(keyOf))];
	return keys.map((key) => items.filter((item) => keyOf(item) === key));
}
