import type { LinearMap } from "../../core/linear-map.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import { abstractTensor } from "../../program/abstract.ts";
import type { Instruction } from "../../program/program.ts";
import type { Element } from "./element-types.ts";
import type { Graph, GraphTensor } from "./graph.ts";
import { groupsOf, type IndexMap, indexMapOf, indicesIn } from "./index-maps.ts";
import type { NodeForm } from "./site.ts";

// What puts elements in places of a result: padding and joining where they fill ranges of axes, and
// else scattering to indices that are known.

/** Each operand in the place that the op gives it, which the transpose of its derivative shows. */
export const placeNodes: NodeForm = ({ graph, step, operands }) => {
	const { value: fill = 0, meet = false } = (step.params ?? {}) as {
		value?: number;
		meet?: boolean;
	};
	const { shape } = step.type;
	const maps = placesIn(step);
	const pads = maps.map(paddingOf);
	const axis = meet ? null : joinedAxis(maps, shape);
	if (axis !== null) {
		const startOf = (i: number) => maps[i]!.start[axis]!;
		const order = operands.map((_, i) => i).sort((a, b) => startOf(a) - startOf(b));
		const parts = order.map((i) => operands[i]!);
		return graph.node("Concat", parts, parts[0]!.element, { axis });
	}
	const placed = operands.map((x, i) => {
		const padding = pads[i];
		return padding == null ? scattered(graph, maps[i]!, x, fill) : padded(graph, x, padding, fill);
	});
	return placed.reduce((sum, x) => graph.node("Add", [sum, x], x.element));
};

/** Windows added up where they lie in images. */
export const windowsAddedNodes: NodeForm = ({ graph, step, operands: [x] }) =>
	scattered(graph, placesIn(step)[0]!, x!);

/** Elements moved along an axis; what leaves the tensor is lost, and zeros come in. */
export function movedNodes(axis: number, steps: number): NodeForm {
	return ({ graph, step, operands: [x] }) => {
		const { shape } = step.type;
		const size = shape[axis]!;
		const by = Math.sign(steps) * Math.min(size, Math.abs(steps));
		const kept = section(graph, x!, axis, Math.max(0, -by), size - Math.max(0, by));
		const along = (n: number) => shape.map((_, i) => (i === axis ? n : 0));
		const pads = [...along(Math.max(0, by)), ...along(Math.max(0, -by))];
		const inputs = [kept, graph.store.wholes(pads), graph.store.number(0, x!.element)];
		return graph.node("Pad", inputs, x!.element);
	};
}

/** Elements moved along an axis; what leaves the tensor at one end comes in at the other. */
export function turnedNodes(axis: number, shift: number): NodeForm {
	return ({ graph, step, operands: [x] }) => {
		const size = step.type.shape[axis]!;
		const cut = size - shift;
		const parts = [section(graph, x!, axis, cut, size), section(graph, x!, axis, 0, cut)];
		return graph.node("Concat", parts, x!.element, { axis });
	};
}

function section(
	graph: Graph,
	x: GraphTensor,
	axis: number,
	start: number,
	end: number,
): GraphTensor {
	const told = [start, end, axis].map((n) => graph.store.wholes([n]));
	return graph.node("Slice", [x, ...told], x.element);
}

/** Elements of matrices below or above diagonal `k`, and zeros. */
export function triangleNodes(side: "lower" | "upper", k: number): NodeForm {
	return ({ graph, operands: [x], element }) => {
		const diagonal = graph.store.number(k, "int64");
		return graph.node("Trilu", [x!, diagonal], element, { upper: side === "upper" ? 1 : 0 });
	};
}

/** The index map by which a result shows each argument. */
function placesIn({ op, inputs, params, type }: Instruction): IndexMap[] {
	const args = inputs.map((input) => abstractTensor(input.type, `an argument of ${op.name}`));
	return inputs.map((_, i) =>
		indexMapOf(type.shape, type.dtype, (out) => {
			return (op.differential!(i, args, out, params) as LinearMap).transpose.apply(out);
		}),
	);
}

/** New axes, and how many elements come before and after along each axis. */
interface Padding {
	readonly added: readonly number[];
	readonly before: readonly number[];
	readonly after: readonly number[];
}

/** How an argument is padded to the whole; null where it does not fill ranges of axes in order. */
function paddingOf(map: IndexMap): Padding | null {
	const groups = groupsOf(map);
	const isRange = groups.every(({ from, to }) => {
		const [axis, over] = [from[0]!, to[0]!];
		return (
			from.length === 1 && (to.length === 0 || (to.length === 1 && map.steps[axis]![over] === 1))
		);
	});
	const isInOrder = groups.flatMap(({ to }) => to).every((over, i) => over === i);
	if (!isRange || !isInOrder) return null;
	const sizes = groups.map(({ to: [over] }) => (over === undefined ? 1 : map.shape[over]!));
	return {
		added: groups.flatMap(({ from, to }) => (to.length === 0 ? from : [])),
		before: map.start,
		after: map.from.map((size, axis) => size - map.start[axis]! - sizes[axis]!),
	};
}

function padded(graph: Graph, x: GraphTensor, { added, before, after }: Padding, fill: number) {
	const whole = graph.unsqueeze(x, added);
	if ([...before, ...after].every((n) => n === 0)) return whole;
	const pads = graph.store.wholes([...before, ...after]);
	return graph.node("Pad", [whole, pads, graph.store.number(fill, x.element)], x.element);
}

/** The axis along which the arguments fill the result side by side; null where they do not. */
function joinedAxis(maps: readonly IndexMap[], shape: Shape): number | null {
	const pads = maps.map(paddingOf);
	if (maps.length < 2 || pads.some((one) => one === null || one.added.length > 0)) return null;
	const moved = shape.flatMap((size, axis) =>
		maps.every((map) => map.shape[axis] === size) ? [] : [axis],
	);
	const [axis] = moved;
	if (axis === undefined || moved.length > 1) return null;
	const total = maps.reduce((sum, map) => sum + map.shape[axis]!, 0);
	return total === shape[axis] ? axis : null;
}

/** Elements added up at the indices that the map says. Axes that are whole stay beside them. */
export function scattered(graph: Graph, map: IndexMap, x: GraphTensor, fill = 0): GraphTensor {
	const groups = groupsOf(map);
	const isWhole = ({ from: [axis], to: [over] }: (typeof groups)[number]) =>
		map.steps[axis!]?.[over!] === 1 && map.from[axis!] === map.shape[over!];
	const beside = groups.filter(
		(one) => one.from.length === 1 && one.to.length === 1 && isWhole(one),
	);
	const moved = groups.filter((one) => !beside.includes(one));
	const [from, to] = (["from", "to"] as const).map((side) => [
		...moved.flatMap((one) => one[side]),
		...beside.flatMap((one) => one[side]),
	]) as [number[], number[]];
	const group = { from: moved.flatMap((one) => one.from), to: moved.flatMap((one) => one.to) };
	const sizes = from.map((axis) => map.from[axis]!);
	const columns = sizeOf(beside.map(({ to: [over] }) => map.shape[over!]!));
	const indices = indicesIn(map, group);
	const rows = graph.reshape(graph.transpose(x, to), [indices.length, columns]);
	const at = graph.store.values(indices, [indices.length, 1], "int64");
	const size = sizeOf(group.from.map((axis) => map.from[axis]!));
	const made = graph.reshape(
		scatteredRows(graph, rows, at, { size, columns, count: indices.length }, fill),
		sizes,
	);
	return graph.transpose(
		made,
		from.map((_, axis) => from.indexOf(axis)),
	);
}

/** Rows, and the tensor of which they are rows. */
interface Rows {
	/** How many rows there are, and in the result, and how many elements each has. */
	readonly count: number;
	readonly size: number;
	readonly columns: number;
}

/**
 * Rows added up where indices say, one for each, in a column; what is beside them is `fill`. Of one
 * element for each place, which ONNX Runtime adds in their order: rows of `ScatterND` might meet.
 */
export function scatteredRows(
	graph: Graph,
	rows: GraphTensor,
	indices: GraphTensor,
	{ count, size, columns }: Rows,
	fill = 0,
): GraphTensor {
	const there = (element: Element) =>
		graph.expand(graph.store.number(fill, element), [size, columns]);
	return scatterAdded(graph, rows, graph.expand(indices, [count, columns]), 0, there);
}

/** Elements added to others at the indices of their line, in their order. */
export function scatterAdded(
	graph: Graph,
	x: GraphTensor,
	indices: GraphTensor,
	axis: number,
	to: (element: Element) => GraphTensor,
): GraphTensor {
	// ONNX Runtime does not add float16 there.
	const element = x.element === "float16" ? "float32" : x.element;
	const inputs = [to(element), indices, graph.cast(x, element)];
	const attributes = { axis, reduction: "add" };
	return graph.cast(graph.node("ScatterElements", inputs, element, attributes), x.element);
}
