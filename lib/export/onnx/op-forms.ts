import { eye } from "../../core/create.ts";
import type { FunctionParams } from "../../core/loop-form.ts";
import { apply, type Op, type TensorType } from "../../core/op.ts";
import { sizeOf } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import { complexDft } from "../../ops/fourier/complex-dft.ts";
import { dftToReal, realDft } from "../../ops/fourier/real-dft.ts";
import type { Instruction } from "../../program/program.ts";
import { normal, truncatedNormal } from "../../random/continuous.ts";
import { categorical } from "../../random/discrete.ts";
import { reshape } from "../../structure/layout.ts";
import type { GraphTensor } from "./graph.ts";
import { categoricalNodes, normalNodes, truncatedNormalNodes } from "./random.ts";
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
	"function of a symmetric matrix": null,
	"slope of a function of a symmetric matrix": null,
	"adjugate matrix": null,
	"sorted order": ({ axis, descending }) => sortedOrderNodes(axis, descending),
	"products of others": null,
};

/** The forms of ops that say nothing of how they run. */
const ownForms: ReadonlyMap<Op, NodeForm> = new Map<Op, NodeForm>([
	[normal.op, normalNodes],
	[truncatedNormal.op, truncatedNormalNodes],
	[categorical.op, categoricalNodes],
	[realDft.op, matrixNodes(1)],
	[complexDft.op, matrixNodes(2)],
	[dftToReal.op, matrixNodes(2)],
]);

/** The form of an op that runs by its own evaluation; null where ONNX has no word for it. */
export function formOfEvaluated({ op, params }: Instruction): NodeForm | null {
	const own = ownForms.get(op);
	if (own !== undefined || op.loops?.kind !== "call") return own ?? null;
	return (functions[op.loops.of] as ((params: unknown) => NodeForm) | null)?.(params) ?? null;
}

/**
 * An op that is linear in what the last axes hold, as a product with a matrix: what it gives for
 * the rows of the identity.
 */
function matrixNodes(axes: number): NodeForm {
	return ({ graph, step: { op, inputs, params, type }, operands, element }) => {
		const [{ shape }] = inputs.map((x) => x.type) as [TensorType];
		const last = shape.slice(-axes);
		const size = sizeOf(last);
		const rows = reshape(eye(size), [size, ...last]);
		const matrix = apply(op, [rows], params);
		const columns = matrix.size / size;
		const values = graph.store.values(elements(matrix), [size, columns], element);
		const x = graph.cast(graph.reshape(operands[0]!, [sizeOf(shape) / size, size]), element);
		return graph.reshape(graph.node("MatMul", [x, values], element), type.shape);
	};
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
