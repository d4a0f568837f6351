import type { Graph, GraphTensor } from "./graph.ts";
import type { NodeForm, NodeSite } from "./site.ts";

/** A product over the last axis of x and the last but one of w. */
export const productNodes: NodeForm = (site) => {
	const { graph, step, element } = site;
	const [x, w] = inResultType(site);
	const ranks = step.inputs.map(({ type }) => type.shape.length);
	// `Gemm` transposes matrices as it reads them.
	if (ranks.every((rank) => rank === 2) && element !== "int32") {
		const [a, b] = [x, w].map((factor) => transposed(graph, factor));
		if (a !== null || b !== null) {
			const attributes = { ...(a !== null && { transA: 1 }), ...(b !== null && { transB: 1 }) };
			return graph.node("Gemm", [a ?? x, b ?? w], element, attributes);
		}
	}
	return graph.node("MatMul", [x, w], element);
};

/** Each element of a vector times each of another. */
export const outerProductNodes: NodeForm = (site) => {
	const { graph, step, element } = site;
	const [x, w] = inResultType(site);
	const ranks = step.inputs.map(({ type }) => type.shape.length) as [number, number];
	const column = ranks[0] === 1 ? graph.unsqueeze(x, [1]) : x;
	const row = ranks[1] === 1 ? graph.unsqueeze(w, [0]) : w;
	return graph.node("MatMul", [column, row], element);
};

function inResultType({ graph, operands, element }: NodeSite): [GraphTensor, GraphTensor] {
	const [x, w] = operands.map((operand) => graph.cast(operand, element));
	return [x!, w!];
}

/** What a matrix is the transpose of; null where that is no node. */
function transposed(graph: Graph, x: GraphTensor): GraphTensor | null {
	const node = graph.makerOf(x);
	return node?.op === "Transpose" ? node.inputs[0]! : null;
}
