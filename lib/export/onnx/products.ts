import type { Graph, GraphTensor } from "./graph.ts";
import type { NodeForm, NodeSite } from "./site.ts";

/** A product over the last axis of x and the last but one of w. */
export const productNodes: NodeForm = (site) => {
	const [x, w] = inResultType(site);
	const [rank, other] = site.step.inputs.map(({ type }) => type.shape.length);
	return multiplied(site.graph, x, w, rank!, other!);
};

/** Each element of a vector times each of another. */
export const outerProductNodes: NodeForm = (site) => {
	const { graph, step } = site;
	const [x, w] = inResultType(site);
	const ranks = step.inputs.map(({ type }) => type.shape.length) as [number, number];
	const column = ranks[0] === 1 ? graph.unsqueeze(x, [1]) : x;
	const row = ranks[1] === 1 ? graph.unsqueeze(w, [0]) : w;
	return multiplied(graph, column, row, Math.max(2, ranks[0]), Math.max(2, ranks[1]));
};

/**
 * The product of two tensors of these ranks. In float64 it is no `MatMul`: ONNX Runtime takes a
 * number that is multiplied with one into it, as a float32.
 */
export function multiplied(
	graph: Graph,
	x: GraphTensor,
	w: GraphTensor,
	rank: number,
	other: number,
): GraphTensor {
	const { element } = x;
	if (rank === 2 && other === 2 && element !== "int32") {
		// `Gemm` transposes matrices as it reads them.
		const [a, b] = [transposed(graph, x), transposed(graph, w)];
		const attributes = { ...(a !== null && { transA: 1 }), ...(b !== null && { transB: 1 }) };
		return graph.node("Gemm", [a ?? x, b ?? w], element, attributes);
	}
	if (element !== "float64") return graph.node("MatMul", [x, w], element);
	const batch = rank > 2 || other > 2 ? "..." : "";
	const left = rank === 1 ? "j" : `${batch}ij`;
	const right = other === 1 ? "j" : `${batch}jk`;
	const equation = `${left},${right}->${batch}${rank === 1 ? "" : "i"}${other === 1 ? "" : "k"}`;
	return graph.node("Einsum", [x, w], element, { equation });
}

function inResultType({ graph, operands, element }: NodeSite): [GraphTensor, GraphTensor] {
	const [x, w] = operands.map((operand) => graph.cast(operand, element));
	return [x!, w!];
}

/** What a matrix is the transpose of; null where that is no node. */
function transposed(graph: Graph, x: GraphTensor): GraphTensor | null {
	const node = graph.makerOf(x);
	return node?.op === "Transpose" ? node.inputs[0]! : null;
}
