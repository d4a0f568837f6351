import type { DType } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import { abstractTensor } from "../../program/abstract.ts";

/**
 * Where a view takes its elements from: the one at (i, j, …) is that of its argument whose index
 * along an axis is `start[axis]` + i·`steps[axis][0]` + j·`steps[axis][1]` + ….
 */
export interface IndexMap {
	/** The shape of the argument, and that of the view. */
	readonly from: Shape;
	readonly shape: Shape;
	readonly start: readonly number[];
	readonly steps: readonly (readonly number[])[];
}

/**
 * The index map of a view, found by showing it arguments without values whose elements lie apart
 * along one axis only.
 */
export function indexMapOf(from: Shape, dtype: DType, view: (x: Tensor) => Tensor): IndexMap {
	const { storage } = abstractTensor({ shape: from, dtype }, "the argument of a view");
	const see = (apart: number) =>
		view(
			new Tensor(
				storage,
				dtype,
				from,
				from.map((_, axis) => (axis === apart ? 1 : 0)),
				0,
			),
		);
	const seen = from.map((_, axis) => see(axis));
	return {
		from,
		shape: (seen[0] ?? see(0)).shape,
		start: seen.map(({ offset }) => offset),
		steps: seen.map(({ strides }) => strides),
	};
}

/** Axes of the argument that depend on each other, and the axes of the view that go over them. */
export interface AxisGroup {
	readonly from: readonly number[];
	readonly to: readonly number[];
}

/** The axes in groups that have nothing to do with each other, in the order of the argument. */
export function groupsOf({ from, shape, steps }: IndexMap): AxisGroup[] {
	const groups: { from: number[]; to: number[] }[] = from.map((_, axis) => {
		return { from: [axis], to: shape.flatMap((_, i) => (steps[axis]![i] === 0 ? [] : [i])) };
	});
	for (const to of shape.keys()) {
		const [first, ...others] = groups.filter((group) => group.to.includes(to));
		if (first === undefined) groups.push({ from: [], to: [to] });
		for (const other of others) {
			first!.from.push(...other.from);
			first!.to.push(...other.to.filter((axis) => !first!.to.includes(axis)));
			groups.splice(groups.indexOf(other), 1);
		}
	}
	return groups.map((group) => ({ from: group.from, to: group.to.toSorted((a, b) => a - b) }));
}

/** For each element of the axes `to`, in row-major order, where it lies among those of `from`. */
export function indicesIn(map: IndexMap, { from, to }: AxisGroup): number[] {
	let indices = [from.reduce((at, axis) => at * map.from[axis]! + map.start[axis]!, 0)];
	for (const axis of to) {
		const step = from.reduce((sum, of) => sum * map.from[of]! + map.steps[of]![axis]!, 0);
		const along = Array.from({ length: map.shape[axis]! }, (_, i) => i * step);
		indices = indices.flatMap((start) => along.map((more) => start + more));
	}
	return indices;
}
