import type { Input, Value } from "../../program/program.ts";
import { isStatement, ownLines } from "./blocks.ts";
import { type DraftLine, type DraftSource, draftLines } from "./draft.ts";
import { writtenLoop } from "./loop-names.ts";
import type { Block, Item, Reason, Statement } from "./model.ts";
import { isOpenChoice } from "./open-choices.ts";
import { type BranchNotes, gradientNames, outermost } from "./outside.ts";
import { type LoopPlan, planLoop } from "./plan-loops.ts";
import { type Everywhere, ProbedWriter } from "./probed-writer.ts";
import { pullbacksOf } from "./pullbacks.ts";
import { NO_PATHS, receivedThrough } from "./reasons-in-loops.ts";
import { choiceBlock } from "./write-choices.ts";
import { loopBackward, loopForward } from "./write-loops.ts";

/**
 * The lines of a derivation, and the recorded value that each forward line and each gradient is in
 * the engine's own run.
 */
export interface WrittenLines {
	readonly forward: Block;
	readonly backward: Block;
	readonly origins: ReadonlyMap<string, Value>;
}

/** Writes the lines of a derivation, and says where each comes from. */
export function writeStatements(source: DraftSource): WrittenLines {
	const draft = draftLines(source);
	const writer = new ProbedWriter(draft.variables, source.probes);
	const rightSide = ({ variable, value, of }: DraftLine): Everywhere => {
		const name = draft.variables.get(value);
		// A second name for what has one already.
		if (name !== undefined && name !== variable) {
			const expression = { kind: "name", name, value } as const;
			return { expression, elsewhere: source.probes.map(() => expression) };
		}
		if (value.kind !== "constant") return writer.definition(value);
		// One constant may be several results that differ at other sizes.
		const output = of === null ? 0 : 1 + source.program.inputs.indexOf(of as Input);
		return writer.definition(value, ({ program }) => program.outputs[output]!);
	};
	const write = (line: DraftLine, reason: Reason): Statement => {
		const { variable, value, of } = line;
		return {
			variable,
			...rightSide(line),
			value,
			axes: source.axesOf(value),
			gradientOf: of === null ? null : draft.variables.get(of)!,
			reason,
		};
	};
	const around = { ...source, ...draft };
	const outside = outermost(draft.variables, choiceBlock);
	const plans = new Map<Value, LoopPlan>();
	const writeLoop = (value: Value): Item | null => {
		const written = writtenLoop(value);
		if (written === null) return null;
		const plan = planLoop(written.loop, written.step, around);
		const { pull } = written.step;
		if (pull !== null) plans.set(pull.loop, plan);
		return loopForward(plan, outside);
	};
	const forwardItems = draft.forward.map((line): Item => {
		const { value } = line;
		if (isOpenChoice(value)) return choiceBlock(value, around, outside);
		return writeLoop(value) ?? write(line, { kind: "forward" });
	});
	const forward = forwardItems.filter(isStatement);
	const pullbacks = pullbacksOf({
		...source,
		...{ writer, gradients: draft.gradients },
		forward: ownLines(forwardItems),
		isNamed: (value) => draft.variables.has(value),
		result: source.program.outputs[0]!,
		throughLoop: receivedThrough(source.program, draft.results, writer),
	});
	const { pathsTo, isUsed } = pullbacks;
	const nearest = new Map<Value, Value>();
	for (const [recorded, gradient] of source.recorded.gradients) {
		const [of, value] = [source.after(recorded), source.after(gradient)];
		// They come from the result backwards.
		if (!nearest.has(value) && isUsed(of)) nearest.set(value, of);
	}
	const reasonOf = (own: Value, value: Value): Reason => {
		const paths = pathsTo(own);
		if (!isUsed(own)) return { kind: "unused" };
		return { kind: "gradient", of: nearest.get(value) ?? own, own, ...paths };
	};
	const termOf = (value: Value): Reason => {
		const of = nearest.get(value) ?? null;
		return { kind: "term", of, ...(of === null ? NO_PATHS : pathsTo(of)) };
	};
	const choiceNotes: BranchNotes = {
		reason: { kind: "term", of: null, ...NO_PATHS },
		gradientOf: gradientNames(draft),
	};
	const backward = draft.backward.map((line): Item => {
		const pulled = plans.get(line.value);
		if (pulled !== undefined) return loopBackward(pulled, outside, pullbacks);
		const { value, of } = line;
		if (isOpenChoice(value)) return choiceBlock(value, around, outside, choiceNotes);
		return writeLoop(value) ?? write(line, of === null ? termOf(value) : reasonOf(of, value));
	});
	const origins = new Map<string, Value>();
	const variableOf = new Map(forward.map(({ variable, value }) => [value, variable]));
	for (const step of source.recorded.program.instructions) {
		const variable = variableOf.get(source.after(step));
		if (variable !== undefined) origins.set(variable, step);
	}
	for (const [of, gradient] of source.recorded.gradients) {
		const variable = draft.gradients.get(source.after(of));
		if (variable !== undefined) origins.set(variable, gradient);
	}
	return { forward: forwardItems, backward, origins };
}
