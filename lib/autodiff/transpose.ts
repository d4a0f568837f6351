import { debugState } from "../core/debug-state.ts";
import { isFloat } from "../core/dtype.ts";
import { GradientError } from "../core/error.ts";
import type { TensorType } from "../core/op.ts";
import { showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { type Evaluator, Tape } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { differentialOf } from "./differential.ts";
import { type Linearization, linearizationOf } from "./linearization.ts";
import { pullback } from "./reverse.ts";
import { orZeros } from "./run.ts";
import { staysZero } from "./stays-zero.ts";
import { isValueless, valueless } from "./valueless.ts";

/** Tensors, as a function sees its arguments and results once their structure is taken off. */
type Vector = readonly Tensor[];

/**
 * The transpose of the function that takes cotangents back, which has to be linear. It is recorded
 * once, on a cotangent that has a shape and no values: whoever asks for one, be it the function in
 * order to branch or the derivative of an op that is not linear, gets an error, since the tape
 * would hold for that one cotangent only.
 * @param like tensors of the types that the cotangent's have
 */
export function transposeOf(pull: (g: Vector) => Vector, like: Vector): (dx: Vector) => Vector {
	let isRecorded = false;
	const withoutValues = (type: TensorType, what: string) =>
		valueless(type, () => {
			const op = isRecorded ? debugState.differentiating?.op : null;
			throw op ? notLinear(op.name) : askedFor(type, what);
		});
	const cotangent = like.map((x) => withoutValues(x, "the cotangent"));
	const evaluator: Evaluator = (op, inputs, params) =>
		withoutValues(op.infer(inputs, params), `a result of ${op.name}`);
	const tape = new Tape(evaluator, true);
	const graph = linearizationOf(cotangent, pull, tape);
	isRecorded = true;
	checkDifferentials(graph);
	// The function did not look at values, so it does the same with zeros.
	const atZero = pull(orZeros(new Array<null>(like.length).fill(null), like));
	const isLinear = atZero.some(isValueless) ? staysZero(graph) : atZero.every(mayBeZero);
	if (!isLinear) {
		throw refused(
			"pull is not linear in its cotangent, since it does not give 0 for a cotangent of 0; " +
				"leave out what it adds without multiplying it by the cotangent",
		);
	}
	return (dx) => orZeros(pullback(graph, dx), like);
}

/** @throws GradientError unless each op is linear in what depends on the cotangent. */
function checkDifferentials({ nodes }: Linearization): void {
	const outer = debugState.differentiating;
	for (const node of nodes) {
		for (const [i, parent] of node.parents.entries()) {
			if (parent === null) continue;
			const { op, value } = node;
			const varies =
				op!.differential !== null && isFloat(value.dtype) && differentialOf(node, i) !== null;
			// Steps, such as a comparison, have the derivative 0 and are not 0.
			if (!varies) throw notLinear(op!.name);
		}
	}
	debugState.differentiating = outer;
}

/** Whether all elements are 0, as far as one can tell: 0 times an infinite factor is NaN. */
function mayBeZero(x: Tensor): boolean {
	return elements(x).every((value) => value === 0 || Number.isNaN(value));
}

function askedFor({ shape, dtype }: TensorType, what: string): GradientError {
	return refused(
		`pull asked for the value of ${what}, ${dtype} ${showShape(shape)}, which there is not in forward mode; ` +
			"let it branch by the result and the arguments, and not by what depends on its cotangent",
	);
}

function notLinear(op: string): GradientError {
	return refused(`pull is not linear in its cotangent, because of ${op}`);
}

function refused(what: string): GradientError {
	return new GradientError(
		`customGradient: ${what}. Forward mode (jvp, linearize, hvp, hessian) applies the transpose of pull; reverse mode ` +
			"(grad, vjp) runs it as it is",
	);
}
