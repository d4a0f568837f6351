import { debugState } from "../core/debug-state.ts";
import { GradientError } from "../core/error.ts";
import type { TensorType } from "../core/op.ts";
import { showShape } from "../core/shape.ts";
import { type Evaluator, Tape } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { valueless } from "../core/valueless.ts";
import { nonlinearity } from "./linearity.ts";
import { linearizationOf } from "./linearization.ts";
import { pullback } from "./reverse.ts";
import { orZeros } from "./run.ts";

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
			throw op ? notLinear(`because of ${op.name}`) : askedFor(type, what);
		});
	const cotangent = like.map((x) => withoutValues(x, "the cotangent"));
	const evaluator: Evaluator = (op, inputs, params) =>
		withoutValues(op.infer(inputs, params), `a result of ${op.name}`);
	const tape = new Tape(evaluator, true);
	const graph = linearizationOf(cotangent, pull, tape);
	isRecorded = true;
	const reason = nonlinearity(graph);
	if (reason !== null) throw notLinear(reason);
	return (dx) => orZeros(pullback(graph, dx), like);
}

function askedFor({ shape, dtype }: TensorType, what: string): GradientError {
	return refused(
		`pull asked for the value of ${what}, ${dtype} ${showShape(shape)}, which there is not in forward mode`,
	);
}

function notLinear(reason: string): GradientError {
	return refused(`pull is not linear in its cotangent, ${reason}`);
}

function refused(what: string): GradientError {
	return new GradientError(
		`customGradient: ${what}. Forward mode (jvp, linearize, hvp, hessian) applies the transpose of pull, and reverse mode ` +
			"(grad, vjp) runs it as it is; give forward mode a function of its own, customGradient(f, pull, push), " +
			"or a pull that is linear in its cotangent and does not look at it",
	);
}
