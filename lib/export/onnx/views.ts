import { sizeOf } from "../../core/shape.ts";
import type { Graph, GraphTensor } from "./graph.ts";
import { type AxisGroup, groupsOf, type IndexMap, indexMapOf, indicesIn } from "./index-maps.ts";
import type { NodeForm, Shown } from "./site.ts";

/** An op that shows elements of its argument in another arrangement. */
export const viewNodes: NodeForm = ({ graph, step, operands }) => {
	const { op, inputs, params, type } = step;
	const [x] = operands as [GraphTensor];
	const from = inputs[0]!.type;
	if (op.loops?.kind === "order") return { thin: graph.reshape(x, type.shape), shape: type.shape };
	const map = indexMapOf(from.shape, from.dtype, (probe) => op.evaluate([probe], params, type));
	return shown(graph, map, x);
};

/** The view with this index map. */
export function shown(graph: Graph, map: IndexMap, x: GraphTensor): Shown {
	const groups = groupsOf(map);
	const cut = sliced(graph, map, groups, x);
	const { made, axes } = gathered(graph, map, groups, cut);
	const order = axes.toSorted((a, b) => a - b);
	const turned = graph.transpose(
		made,
		order.map((axis) => axes.indexOf(axis)),
	);
	const stretched = map.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
	const shape = map.shape.map((size, axis) => (stretched.includes(axis) ? 1 : size));
	return { thin: graph.unsqueeze(turned, stretched), shape };
}

/** Whether a group goes over one axis, in steps, or takes one index of it. */
function isPlain({ from, to }: AxisGroup): boolean {
	return from.length === 1 && to.length <= 1;
}

/** x with of each axis by itself only what is shown; an axis of which that is one index is gone. */
function sliced(
	graph: Graph,
	map: IndexMap,
	groups: readonly AxisGroup[],
	x: GraphTensor,
): GraphTensor {
	const plain = groups.filter(isPlain).map(({ from, to }) => {
		const [axis] = from as [number];
		const [over] = to;
		const [start, size] = [map.start[axis]!, map.from[axis]!];
		const step = over === undefined ? 1 : map.steps[axis]![over]!;
		const end = start + step * (over === undefined ? 1 : map.shape[over]!);
		// An end before the first element cannot be told from one counted from the last.
		return { axis, start, end: end < 0 ? -size - 1 : end, step, isOne: over === undefined, size };
	});
	const cut = plain.filter(({ start, end, step, size }) => start > 0 || end !== size || step !== 1);
	const all = (of: (one: (typeof cut)[number]) => number) => graph.store.wholes(cut.map(of));
	const told = [all((one) => one.start), all((one) => one.end), all((one) => one.axis)];
	const steps = cut.some(({ step }) => step !== 1) ? [all((one) => one.step)] : [];
	const section = cut.length === 0 ? x : graph.node("Slice", [x, ...told, ...steps], x.element);
	const gone = plain.flatMap(({ axis, isOne }) => (isOne ? [axis] : []));
	if (gone.length === 0) return section;
	return graph.node("Squeeze", [section, graph.store.wholes(gone)], x.element);
}

/** x with what several axes show together, and the axes of the view that its axes then are. */
function gathered(graph: Graph, map: IndexMap, groups: readonly AxisGroup[], x: GraphTensor) {
	const left = groups.filter(({ from, to }) => from.length > 0 && to.length > 0);
	const before = left.flatMap(({ from }) => from);
	const there = before.toSorted((a, b) => a - b);
	let made = graph.transpose(
		x,
		before.map((axis) => there.indexOf(axis)),
	);
	if (left.some(({ from }) => from.length > 1)) {
		const sizes = left.map((group) =>
			isPlain(group) ? map.shape[group.to[0]!]! : sizeOf(group.from.map((axis) => map.from[axis]!)),
		);
		made = graph.reshape(made, sizes);
	}
	const axes: number[] = [];
	for (const group of left) {
		if (!isPlain(group)) {
			const shape = group.to.map((axis) => map.shape[axis]!);
			const indices = graph.store.values(indicesIn(map, group), shape, "int64");
			made = graph.node("Gather", [made, indices], made.element, { axis: axes.length });
		}
		axes.push(...group.to);
	}
	return { made, axes };
}
