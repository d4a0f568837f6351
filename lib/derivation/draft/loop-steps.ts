import { spread } from "../../control/derivatives.ts";
import type { PulledLoop } from "../../control/loop-origins.ts";
import type { LoopParams } from "../../control/model.ts";
import { plainStep, stepGradient } from "../../control/step-gradient.ts";
import { uniformNumber } from "../../program/builder.ts";
import type { GradientProgram } from "../../program/gradient.ts";
import {
	constantNumber,
	type Instruction,
	instructionsOf,
	type Program,
	type Value,
} from "../../program/program.ts";
import { asItIs, type Rewritten, rewrite, then } from "../../program/rewrite.ts";
import type { Tidying } from "../../program/tidy.ts";
import type { Pull } from "./loop-model.ts";
import { choiceBy } from "./open-choices.ts";
import { loopBy, openLoops } from "./open-loops.ts";

/** What a loop takes besides tensors. */
export function countsOf({ params }: Instruction): LoopParams {
	return params as LoopParams;
}

/**
 * Writes the steps of all loops of an opened program, and of those in their steps: each that a loop
 * takes cotangents back through together with the step of that.
 * @param results how many of the outputs are those of the forward pass; they come first
 * @param simplified a step as a derivation writes it
 */
export function writeSteps(
	program: Program,
	results: number,
	tidy: Tidying,
	simplified: (recorded: GradientProgram, given: Rewritten, results: number) => Rewritten,
): void {
	const forward = new Set<Value>(instructionsOf(program.outputs.slice(0, results)));
	const all = program.instructions.filter((step) => loopBy(step) !== undefined);
	const backward = all.filter((step) => !forward.has(step));
	const written = new Set<Value>();
	for (const loop of all) {
		if (written.has(loop)) continue;
		const opened = loopBy(loop)!;
		const { body } = opened;
		const back = backward.find((other) => loopBy(other)!.pulled?.body === body);
		if (back !== undefined) written.add(back);
		const pulled = back && loopBy(back)!.pulled!;
		const pull = back === undefined ? null : pullOf(back, pulled!);
		const recorded =
			pulled === undefined
				? plainStep(body)
				: stepGradient(body, pulled.inputs, pulled.outputs, tidy);
		const inside = openLoops(recorded.program);
		const given = withInputs(inside, standIns(inside.program, loop, pull));
		const own = body.outputs.length;
		const made = simplified(recorded, given, own);
		writeSteps(made.program, own, tidy, simplified);
		opened.written = { ...made, recorded, results: own, pull };
	}
	for (const choice of program.instructions) {
		const opened = choiceBy(choice);
		if (opened === undefined) continue;
		const recorded = plainStep(opened.body);
		const inside = openLoops(recorded.program);
		const stands = inside.program.inputs.map((input, i): Value => {
			const outer = choice.inputs[i + 1]!;
			const number = uniformNumber(outer);
			if (number !== null) return constantNumber(number, input.type);
			return outer.kind === "constant" ? outer : input;
		});
		// The branches of the way back are simplified as a whole.
		const own = forward.has(choice) ? opened.body.outputs.length : 0;
		const made = simplified(recorded, withInputs(inside, stands), own);
		writeSteps(made.program, own, tidy, simplified);
		opened.written = { ...made, recorded, results: own, pull: null };
	}
}

/** An opened step with these in place of its inputs. */
function withInputs(opened: Rewritten, inputs: readonly Value[]): Rewritten {
	return then(opened, rewrite(opened.program, asItIs, inputs));
}

function pullOf(loop: Instruction, { needed, inputs, outputs, closed, carried }: PulledLoop): Pull {
	const all = spread(loop.inputs, needed);
	const carries = outputs.slice(0, carried).filter(Boolean).length;
	const ys = outputs.slice(carried).filter(Boolean).length;
	return {
		loop,
		inputs,
		outputs,
		carries: all.slice(closed, closed + carries) as Value[],
		ys: all.slice(all.length - ys),
	};
}

/**
 * The inputs of a step, with constants in place of those that are constants outside of the loop, as
 * far as all of their elements are one number.
 */
function standIns(step: Program, loop: Instruction, pull: Pull | null): Value[] {
	const { inputs: outside } = loop;
	const { closed, carried } = countsOf(loop);
	const n = outside.length;
	const ofYs = pull?.ys ?? [];
	return step.inputs.map((input, i): Value => {
		if (i >= closed && i < closed + carried) return input;
		const value = i < n ? outside[i]! : ofYs[i - (step.inputs.length - ofYs.length)];
		const number = value === undefined || value === null ? null : uniformNumber(value);
		if (number === null) return input;
		return constantNumber(number, input.type);
	});
}
