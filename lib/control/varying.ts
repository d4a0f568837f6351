import { isFloat } from "../core/dtype.ts";
import type { Instruction, Program, Value } from "../program/program.ts";

/** Which results of a program vary smoothly with these of its inputs. */
export function varyingOutputs(program: Program, varies: readonly boolean[]): boolean[] {
	const { inputs, instructions, outputs } = program;
	const varying = new Set<Value>(inputs.filter((x, i) => varies[i] && isFloat(x.type.dtype)));
	for (const step of instructions) {
		if (step.op.differential === null || !isFloat(step.type.dtype)) continue;
		if (step.inputs.some((x) => varying.has(x))) varying.add(step);
	}
	return outputs.map((output) => varying.has(output));
}

/** The values from which a derivative may come to a result. */
export function movingValues({ instructions, outputs }: Program): Set<Value> {
	const moving = new Set<Value>(outputs);
	for (const step of instructions.toReversed()) {
		const { differential, traits } = step.op;
		if (differential === null || !moving.has(step)) continue;
		// A value whose derivative is given comes before what that is taken by.
		for (const x of step.inputs.slice(traits?.byHand === "given" ? 1 : 0)) moving.add(x);
	}
	return moving;
}

/** Which results of a program are made of any of these of its inputs. */
export function reachedOutputs(
	{ inputs, instructions, outputs }: Program,
	given: readonly boolean[],
): boolean[] {
	const reached = reachedFrom(
		inputs.filter((_, i) => given[i]),
		instructions,
	);
	return outputs.map((output) => reached.has(output));
}

/** The values that depend on these. */
export function reachedFrom(
	values: readonly Value[],
	instructions: readonly Instruction[],
): Set<Value> {
	const reached = new Set<Value>(values);
	for (const step of instructions) if (step.inputs.some((x) => reached.has(x))) reached.add(step);
	return reached;
}

/** Which inputs and outputs of a step have a property. */
export interface StepMarks {
	readonly inputs: readonly boolean[];
	readonly outputs: readonly boolean[];
}

/** Which results vary, for a step that is repeated. */
export function varyingStep(
	step: Program,
	given: readonly boolean[],
	closed: number,
	carried: number,
): StepMarks {
	const floats = given.map((varies, i) => varies && isFloat(step.inputs[i]!.type.dtype));
	return settled((inputs) => varyingOutputs(step, inputs), floats, closed, carried);
}

/**
 * The marks of a step that is repeated: what it hands on has one if it got it in any step before.
 * @param outputsOf which outputs have the mark where these inputs do
 * @param closed how many inputs come before those that are handed on
 */
export function settled(
	outputsOf: (inputs: readonly boolean[]) => readonly boolean[],
	given: readonly boolean[],
	closed: number,
	carried: number,
): StepMarks {
	const inputs = [...given];
	for (;;) {
		const outputs = outputsOf(inputs);
		const more = outputs.slice(0, carried).flatMap((has, i) => {
			return has && !inputs[closed + i] ? [closed + i] : [];
		});
		// A carry that has it at the start does so in the result of no steps too.
		const all = outputs.map((has, i) => has || (i < carried && inputs[closed + i]!));
		if (more.length === 0) return { inputs, outputs: all };
		for (const i of more) inputs[i] = true;
	}
}
