import type { GradientProgram } from "../../program/gradient.ts";
import type { Probe } from "../../program/probe.ts";
import {
	type Instruction,
	instructionsOf,
	type Program,
	type Value,
} from "../../program/program.ts";
import { givenLabels, layerNamer, layerNamesOf } from "./labels.ts";
import { chooseLines, inWorkingOrder } from "./lines.ts";
import { isStored, loopValues } from "./loop-names.ts";
import type { Argument } from "./model.ts";
import { NamedLoops } from "./named-loops.ts";
import type { Names } from "./names.ts";
import { isOpenChoice } from "./open-choices.ts";
import { loopBy, partOf } from "./open-loops.ts";

/** What the statements of a derivation are made from. */
export interface DraftSource {
	/** Simplified: gives the result, then the gradients. */
	readonly program: Program;
	/** What became of the values of the recorded program. */
	readonly after: (before: Value) => Value;
	readonly recorded: GradientProgram;
	readonly arguments: readonly Argument[];
	readonly constants: readonly Argument[];
	readonly names: Names;
	readonly axesOf: (value: Value) => readonly string[];
	/** The program at other sizes. */
	readonly probes: readonly Probe[];
	/** What the result is called where the user did not name it. */
	readonly result: string;
}

/** A line before it has its right side. */
export interface DraftLine {
	readonly variable: string;
	readonly value: Value;
	/** The value that it is the gradient of; null for a line that is no gradient. */
	readonly of: Value | null;
}

/** Which lines there are, in which order, under which names. */
export interface Draft {
	readonly forward: readonly DraftLine[];
	readonly backward: readonly DraftLine[];
	/** How each value is referred to. */
	readonly variables: ReadonlyMap<Value, string>;
	/** The variable of the gradient of a value. */
	readonly gradients: ReadonlyMap<Value, string>;
	/** What the results of loops are called, in their order: those of loops backward too. */
	readonly results: ReadonlyMap<Value, readonly string[]>;
}

/** Chooses the lines, names them and puts them in order. */
export function draftLines(source: DraftSource): Draft {
	const { program, names } = source;
	const [loss] = program.outputs as [Value];
	const inForward = new Set<Value>(instructionsOf([loss]));
	const labels = givenLabels(source);
	const gradientOf = gradientsOf(source);
	const layerNames = layerNamesOf(source, inForward, labels);
	layerNames.delete(loss);
	const named = new Set([...labels.keys(), ...layerNames.keys()]);
	const lines = linesOf(program, inForward, named, gradientOf, loopValues(program));
	const order = program.instructions.filter((value) => lines.has(value));
	const forward = asTheUserWrote(
		order.filter((value) => inForward.has(value)),
		lines,
		source,
	);
	const backward = order.filter((value) => !inForward.has(value));

	const variables = new Map<Value, string>();
	const name = (value: Value, variable: () => string) => {
		if (!variables.has(value)) variables.set(value, variable());
		return variables.get(value)!;
	};
	for (const argument of [...source.arguments, ...source.constants]) {
		variables.set(argument.value, argument.name);
	}
	const loops = new NamedLoops(program, names, variables);
	loops.nameForward(forward, labels);
	for (const [value, label] of labels) name(value, () => names.claim(label));
	// A result that is an argument or a constant has a line too, which only repeats it.
	const isComputed = loss.kind === "instruction" && partOf(loss) === null;
	const result = isComputed
		? name(loss, () => names.claim(source.result))
		: names.claim(source.result);
	const claimLayerName = layerNamer(layerNames, names);
	for (const value of forward) {
		if (layerNames.has(value)) name(value, () => claimLayerName(value)!);
	}
	const forwardLines = forward.map(
		(value): DraftLine => ({
			variable: isBlock(value) ? "" : name(value, () => names.next(value.op.name)),
			value,
			of: null,
		}),
	);
	if (!isComputed) forwardLines.push({ variable: result, value: loss, of: null });

	// What is run again for its gradient.
	const again = backward.filter((value) => !isOpenChoice(value));
	loops.nameForward(again, labels);
	loops.nameCotangents();
	const claimed = claimGradients(lines, labels, gradientOf, variables, names, inForward);
	for (const { variable, value } of claimed) {
		if (value.kind === "instruction") name(value, () => variable);
	}
	// A loop gives its results their values.
	const gradientLines = claimed.filter(
		({ variable, value }) => partOf(value) === null || variables.get(value) !== variable,
	);
	loops.nameGradients();
	for (const value of backward) if (!isBlock(value)) name(value, () => names.next("term"));
	return {
		forward: forwardLines,
		backward: backwardLines(backward, lines, gradientLines, variables),
		variables,
		gradients: new Map(claimed.map(({ of, variable }) => [of!, variable])),
		results: loops.results,
	};
}

/** Whether it is written as a block: a loop or a choice. */
export function isBlock(value: Value): boolean {
	return loopBy(value) !== undefined || isOpenChoice(value);
}

/** Lines of the forward pass in the order in which the function computed them. */
export function asTheUserWrote(
	forward: readonly Instruction[],
	lines: ReadonlySet<Value>,
	{ recorded, after }: Pick<DraftSource, "recorded" | "after">,
): Instruction[] {
	const places = new Map<Value, number>();
	for (const [i, step] of recorded.order.entries()) {
		if (!places.has(after(step))) places.set(after(step), i);
	}
	const placeOf = (value: Value) => places.get(value) ?? -1;
	const sorted = forward.toSorted((a, b) => placeOf(a) - placeOf(b));
	return inWorkingOrder(sorted, lines, () => false) as Instruction[];
}

/**
 * The gradient of each value of the forward pass, in the order in which they come about. What
 * depends on the arguments only by a factor 0 was recorded with one, and has none.
 */
function gradientsOf({ recorded, after, arguments: all, program }: DraftSource): Map<Value, Value> {
	const differentiated = all.filter((argument) => argument.differentiated);
	const dependent = new Set<Value>(differentiated.map(({ value }) => value));
	for (const step of program.instructions) {
		if (step.inputs.some((x) => dependent.has(x))) dependent.add(step);
	}
	const gradients = new Map<Value, Value>();
	for (const [of, gradient] of recorded.gradients) {
		// A loop's results have gradients, rather than the vector that they travel as.
		const isValue = dependent.has(after(of)) && loopBy(after(of)) === undefined;
		if (isValue) gradients.set(after(of), after(gradient));
	}
	gradients.delete(program.outputs[0]!);
	for (const [i, { value }] of differentiated.entries()) {
		gradients.set(value, program.outputs[i + 1]!);
	}
	return gradients;
}

/**
 * The values with a line: each whose derivative is fixed by hand, to be seen. Each forward line has
 * one for its gradient too, if that is still there.
 */
export function linesOf(
	program: Program,
	inForward: ReadonlySet<Value>,
	named: ReadonlySet<Value>,
	gradientOf: ReadonlyMap<Value, Value>,
	read: readonly Value[] = [],
): Set<Value> {
	const byHand = [...inForward].filter(
		(value) => value.kind === "instruction" && value.op.traits?.byHand !== undefined,
	);
	const loops = program.instructions.filter(isBlock);
	const fixed = new Set<Value>([...program.outputs, ...named, ...byHand, ...loops, ...read]);
	const all = new Set<Value>(program.instructions);
	for (const value of chooseLines({ program, fixed, named })) {
		if (inForward.has(value)) fixed.add(value);
	}
	for (const value of [...fixed]) {
		const gradient = gradientOf.get(value);
		if (gradient !== undefined && all.has(gradient)) fixed.add(gradient);
	}
	const lines = chooseLines({ program, fixed, named });
	// The results of loops have names, and no lines.
	return new Set([...lines].filter((value) => partOf(value) === null));
}

/**
 * A line for the gradient of each differentiated argument, and of each forward line as far as the
 * program still computes it. Where several values have one gradient, or where it is a value of the
 * forward pass, those that the user did not name go without.
 */
function claimGradients(
	lines: ReadonlySet<Value>,
	labels: ReadonlyMap<Value, string>,
	gradientOf: ReadonlyMap<Value, Value>,
	variables: ReadonlyMap<Value, string>,
	names: Names,
	inForward: ReadonlySet<Value>,
): DraftLine[] {
	const claimed = new Set<Value>(inForward);
	const made: DraftLine[] = [];
	for (const [of, value] of gradientOf) {
		const part = partOf(of);
		// What a carry is at the end has its gradient in the loop backward.
		const isNamed = part === null ? lines.has(of) : isStored(part);
		const isThere = lines.has(value) || partOf(value) !== null;
		const isWanted =
			of.kind === "input" || (isNamed && isThere && (labels.has(of) || !claimed.has(value)));
		if (!isWanted) continue;
		claimed.add(value);
		made.push({ variable: names.claim(`grad_${variables.get(of)!}`), value, of });
	}
	return made;
}

/**
 * Each line as soon as what it refers to is there, gradients of arguments first; gradients that are
 * one value together.
 */
function backwardLines(
	values: readonly Instruction[],
	lines: ReadonlySet<Value>,
	gradients: readonly DraftLine[],
	variables: ReadonlyMap<Value, string>,
): DraftLine[] {
	const ofArguments = new Set(
		gradients.flatMap(({ of, value }) => (of?.kind === "input" ? [value] : [])),
	);
	const ordered = inWorkingOrder(values, lines, (value) => ofArguments.has(value));
	const own = new Set<Value>(ordered);
	const linesOf = new Map<Value, DraftLine[]>(gradients.map(({ value }) => [value, []]));
	for (const line of gradients) linesOf.get(line.value)!.push(line);
	const made = ordered.flatMap((value) => {
		const shared = linesOf.get(value);
		return shared ?? [{ variable: variables.get(value) ?? "", value, of: null }];
	});
	// A gradient that is a value of the forward pass is told before those that come from it.
	const places = new Map(gradients.map((line, i) => [line, i]));
	const place = (line: DraftLine) =>
		line.of?.kind === "input" ? Number.POSITIVE_INFINITY : (places.get(line) ?? -1);
	const told: DraftLine[] = [];
	let next = 0;
	for (const line of gradients.filter(({ value }) => !own.has(value))) {
		while (next < made.length && place(made[next]!) <= place(line)) told.push(made[next++]!);
		told.push(line);
	}
	return [...told, ...made.slice(next)];
}
