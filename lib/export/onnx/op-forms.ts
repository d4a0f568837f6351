import type { FunctionParams } from "../../core/loop-form.ts";
import type { Instruction } from "../../program/program.ts";
import type { GraphTensor } from "./graph.ts";
import type { NodeForm } from "./site.ts";

// The forms of ops that run by their own evaluation in compiled programs.

/** What functions of matrices and lines are; null for those that ONNX has no word for. */
const functions: {
	readonly [K in keyof FunctionParams]: ((params: FunctionParams[K]) => NodeForm) | null;
} = {
	"inverse matrix": null,
	"solution of equations": null,
	"triangular solution": null,
	"factor of Cholesky": null,
	"gradient of Cholesky": null,
	"determinant of a matrix": null,
	"logarithm of a determinant": null,
	"sign of a determinant": null,
	"eigenvalues and eigenvectors": null,
	"singular value decomposition": null,
	"QR decomposition": null,
	"order of pivots": null,
	elimination: null,
	"exponential of a matrix": null,
	pseudoinverse: null,
	"adjugate matrix": null,
	"sorted order": ({ axis, descending }) => sortedOrderNodes(axis, descending),
	"products of others": null,
};

/** The form of an op that says nothing but what function it calls, if anything. */
export function formOfOp({ op: { loops }, params }: Instruction): NodeForm | null {
	if (loops?.kind !== "call") return null;
	return (functions[loops.of] as ((params: unknown) => NodeForm) | null)?.(params) ?? null;
}

/** The indices that sort lines; of equal elements the first comes first. */
function sortedOrderNodes(axis: number, descending: boolean): NodeForm {
	return ({ graph, step, operands: [given], element }) => {
		const { store } = graph;
		const count = step.type.shape[axis]!;
		const isFloat = given!.element !== "bool" && given!.element !== "int32";
		const x = given!.element === "bool" ? graph.cast(given!, "int32") : given!;
		const orderOf = (keys: GraphTensor) => {
			const attributes = { axis, largest: descending ? 1 : 0, sorted: 1 };
			const inputs = [keys, store.wholes([count])];
			return graph.several("TopK", inputs, [keys.element, "int64"], attributes)[1]!;
		};
		if (!isFloat) return graph.cast(orderOf(x), element);
		// NaN comes behind ∞: it is counted as that, and then sorted once more.
		const isNan = graph.node("IsNaN", [x], "bool");
		const numbers = graph.where(isNan, store.number(Number.POSITIVE_INFINITY, x.element), x);
		const order = orderOf(numbers);
		const along = (values: GraphTensor, indices: GraphTensor) =>
			graph.node("GatherElements", [values, indices], values.element, { axis });
		const last = orderOf(along(graph.cast(isNan, "int32"), order));
		return graph.cast(along(order, last), element);
	};
}
