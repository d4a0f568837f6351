import { rowMajorStrides, type Shape, sizeOf } from "../../core/shape.ts";
import type { Element } from "./element-types.ts";
import type { Graph, GraphTensor } from "./graph.ts";
import { scatterAdded, scatteredRows } from "./places.ts";
import type { NodeForm } from "./site.ts";

// Elements at indices, and elements added where indices say. A negative index counts from the end,
// in ONNX too.

/** Parts at indices of an axis. */
export function partsNodes(axis: number): NodeForm {
	return ({ graph, operands, element }) => graph.node("Gather", operands, element, { axis });
}

/** Parts added at indices of an axis. */
export function partsAddedNodes(axis: number): NodeForm {
	return ({ graph, operands: [parts, indices], step: { type, inputs } }) => {
		const [own, at] = inputs.map((input) => input.type.shape) as [Shape, Shape];
		const along = own.map((_, i) => i).filter((i) => i >= axis && i < axis + at.length);
		const beside = own.map((_, i) => i).filter((i) => !along.includes(i));
		const rest = beside.map((i) => own[i]!);
		const [count, columns, size] = [sizeOf(at), sizeOf(rest), type.shape[axis]!];
		const rows = graph.reshape(graph.transpose(parts!, [...along, ...beside]), [count, columns]);
		const column = graph.reshape(indices!, [count, 1]);
		const sums = scatteredRows(graph, rows, column, { count, columns, size });
		const order = type.shape.map((_, i) => (i < axis ? i + 1 : i === axis ? 0 : i));
		return graph.transpose(graph.reshape(sums, [size, ...rest]), order);
	};
}

/** Of each line along an axis the elements at the indices of that line. */
export function alongAxisNodes(axis: number): NodeForm {
	return ({ graph, operands, element }) =>
		graph.node("GatherElements", operands, element, { axis });
}

/** Elements added at the indices of their line. */
export function alongAxisAddedNodes(axis: number): NodeForm {
	return ({ graph, operands: [x, indices], step: { type } }) => {
		const zeros = (element: Element) => graph.expand(graph.store.number(0, element), type.shape);
		return scatterAdded(graph, x!, indices!, axis, zeros);
	};
}

/** Parts at tuples of indices of the first axes. */
export const tuplesNodes: NodeForm = ({ graph, operands: [x, indices], step, element }) => {
	// A tuple of no indices takes all.
	if (step.inputs[1]!.type.shape.at(-1) === 0) return graph.expand(x!, step.type.shape);
	return graph.node("GatherND", [x!, graph.cast(indices!, "int64")], element);
};

/** Parts added there. */
export const tuplesAddedNodes: NodeForm = ({ graph, operands: [parts, indices], step }) => {
	const { shape } = step.type;
	const tuples = step.inputs[1]!.type.shape;
	const depth = tuples.at(-1)!;
	const count = sizeOf(tuples.slice(0, -1));
	const [places, rest] = [shape.slice(0, depth), shape.slice(depth)];
	const [size, columns] = [sizeOf(places), sizeOf(rest)];
	const column = positions(graph, graph.reshape(indices!, [count, depth]), places);
	const rows = graph.reshape(parts!, [count, columns]);
	return graph.reshape(scatteredRows(graph, rows, column, { count, columns, size }), shape);
};

/** Where the places at tuples lie among all of them, in a column. */
function positions(graph: Graph, tuples: GraphTensor, places: Shape): GraphTensor {
	const { store } = graph;
	const sizes = store.wholes(places);
	const indices = graph.cast(tuples, "int64");
	const fromEnd = graph.node("Add", [indices, sizes], "int64");
	const isNegative = graph.node("Less", [indices, store.number(0, "int64")], "bool");
	const counted = graph.where(isNegative, fromEnd, indices);
	const steps = graph.node("Mul", [counted, store.wholes(rowMajorStrides(places))], "int64");
	return graph.node("ReduceSum", [steps, store.wholes([1])], "int64", { keepdims: 1 });
}

/** Ones at indices along a new last axis. */
export const oneHotNodes: NodeForm = ({ graph, operands: [indices], step: { type }, element }) => {
	const [rank, depth] = [type.shape.length, type.shape.at(-1)!];
	const all = graph.store.values(
		Array.from({ length: depth }, (_, i) => i),
		[depth],
		"int32",
	);
	const each = graph.unsqueeze(indices!, [rank - 1]);
	return graph.cast(graph.node("Equal", [each, all], "bool"), element);
};
