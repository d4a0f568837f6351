import type { Tensor } from "../../core/tensor.ts";
import { choicesIn, loopsIn } from "../draft/blocks.ts";
import type { Block } from "../draft/model.ts";
import { listOf } from "../printers/typescript.ts";
import type { Visit } from "./executor.ts";
import { type LineValue, NO_TERMS } from "./levels.ts";
import {
	type TextBlock,
	type TextChoice,
	type TextItem,
	type TextLine,
	type TextLoop,
	textItems,
} from "./loop-text.ts";
import {
	type BlockValues,
	type ChoiceValues,
	type ItemValues,
	isLoopValues,
	type LoopValues,
} from "./loop-values.ts";
import type { ProgramForm, ProgramText } from "./program.ts";
import { blockPairs, knownConditions, linePairs, printedArms } from "./text-pairs.ts";
import { type Elements, elementsOf } from "./values.ts";

/** A line of a text's loop at one step, or of a branch, and what it has to give there. */
export interface LineVisit {
	readonly visit: Visit;
	/** Null for a line that the derivation does not have: it runs, since others may read it. */
	readonly judged: JudgedLine | null;
}

/** A line that is judged. */
export interface JudgedLine {
	readonly value: LineValue;
	/** As it stands in the text. */
	readonly text: string;
	/** `at t = 3`. */
	readonly where: string;
	/** Whether it is what a loop starts from that stands in no other block. */
	readonly isStart: boolean;
	/** The loop or choice that it belongs to, which stands in no other. */
	readonly outermost: BlockValues;
}

/** What is known on the way into loops and choices. */
interface Way {
	readonly form: ProgramForm;
	readonly visits: LineVisit[];
	/** What has to be set before the next line. */
	readonly set: Map<string, Elements | readonly Elements[]>;
	readonly places: ReadonlyMap<string, number>;
	readonly outermost: BlockValues;
}

/**
 * The lines of a text that stand in the loops and choices of a derivation, one by one: those of
 * loops at some of their steps, those of choices in the branch that is taken. Each begins with what
 * is right before it; what the text computes besides stays as it is.
 */
export function blockVisits(
	{ form, body }: ProgramText,
	block: Block,
	blocks: readonly BlockValues[],
): LineVisit[] {
	const isPlain = form === "plain";
	const items = textItems(body, {
		language: form === "numpy" ? "python" : "javascript",
		// Plain loops over elements make up a line.
		indices: isPlain ? new Set(loopsIn(block).map(({ index }) => index)) : null,
		isKnown: isPlain ? knownConditions(choicesIn(block)) : () => true,
	});
	const pairs = blockPairs(items, blocks, form);
	const lines = linePairs(items, block, form);
	const visits: LineVisit[] = [];
	const way = { form, visits, set: new Map(), places: new Map() };
	for (const item of items) {
		if (item.kind !== "line") {
			const own = pairs.get(item);
			if (own !== undefined) walk(item, own, { ...way, outermost: own });
			continue;
		}
		for (const outermost of pairs.values()) {
			if (!isLoopValues(outermost)) continue;
			const value = outermost.starts.find(({ statement }) => statement === lines.get(item));
			if (value !== undefined) visit(item, value, { ...way, outermost }, "before the loop");
		}
	}
	return visits;
}

function walk(item: TextBlock, values: BlockValues, way: Way, index?: string): void {
	if (item.kind === "loop") walkLoop(item, values as LoopValues, way);
	else walkChoice(item, values as ChoiceValues, way, index);
}

/** Visits the lines of a loop at each of its steps that are known. */
function walkLoop({ index, body }: TextLoop, loop: LoopValues, way: Way): void {
	for (const { variable } of loop.block.stores) setStore(variable, loop, way);
	for (const step of loop.steps) {
		const inside = { ...way, places: new Map([...way.places, [index, step.place]]) };
		setAll(step.before, way);
		walkBlock(body, loop.block.body, step.items, inside, index);
	}
	setAll(loop.after, way);
	for (const { variable } of loop.block.stores) setStore(variable, loop, way);
}

/** Visits the lines of the branch that is taken. */
function walkChoice(
	{ arms }: TextChoice,
	{ block, taken, items }: ChoiceValues,
	way: Way,
	index?: string,
): void {
	const at = printedArms(block, way.form).findIndex(({ branch }) => branch === taken);
	walkBlock(arms[at]!.body, block.branches[taken]!, items, way, index);
}

/** @param index of the loop around, if there is one */
function walkBlock(
	items: readonly TextItem[],
	block: Block,
	known: readonly ItemValues[],
	way: Way,
	index?: string,
): void {
	const lines = linePairs(items, block, way.form);
	const blocks = known.filter((each) => "block" in each);
	const pairs = blockPairs(items, blocks, way.form);
	const values = lineValues(known);
	// What a choice gives, the text may say in another way.
	const paired = new Set(pairs.values());
	const made = new Map(
		blocks.filter((each) => !isLoopValues(each) && !paired.has(each)).flatMap(leftBy),
	);
	const last = new Map(items.map((item) => [item.kind === "line" ? item.writes.join() : "", item]));
	for (const item of items) {
		if (item.kind === "line") {
			const name = item.writes.join();
			const other = last.get(name) === item ? made.get(name) : undefined;
			const value = values.get(lines.get(item)!) ?? other ?? null;
			visit(item, value, way, placesText(way), index);
			continue;
		}
		const own = pairs.get(item);
		if (own === undefined) visit(item.whole, null, way, "");
		else {
			walk(item, own, way, index);
			if (isLoopValues(own)) for (const [name, value] of storesOf(own)) made.set(name, value);
		}
	}
}

function placesText({ places }: Way): string {
	if (places.size === 0) return "in the branch taken";
	return `at ${[...places].map(([index, place]) => `${index} = ${place}`).join(", ")}`;
}

function setAll(values: ReadonlyMap<string, Tensor>, { set }: Way): void {
	for (const [name, value] of values) set.set(name, elementsOf(value));
}

/** All that a loop stored: as it is filled, and as one tensor. */
function setStore(variable: string, { after }: LoopValues, { form, set }: Way): void {
	const all = after.get(variable);
	if (all === undefined) return;
	const { values, shape, dtype } = elementsOf(all);
	set.set(variable, { values, shape, dtype });
	if (form !== "ts") return;
	const [length, ...entry] = shape as readonly [number, ...number[]];
	const size = values.length / length;
	const entries = Array.from({ length }, (_, i): Elements => {
		return { shape: entry, values: values.slice(i * size, (i + 1) * size), dtype };
	});
	set.set(listOf(variable), entries);
}

/** What a loop has stored, which a line after it may make from the entries. */
function storesOf(loop: LoopValues): [string, LineValue][] {
	const stored = new Set(loop.block.stores.map(({ variable }) => variable));
	return leftBy(loop).filter(([name]) => stored.has(name));
}

function leftBy({ after }: BlockValues): [string, LineValue][] {
	return [...after].map(([variable, line]) => [
		variable,
		{ statement: { variable }, line, engine: null, terms: NO_TERMS },
	]);
}

/** What the lines of a block, and the starts of the loops in it, have to give. */
function lineValues(items: readonly ItemValues[]): ReadonlyMap<LineValue["statement"], LineValue> {
	const all = items.flatMap((item) => {
		if (!("block" in item)) return [item];
		return isLoopValues(item) ? item.starts : [];
	});
	return new Map(all.map((value) => [value.statement, value]));
}

/** Runs a line; the variable is then what it should be. */
function visit(
	line: TextLine,
	value: LineValue | null,
	way: Way,
	where: string,
	index?: string,
): void {
	const { visits, set, places, outermost, form } = way;
	const own = value?.statement.variable;
	const name = line.writes.find((each) => each === own) ?? line.writes[0]!;
	const isEntry = value?.statement.at !== undefined;
	const entry = isEntry ? entryOf(name, index!, value.line, form) : null;
	const spoil = entry === null ? "" : spoiled(entry, value!.line, form);
	const { writes, declares } = line;
	const reads = entry === null ? line.reads : new Set([...line.reads, name, index!]);
	const shows = value === null ? null : (entry ?? name);
	visits.push({
		visit: { set: new Map(set), places, text: spoil + line.text, reads, writes, declares, shows },
		judged: value && {
			value,
			text: line.text.trim(),
			where,
			isStart: isLoopValues(outermost) && places.size === 0,
			outermost,
		},
	});
	set.clear();
	if (value !== null && entry === null) set.set(name, elementsOf(value.line));
}

/** An entry of what a loop stores. */
function entryOf(name: string, index: string, { size }: Tensor, form: ProgramForm): string {
	if (form !== "plain") return `${name}[${index}]`;
	return `${name}.subarray(${index} * ${size}, (${index} + 1) * ${size})`;
}

/** A line that makes an entry what it is not, so that it is seen whether another line sets it. */
function spoiled(entry: string, x: Tensor, form: ProgramForm): string {
	if (form === "ts") return `${entry} = undefined;\n`;
	const { values, dtype } = elementsOf(x);
	if (form === "plain") return `${entry}.fill(${values.every(Number.isNaN) ? "0" : "NaN"});\n`;
	const isFloat = dtype === "float64" || dtype === "float32";
	const nan = values.every(Number.isNaN) ? "0" : 'float("nan")';
	const truth = values.every((each) => each === 0) ? "1" : "0";
	const other = dtype === "bool" ? truth : String(Math.max(...values) - 1);
	return `${entry} = ${isFloat ? nan : other}\n`;
}
