import { isFloat } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import {
	type Input,
	type Instruction,
	instructionsOf,
	type Program,
	type Value,
} from "../program/program.ts";
import { reachedFrom } from "./varying.ts";

/** A step and its derivative backward as two programs. */
export interface Split {
	/** Takes the arguments; gives the results, then what the other program needs of the way there. */
	readonly forward: Program;
	/** The types of what it gives beside the results. */
	readonly residuals: readonly TensorType[];
	/** Takes what is there at each step in any case, what the other one gave, and the cotangents. */
	readonly backward: Program;
}

/** How many of the inputs and outputs of a program are what. */
export interface StepParts {
	/** Closed-over values, which are the same at each step, */
	readonly closed: number;
	/** what is handed on from step to step, */
	readonly carried: number;
	/** all arguments, before the cotangents, */
	readonly inputs: number;
	/** and all results, before the cotangents of the arguments. */
	readonly outputs: number;
}

/**
 * Takes a program of a step and its derivative apart: into what does not depend on a cotangent, and
 * what does. What the latter needs of the former is kept from one to the other, but for what is
 * made again at no or little cost: views, what depends on closed-over values alone, and what the
 * user wants made again.
 */
export function takeApart(
	program: Program,
	{ closed, carried, inputs: n, outputs: m }: StepParts,
): Split {
	const { inputs, instructions } = program;
	const cotangents = inputs.slice(n);
	const [results, gradients] = [program.outputs.slice(0, m), program.outputs.slice(m)];
	const dependent = reachedFrom(cotangents, instructions);
	const varying = reachedFrom(inputs.slice(closed), instructions);
	const carries = new Set<Value>(inputs.slice(closed, closed + carried));
	const dtypes = new Set(results.map(({ type }) => type.dtype));
	// All results travel together: what is kept must not make them travel in another dtype.
	const fits = ({ dtype }: TensorType) => isFloat(dtype) && (dtypes.size > 1 || dtypes.has(dtype));
	const isMadeAgain = ({ op, params, type }: Instruction) =>
		op.lowering === "view" || op.traits?.view || op.traits?.again?.(params) || !fits(type);
	const kept = new Map<Value, Input>();
	const again = new Map<Value, Value>();
	const available = (value: Value): Value => {
		const known = again.get(value) ?? kept.get(value);
		if (known !== undefined) return known;
		const isKept =
			value.kind === "instruction" ? varying.has(value) && !isMadeAgain(value) : carries.has(value);
		if (isKept) {
			const input: Input = { kind: "input", type: value.type };
			kept.set(value, input);
			return input;
		}
		const there = value.kind === "instruction" ? withInputs(value, available) : value;
		again.set(value, there);
		return there;
	};
	for (const input of cotangents) again.set(input, input);
	for (const step of instructionsOf(gradients)) {
		if (dependent.has(step)) again.set(step, withInputs(step, available));
	}
	const outputs = gradients.map(available);
	return {
		forward: programOf(inputs.slice(0, n), [...results, ...kept.keys()]),
		residuals: [...kept.values()].map(({ type }) => type),
		backward: programOf(
			[
				...inputs.slice(0, closed),
				...inputs.slice(closed + carried, n),
				...kept.values(),
				...cotangents,
			],
			outputs,
		),
	};
}

function withInputs(step: Instruction, become: (value: Value) => Value): Instruction {
	return { ...step, inputs: step.inputs.map(become) };
}

function programOf(inputs: readonly Input[], outputs: readonly Value[]): Program {
	return { inputs, instructions: instructionsOf(outputs), outputs };
}
