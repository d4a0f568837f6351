import { spread } from "../../control/derivatives.ts";
import { loopOp } from "../../control/loop.ts";
import { type LoopParams, resultTypes } from "../../control/model.ts";
import { add } from "../../ops/arithmetic.ts";
import {
	bodiesOf,
	constantNumber,
	type Input,
	type Instruction,
	instructionOf,
	instructionsOf,
	type Program,
	type Value,
} from "../../program/program.ts";
import { asItIs, type Rewritten, rewrite } from "../../program/rewrite.ts";
import type { WrittenStep } from "../draft/loop-model.ts";
import { writtenLoop } from "../draft/loop-names.ts";
import { countsOf } from "../draft/loop-steps.ts";
import { resultOf } from "../draft/open-loops.ts";

/** A loop that takes the steps that are written, and what those are. */
interface OwnLoop {
	readonly loop: Instruction;
	readonly step: WrittenStep;
}

/**
 * A program of a derivation whose loops take the steps that are written, in place of those that the
 * engine recorded.
 */
export function withWrittenLoops(program: Program): Rewritten {
	const forward = program.instructions.filter((value) => writtenLoop(value) !== null);
	// Each before the loop that goes back through it.
	const instructions = instructionsOf([...forward, ...program.outputs]);
	const now = new Map<Value, Value>();
	const pulled = new Map<Value, OwnLoop>();
	const loopOf = (value: Instruction, inputs: readonly Value[]): Instruction | null => {
		const back = pulled.get(value);
		if (back !== undefined) return loopBackward(back, (x) => now.get(x) ?? x);
		const step = writtenLoop(value)?.step;
		if (step === undefined) return null;
		const loop = loopForward(value, inputs, step);
		if (step.pull !== null) pulled.set(step.pull.loop, { loop, step });
		return loop;
	};
	return rewrite(
		{ ...program, instructions },
		{
			...asItIs,
			apply: (value, inputs) => {
				const made = loopOf(value, inputs) ?? { ...value, inputs };
				now.set(value, made);
				return made;
			},
		},
	);
}

/** A loop forward; after its results stand what each step was handed, for the way back. */
function loopForward(
	loop: Instruction,
	args: readonly Value[],
	{ program, results }: WrittenStep,
): Instruction {
	const { closed, carried } = countsOf(loop);
	const inputs = program.inputs.slice(0, args.length);
	const handed = inputs.slice(closed, closed + carried);
	return repeated(inputs, [...program.outputs.slice(0, results), ...handed], args, countsOf(loop));
}

/** The loop that takes cotangents back through one of these. */
function loopBackward(
	{ loop, step: { program, results, pull } }: OwnLoop,
	now: (value: Value) => Value,
): Instruction {
	const { closed, carried, length, reverse } = countsOf(loop);
	const { carries, inputs: varies, ys } = pull!;
	const given = program.inputs.slice(0, loop.inputs.length);
	const cotangents = program.inputs.slice(given.length);
	const gradients = spread(program.outputs.slice(results), varies);
	const [toFixed, toCarry, toXs] = [
		gradients.slice(0, closed),
		gradients.slice(closed, closed + carried),
		gradients.slice(closed + carried),
	].map((part) => part.filter((x) => x !== null)) as [Value[], Value[], Value[]];
	const sums = toFixed.map(({ type }): Input => ({ kind: "input", type }));
	const zeros = (each: Input, shape = each.type.shape) =>
		constantNumber(0, { ...each.type, shape });
	const types = resultTypes(bodiesOf(loop.op)[0]!, countsOf(loop));
	const handed = given
		.slice(closed, closed + carried)
		.map((_, i) => resultOf(loop, results + i, types));
	const ofYs = cotangents.slice(carries.length);
	return repeated(
		[
			...given.slice(0, closed),
			...cotangents.slice(0, carries.length),
			...sums,
			...given.slice(closed),
			...ofYs,
		],
		[...toCarry, ...sums.map((x, i) => instructionOf(add.op, [x, toFixed[i]!], null)), ...toXs],
		[
			...loop.inputs.slice(0, closed),
			...carries.map(now),
			...sums.map((each) => zeros(each)),
			...handed,
			...loop.inputs.slice(closed + carried),
			...ofYs.map((each, i) => {
				const all = ys[i] ?? null;
				return all === null ? zeros(each, [length, ...each.type.shape]) : now(all);
			}),
		],
		{ length, closed, carried: carries.length + sums.length, reverse: !reverse, again: false },
	);
}

function repeated(
	inputs: readonly Input[],
	outputs: readonly Value[],
	args: readonly Value[],
	params: LoopParams,
): Instruction {
	const body = withWrittenLoops({ inputs, instructions: instructionsOf(outputs), outputs });
	return instructionOf(loopOp(body.program), args, params);
}
