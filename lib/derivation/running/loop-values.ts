import type { Tensor } from "../../core/tensor.ts";
import { stack } from "../../ops/joining.ts";
import { slice } from "../../ops/sections.ts";
import { interpret } from "../../program/interpret.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";
import { isLoop, isStatement } from "../draft/blocks.ts";
import type { WrittenStep } from "../draft/loop-model.ts";
import { writtenLoop } from "../draft/loop-names.ts";
import { countsOf } from "../draft/loop-steps.ts";
import type { Block, ChoiceBlock, LoopBlock } from "../draft/model.ts";
import { choiceBy } from "../draft/open-choices.ts";
import {
	type At,
	type Known,
	type Level,
	type LineValue,
	levelAt,
	lineValue,
	NO_TERMS,
	partFor,
	recordedBy,
	tensorAt,
	zerosFor,
} from "./levels.ts";
import { namesRead } from "./loop-terms.ts";

/** A loop or a choice, with what its lines have to give. */
export type BlockValues = LoopValues | ChoiceValues;

/** A loop at some of its steps, in the order in which they are taken. */
export interface LoopValues {
	readonly block: LoopBlock;
	readonly starts: readonly LineValue[];
	readonly steps: readonly StepValues[];
	/** What variables are after the last step: what is handed on, sums, and all that was stored. */
	readonly after: ReadonlyMap<string, Tensor>;
}

/** One step. */
export interface StepValues {
	readonly place: number;
	/** What is handed on, and what is summed, before the step. */
	readonly before: ReadonlyMap<string, Tensor>;
	/** In the order of the body. */
	readonly items: readonly ItemValues[];
}

/** What stands in a block, in its order. */
export type ItemValues = LineValue | BlockValues;

/** A choice: the branch that is taken. */
export interface ChoiceValues {
	readonly block: ChoiceBlock;
	readonly taken: number;
	readonly items: readonly ItemValues[];
	/** What variables are after it, as far as something reads them there. */
	readonly after: ReadonlyMap<string, Tensor>;
}

/** Whether a loop or a choice is a loop. */
export function isLoopValues(values: BlockValues): values is LoopValues {
	return isLoop(values.block);
}

/** So many steps of a loop are looked at: the first, the last, and some between. */
const MOST_STEPS = 6;

/** The loops and choices of a block, with what each of their lines has to give. */
export function blockValuesIn(
	block: Block,
	program: Program,
	values: ReadonlyMap<Value, Tensor>,
	at: At,
): BlockValues[] {
	const level: Level = { program, values, engine: () => null, terms: () => NO_TERMS };
	return block.flatMap((item) => {
		if (isStatement(item)) return [];
		const known = { variables: new Map(), stored: new Map(), place: 0, at };
		return [isLoop(item) ? loopValues(item, level, known) : choiceValues(item, level, known)];
	});
}

function itemValues(block: Block, level: Level, known: Known): ItemValues[] {
	return block.map((item) => {
		if (isStatement(item)) return lineValue(item, level, known);
		const found = isLoop(item) ? loopValues(item, level, known) : choiceValues(item, level, known);
		// Lines after it are judged on what this level has, which may round in another way.
		const after = new Map(found.after);
		for (const { variable, value } of item.results) {
			const here = tensorAt(level, known.at(value));
			if (here !== undefined) after.set(variable, here);
		}
		for (const [variable, here] of after) known.variables.set(variable, here);
		return { ...found, after };
	});
}

function choiceValues(block: ChoiceBlock, level: Level, known: Known): ChoiceValues {
	const choice = known.at(block.value) as Instruction;
	const { written, count } = choiceBy(choice)!;
	const step = written!;
	const [index, ...inputs] = choice.inputs.map((input) => tensorAt(level, input)!);
	const taken = Number(index!.item());
	const each = step.program.outputs.length / count;
	const own = partFor(step.program, each, taken * each);
	const recorded = partFor(step.recorded.program, each, taken * each);
	const branch = block.branches[taken]!;
	const named = namesRead(branch).map(known.at);
	const here = levelAt(own, recorded, recordedBy(step, recorded, own), named, inputs);
	const items = itemValues(branch, here, known);
	const after = new Map(
		block.results.map(({ variable }) => [variable, known.variables.get(variable)!]),
	);
	return { block, taken, items, after };
}

function loopValues(block: LoopBlock, level: Level, around: Known): LoopValues {
	const { variables: known, at } = around;
	const loop = at(block.value) as Instruction;
	const forward = forwardBy(loop, level.program);
	const { step } = writtenLoop(forward)!;
	const isForward = loop === forward;
	const inputs = isForward
		? forwardInputs(forward, step, level)
		: backwardInputs(forward, step, level);
	const own = isForward ? partFor(step.program, step.results) : step.program;
	const recorded = isForward ? partFor(step.recorded.program, step.results) : step.recorded.program;
	const from = recordedBy(step, recorded, own);
	const named = namesRead(block.body).map(at);

	const first = startsOf(block, loop, forward, step, level);
	const starts = block.starts.map((statement, i): LineValue => {
		known.set(statement.variable, first[i]!);
		return { statement, line: first[i]!, engine: null, terms: NO_TERMS };
	});
	const stored = new Map<string, Tensor[]>(block.stores.map(({ variable }) => [variable, []]));
	const { length } = inputs;
	const chosen = chosenOf(length);
	const steps: StepValues[] = [];
	for (let k = 0; k < length; k++) {
		const place = block.reverse ? length - 1 - k : k;
		const before = new Map(block.starts.map(({ variable }) => [variable, known.get(variable)!]));
		const here = levelAt(own, recorded, from, named, inputs[place]!);
		const items = itemValues(block.body, here, { ...around, stored, place });
		if (chosen.has(k)) steps.push({ place, before, items });
	}
	for (const [variable, entries] of stored) {
		if (entries.length > 0) known.set(variable, stack(entries));
	}
	const names = [...block.starts.map(({ variable }) => variable), ...stored.keys()];
	const after = new Map(
		names.flatMap((name): [string, Tensor][] => {
			const value = known.get(name);
			return value === undefined ? [] : [[name, value]];
		}),
	);
	return { block, starts, steps, after };
}

/** The loop that goes forward: a loop itself, or the one that it goes back through. */
function forwardBy(loop: Instruction, { instructions }: Program): Instruction {
	if (writtenLoop(loop) !== null) return loop;
	return instructions.find((other) => writtenLoop(other)?.step.pull?.loop === loop)!;
}

/** The numbers of the steps that are looked at. */
function chosenOf(length: number): Set<number> {
	const gap = Math.max(1, (length - 1) / (MOST_STEPS - 1));
	return new Set(
		Array.from({ length: Math.min(length, MOST_STEPS) }, (_, i) => Math.round(i * gap)),
	);
}

/** What a step takes at each place. */
function forwardInputs(loop: Instruction, { program, results }: WrittenStep, level: Level) {
	const { closed, carried, length, reverse } = countsOf(loop);
	const given = loop.inputs.map((input) => tensorAt(level, input)!);
	const rest = program.inputs.slice(given.length).map(zerosFor);
	const own = partFor(program, results);
	const places: Tensor[][] = [];
	let carries = given.slice(closed, closed + carried);
	for (let k = 0; k < length; k++) {
		const place = reverse ? length - 1 - k : k;
		const xs = given.slice(closed + carried).map((x) => slice(x, place));
		places[place] = [...given.slice(0, closed), ...carries, ...xs, ...rest];
		carries = interpret(own, places[place]).slice(0, carried);
	}
	return places;
}

/** The same with the cotangents that come back to each place. */
function backwardInputs(loop: Instruction, step: WrittenStep, level: Level) {
	const { closed, carried, reverse } = countsOf(loop);
	const { program, results } = step;
	const pull = step.pull!;
	const n = loop.inputs.length;
	const places = forwardInputs(loop, step, level);
	const varying = [...loop.inputs.keys()].filter((i) => pull.inputs[i]);
	const handed = varying.flatMap((i, k) => (i >= closed && i < closed + carried ? [k] : []));
	const unread = program.inputs.slice(n + handed.length).map(zerosFor);
	const ys = pull.ys.map((value) => (value === null ? undefined : tensorAt(level, value)));
	let cotangents = pull.carries.map((value) => tensorAt(level, value)!);
	for (let k = 0; k < places.length; k++) {
		const place = reverse ? k : places.length - 1 - k;
		const ofYs = unread.map((zeros, i) => (ys[i] === undefined ? zeros : slice(ys[i], place)));
		places[place] = [...places[place]!.slice(0, n), ...cotangents, ...ofYs];
		const gradients = interpret(program, places[place]).slice(results);
		cotangents = handed.map((k) => gradients[k]!);
	}
	return places;
}

/** What the variables of a loop are before the first step. */
function startsOf(
	{ starts }: LoopBlock,
	loop: Instruction,
	forward: Instruction,
	{ pull, program }: WrittenStep,
	level: Level,
): Tensor[] {
	const { closed } = countsOf(forward);
	if (loop === forward) {
		return starts.map((_, i) => tensorAt(level, forward.inputs[closed + i]!)!);
	}
	const { carries, inputs } = pull!;
	const sums = program.inputs.slice(0, closed).filter((_, i) => inputs[i]);
	return [...carries.map((value) => tensorAt(level, value)!), ...sums.map(zerosFor)];
}
