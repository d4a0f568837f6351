import { choosesByTest } from "../../control/choice-origins.ts";
import type { Op } from "../../core/op.ts";
import {
	bodiesOf,
	type Instruction,
	instructionsOf,
	type Program,
	type Value,
} from "../../program/program.ts";
import { type Opened, OpenedOps } from "./opened-ops.ts";

/** A choice of a recorded program, opened: its branches are known, and its results are parts. */
export interface OpenChoice extends Opened {
	/** Whether it is between two by a test, rather than between several by an index. */
	readonly isTest: boolean;
	readonly count: number;
	readonly branches: readonly Program[];
	/** All branches as one program: the results of the first come first. */
	readonly body: Program;
}

const choices = new OpenedOps<OpenChoice>((op) => {
	const branches = bodiesOf(op);
	return {
		isTest: choosesByTest(op),
		count: branches.length,
		branches,
		body: sideBySide(branches),
	};
});

/** An op that chooses, without its branches, which nobody looks into until they are written. */
export const openedChoice = (op: Op): Op => choices.open(op);

/** The choice that a value of an opened program stands for; undefined for any other value. */
export const choiceBy = (value: Value): OpenChoice | undefined => choices.by(value);

/** Whether a value is what a choice gives, whose branches are written out. */
export function isOpenChoice(value: Value): value is Instruction {
	return choiceBy(value) !== undefined;
}

/** Programs of the same arguments as one, whose results are those of all. */
function sideBySide(branches: readonly Program[]): Program {
	const [{ inputs }] = branches as [Program];
	const outputs = branches.flatMap((branch) => {
		const become = new Map<Value, Value>(branch.inputs.map((input, i) => [input, inputs[i]!]));
		const at = (value: Value) => become.get(value) ?? value;
		for (const step of instructionsOf(branch.outputs)) {
			become.set(step, { ...step, inputs: step.inputs.map(at) });
		}
		return branch.outputs.map(at);
	});
	return { inputs, instructions: instructionsOf(outputs), outputs };
}
