import { isFloat } from "../core/dtype.ts";
import type { Program, Value } from "../program/program.ts";

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

/**
 * The same for a step that is repeated: what it hands on varies with what varied in any step
 * before.
 * @param closed how many inputs come before those that are handed on
 * @returns which of its inputs and outputs vary
 */
export function varyingStep(
	step: Program,
	given: readonly boolean[],
	closed: number,
	carried: number,
) {
	const inputs = given.map((varies, i) => varies && isFloat(step.inputs[i]!.type.dtype));
	for (;;) {
		const outputs = varyingOutputs(step, inputs);
		const more = outputs.slice(0, carried).flatMap((varies, i) => {
			return varies && !inputs[closed + i] ? [closed + i] : [];
		});
		// A carry that varies at the start does so in the result of no steps too.
		const all = outputs.map((varies, i) => varies || (i < carried && inputs[closed + i]!));
		if (more.length === 0) return { inputs, outputs: all };
		for (const i of more) inputs[i] = true;
	}
}
