import type { Tensor } from "../../core/tensor.ts";
import { differentiate, type FlatFunction } from "../../program/gradient.ts";
import { interpret } from "../../program/interpret.ts";
import type { Program, Value } from "../../program/program.ts";
import { isChoiceBlock, isLoop, isStatement, loopsOf } from "../draft/blocks.ts";
import type { Block, Derived, Statement } from "../draft/model.ts";
import { constantsOf } from "../printers/constants.ts";
import { resultsOf } from "../printers/typescript.ts";
import { SizeWriter } from "../text/size-writer.ts";
import type { LineValue } from "./levels.ts";
import { type BlockValues, blockValuesIn, type ItemValues, isLoopValues } from "./loop-values.ts";
import { type TermSizes, termSizesAt } from "./term-sizes.ts";
import { type Elements, elementsOf } from "./values.ts";

/** Where a derivation comes from: what `verify` compares it with. */
export interface Origin {
	/** The function and the arguments that it was derived at. */
	readonly flat: FlatFunction;
	/** The axis along which each argument adds up to 1, or null. */
	readonly distributions: readonly (number | null)[];
	/** Forward and backward pass as the engine ran them. */
	readonly program: Derived["program"];
	/** The value in that program that a variable of the derivation stands for. */
	readonly engine: ReadonlyMap<string, Value>;
	/** The program of the lines, as it runs at the arguments. */
	readonly lines: Program;
}

/** What a program is compared with, at one point. */
export interface Reference {
	/** The value of each variable that is known, by the lines themselves. */
	readonly lines: ReadonlyMap<string, Elements>;
	/** What the function and its derivative by the engine give, where a line stands for it. */
	readonly engine: ReadonlyMap<string, Elements>;
	/**
	 * What the recorded program gives for those of them that the function gave by a run of its own.
	 */
	readonly recorded: ReadonlyMap<string, Elements>;
	readonly given: ReadonlyMap<string, Elements>;
	/** How large the terms of each variable are there, by which rounding is judged. */
	readonly terms: TermSizes;
	/** Of what each gradient is the gradient. */
	readonly gradientOf: ReadonlyMap<string, string>;
	/** The lines forward and backward, and what those in loops and choices are. */
	readonly block: Block;
	readonly blocks: readonly BlockValues[];
	/** Variables that are another value at each step of a loop, or those of a branch alone. */
	readonly inLoops: ReadonlySet<string>;
	/** The variable that is the result. */
	readonly result: string;
	/** What the program returns. */
	readonly results: readonly string[];
	/** Variables that have to be there. */
	readonly required: readonly string[];
}

/** What the lines of a derivation have to be at these arguments. */
export function referenceAt(
	leaves: readonly Tensor[],
	derived: Derived,
	origin: Origin,
	required: readonly string[],
): Reference {
	const given = new Map<string, Elements>();
	for (const [i, { name }] of derived.arguments.entries()) given.set(name, elementsOf(leaves[i]!));
	const lines = new Map<string, Elements>();
	const values = derived.values(leaves);
	for (const { name, value } of constantsOf(derived, new SizeWriter(derived.sizes)).defined) {
		lines.set(name, elementsOf(values.get(value)!));
	}
	for (const { name, value } of derived.constants) {
		if (!lines.has(name)) given.set(name, elementsOf(values.get(value)!));
	}
	const told = linesAfter(derived);
	const named = new Map<string, Value>();
	for (const { variable, value } of told) {
		lines.set(variable, elementsOf(values.get(value)!));
		named.set(variable, derived.atArguments(value));
	}
	const block = [...derived.blocks.forward, ...derived.blocks.backward];
	const blocks = blocksAt(leaves, block, derived, origin);
	for (const { block, after } of blocks.filter(isLoopValues)) {
		for (const { variable } of block.stores) {
			const all = after.get(variable);
			if (all !== undefined && !lines.has(variable)) lines.set(variable, elementsOf(all));
		}
	}
	const terms = termSizesAt(
		leaves,
		{ program: origin.lines, named },
		{ program: origin.program, named: origin.engine },
	);
	const entries = (variable: string) =>
		named.has(variable) ? 0 : termsOfEntries(blocks, variable);
	const known = new Set(told.map(({ variable }) => variable));
	const all = [...derived.forward, ...derived.backward].map(({ variable }) => variable);
	return {
		lines,
		...engineValues(leaves, derived, origin),
		given,
		terms: {
			line: (variable) => terms.line(variable) + entries(variable),
			whole: (variable) => terms.whole(variable) + entries(variable),
		},
		gradientOf: new Map(
			told.flatMap(({ variable, gradientOf }) =>
				gradientOf === null ? [] : [[variable, gradientOf]],
			),
		),
		block,
		blocks,
		inLoops: new Set([
			...all.filter((name) => !known.has(name)),
			...loopsOf(derived).flatMap(({ results }) =>
				results.flatMap(({ variable, gradientOf }) => (gradientOf === null ? [variable] : [])),
			),
		]),
		result: derived.forward.at(-1)!.variable,
		results: resultsOf(derived),
		required,
	};
}

/** What stands in loops, step by step, and in the branches that are taken. */
function blocksAt(
	leaves: readonly Tensor[],
	block: Block,
	{ atArguments }: Derived,
	{ lines }: Origin,
): BlockValues[] {
	if (block.every(isStatement)) return [];
	const values = new Map<Value, Tensor>();
	interpret(lines, leaves, (value, tensor) => values.set(value, tensor));
	return blockValuesIn(block, lines, values, atArguments);
}

/** The size of the terms of what loops store step by step, at the steps that are known. */
function termsOfEntries(blocks: readonly BlockValues[], variable: string): number {
	const lines = blocks
		.filter(isLoopValues)
		.flatMap(({ steps }) => steps.flatMap(({ items }) => linesIn(items)));
	const entries = lines.filter(
		({ statement }) => statement.at !== undefined && statement.variable === variable,
	);
	return Math.max(0, ...entries.map(({ terms }) => terms.whole(variable)));
}

/** The lines of a step, those in a branch among them. */
function linesIn(items: readonly ItemValues[]): LineValue[] {
	return items.flatMap((item) => {
		if (!("block" in item)) return [item];
		return isLoopValues(item) ? [] : linesIn(item.items);
	});
}

/** What variables are once all is done, what is another value at each step of a loop left out. */
export function linesAfter({
	blocks,
}: Derived): Pick<Statement, "variable" | "value" | "gradientOf">[] {
	return [...blocks.forward, ...blocks.backward].flatMap((item) =>
		isLoop(item) || isChoiceBlock(item) ? item.results : [item],
	);
}

/**
 * The forward lines as the function computes them, and the gradients by the engine: of arguments by
 * a run of their own, the rest from its recorded run.
 */
function engineValues(
	leaves: readonly Tensor[],
	derived: Derived,
	{ flat, program, engine: values }: Origin,
): Pick<Reference, "engine" | "recorded"> {
	const engine = new Map<string, Elements>();
	const { loss, gradients } = differentiate(flat, leaves);
	engine.set(derived.forward.at(-1)!.variable, elementsOf(loss));
	const differentiated = derived.arguments.filter((argument) => argument.differentiated);
	for (const line of derived.backward) {
		const at = differentiated.findIndex(({ name }) => name === line.gradientOf);
		if (at >= 0) engine.set(line.variable, elementsOf(gradients[at]!));
	}
	const wanted = new Set(values.values());
	const found = new Map<Value, Tensor>();
	interpret(program, leaves, (value, tensor) => {
		if (wanted.has(value)) found.set(value, tensor);
	});
	const recorded = new Map<string, Elements>();
	for (const [variable, value] of values) {
		const tensor = value.kind === "constant" ? value.tensor : found.get(value);
		if (tensor === undefined) continue;
		const own = engine.has(variable) ? recorded : engine;
		own.set(variable, elementsOf(tensor));
	}
	return { engine, recorded };
}
