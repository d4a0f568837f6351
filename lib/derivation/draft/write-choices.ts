import { uniformNumber } from "../../program/builder.ts";
import { type Instruction, instructionsOf, type Value } from "../../program/program.ts";
import { asTheUserWrote, linesOf } from "./draft.ts";
import type { Referent } from "./expressions.ts";
import { namesInStep } from "./labels.ts";
import type { WrittenStep } from "./loop-model.ts";
import { loopValues, writtenLoop } from "./loop-names.ts";
import type { Block, ChoiceBlock, Item, Statement } from "./model.ts";
import { choiceParts, NamedLoops } from "./named-loops.ts";
import { choiceBy, isOpenChoice } from "./open-choices.ts";
import { loopBy, partOf } from "./open-loops.ts";
import type { BranchNotes, Outside } from "./outside.ts";
import { type Around, planLoop } from "./plan-loops.ts";
import { ProbedWriter } from "./probed-writer.ts";
import { UNKNOWN } from "./reasons-in-loops.ts";
import { loopBackward, loopForward } from "./write-loops.ts";

/** Lines of the forward pass. */
const FORWARD: BranchNotes = { reason: { kind: "forward" }, gradientOf: () => null };

/**
 * A choice of a derivation. Each branch has only the lines that it needs itself: that of the way
 * back computes again what it reads of its branch forward.
 * @param told of a way back; left out: of the forward pass
 * @param there variables that a choice around this one has declared
 */
export function choiceBlock(
	choice: Instruction,
	around: Around,
	outside: Outside,
	told = FORWARD,
	there: ReadonlySet<string> = new Set(),
): ChoiceBlock {
	const { isTest, count, written } = choiceBy(choice)!;
	const step = written!;
	const [index] = choice.inputs as [Value];
	const parts = choiceParts(around.program, choice);
	const variables = new Map(parts.map(([i, part]) => [i, around.variables.get(part)!]));
	const { outputs } = step.program;
	const each = outputs.length / count;
	const branches = Array.from({ length: count }, (_, k) => {
		const results = [...variables].map(([i, variable]): [string, Value] => [
			variable,
			outputs[k * each + i]!,
		]);
		return branchOf(choice, step, results, around, outside, told);
	});
	return {
		kind: "choice",
		value: choice,
		isTest,
		...{ index, test: new ProbedWriter(outside.referents, around.probes).reference(index) },
		branches,
		reads: step.program.inputs.map((inside, i) => ({ inside, outside: choice.inputs[i + 1]! })),
		declares: [...new Set(variables.values())].filter((variable) => !there.has(variable)),
		results: parts.map(([i, value]) => {
			const variable = variables.get(i)!;
			return { variable, value, gradientOf: told.gradientOf(variable) };
		}),
	};
}

/** The lines of one branch, which give these variables their values. */
function branchOf(
	choice: Instruction,
	step: WrittenStep,
	results: readonly (readonly [string, Value])[],
	around: Around,
	outside: Outside,
	{ reason, gradientOf }: BranchNotes,
): Block {
	const { names, probes, axesOf } = around;
	const outputs = results.map(([, value]) => value);
	const program = { ...step.program, instructions: instructionsOf(outputs), outputs };
	const labels = namesInStep({ ...step, program });
	const own = new Set<Value>(program.instructions);
	const lines = linesOf(program, own, new Set(labels.keys()), new Map(), loopValues(program));
	const order = asTheUserWrote(
		program.instructions.filter((value) => lines.has(value)),
		lines,
		step,
	);

	const variables = new Map<Value, string>();
	const referents = new Map<Value, Referent>();
	for (const [i, input] of program.inputs.entries()) {
		const outer = choice.inputs[i + 1]!;
		const known = around.variables.get(outer);
		if (known !== undefined) variables.set(input, known);
		const referent = outside.referents.get(outer);
		if (referent !== undefined && uniformNumber(outer) === null) referents.set(input, referent);
	}
	// What has a line here and is a result gets its name; so does what a choice in this one gives.
	const made = new Set<string>();
	for (const [variable, value] of results) {
		const part = partOf(value);
		const isMade = part === null ? own.has(value) : isOpenChoice(part.loop);
		if (!isMade || variables.has(value)) continue;
		variables.set(value, variable);
		made.add(variable);
	}
	for (const value of order) {
		if (variables.has(value) || loopBy(value) || choiceBy(value)) continue;
		const label = labels.get(value);
		variables.set(value, label === undefined ? names.next(value.op.name) : names.claim(label));
	}
	const loops = new NamedLoops(program, names, variables);
	loops.nameForward(order, labels);
	loops.nameCotangents();
	loops.nameGradients();
	const { results: loopResults } = loops;
	const inside: Around = {
		...{ program, names, probes, axesOf, variables },
		...{ results: loopResults, gradients: new Map() },
	};
	for (const value of own) {
		const variable = variables.get(value);
		if (variable !== undefined) referents.set(value, variable);
	}
	for (const [value, referent] of outside.referents) {
		if (value.kind === "constant") referents.set(value, referent);
	}
	const here: Outside = { ...outside, referents };
	const writer = new ProbedWriter(referents, probes);
	const statement = (variable: string, value: Value, isDefinition: boolean): Statement => ({
		variable,
		...(results.some(([name]) => name === variable) && { change: "set" as const }),
		...(isDefinition ? writer.definition(value) : writer.reference(value)),
		value,
		axes: axesOf(value),
		gradientOf: gradientOf(variable),
		reason,
	});
	const plans = new Map(
		order.flatMap((value) => {
			const written = writtenLoop(value);
			return written === null ? [] : [[value, planLoop(written.loop, written.step, inside)]];
		}),
	);
	const pulled = new Map([...plans.values()].map((plan) => [plan.step.pull?.loop, plan]));
	const items = order.map((value): Item => {
		const plan = plans.get(value);
		if (plan !== undefined) return loopForward(plan, here);
		const back = pulled.get(value);
		if (back !== undefined) return loopBackward(back, here, UNKNOWN);
		if (choiceBy(value)) return choiceBlock(value, inside, here, { reason, gradientOf }, made);
		return statement(variables.get(value)!, value, true);
	});
	const others = results.filter(([variable]) => !made.has(variable));
	return [...items, ...others.map(([variable, value]) => statement(variable, value, false))];
}
