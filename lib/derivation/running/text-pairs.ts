import { loopsIn, ownLines, statementsIn } from "../draft/blocks.ts";
import type { Block, ChoiceBlock, LoopBlock, Statement } from "../draft/model.ts";
import { type Arm, numpyArms, typescriptArms } from "../printers/choices.ts";
import { numpyText } from "../printers/numpy.ts";
import { listOf, typescriptNumber } from "../printers/typescript.ts";
import {
	type TextBlock,
	type TextChoice,
	type TextItem,
	type TextLine,
	type TextLoop,
	textLinesIn,
} from "./loop-text.ts";
import type { BlockValues } from "./loop-values.ts";
import type { ProgramForm } from "./program.ts";

/** What a line writes to is called so in a text. */
function writtenName({ variable, at }: Statement, form: ProgramForm): string {
	return at !== undefined && form === "ts" ? listOf(variable) : variable;
}

/**
 * The line of a text for each statement of a block: by the variable, in order. Where the text
 * writes to a variable more or less often, only the last line for it is paired.
 */
export function linePairs(
	items: readonly TextItem[],
	block: Block,
	form: ProgramForm,
): ReadonlyMap<TextLine, Statement> {
	const statements = grouped(ownLines(block), (statement) => writtenName(statement, form));
	const lines = grouped(
		items.flatMap((item) => (item.kind === "line" ? writesAlone(item, form) : [])),
		({ name }) => name,
	);
	const pairs = new Map<TextLine, Statement>();
	for (const [name, own] of statements) {
		const there = lines.get(name) ?? [];
		const all = there.length === own.length ? own : own.slice(-1);
		for (const [i, statement] of all.entries()) {
			const line = there.at(i - all.length)?.line;
			// A plain loop sets elements in any case.
			const isAlike = form === "plain" || line?.setsEntry === (statement.at !== undefined);
			if (line !== undefined && isAlike) pairs.set(line, statement);
		}
	}
	return pairs;
}

/** What a line writes to, if that is one variable; plain loops have variables of their own. */
function writesAlone(line: TextLine, form: ProgramForm): { line: TextLine; name: string }[] {
	if (form !== "plain" && line.writes.length > 1) return [];
	return line.writes.map((name) => ({ line, name }));
}

function grouped<T>(all: readonly T[], nameOf: (each: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const each of all) {
		const name = nameOf(each);
		groups.set(name, [...(groups.get(name) ?? []), each]);
	}
	return groups;
}

/** The loop or choice of a text for each of a derivation: what writes most of its variables. */
export function blockPairs(
	items: readonly TextItem[],
	blocks: readonly BlockValues[],
	form: ProgramForm,
): ReadonlyMap<TextBlock, BlockValues> {
	const pairs = new Map<TextBlock, BlockValues>();
	for (const values of blocks) {
		const { block } = values;
		const names = new Set(statementsIn(inside(block)).map((line) => writtenName(line, form)));
		let [best, most] = [null as TextBlock | null, 0];
		for (const item of items) {
			if (item.kind === "line" || pairs.has(item)) continue;
			const written = new Set(textLinesIn([item]).flatMap(({ writes }) => writes));
			const common = [...names].filter((name) => written.has(name)).length;
			if (common > most && isAlike(item, block, form)) [best, most] = [item, common];
		}
		if (best !== null) pairs.set(best, values);
	}
	return pairs;
}

function inside(block: BlockValues["block"]): Block {
	return block.kind === "loop" ? block.body : block.branches.flat();
}

function isAlike(item: TextBlock, block: BlockValues["block"], form: ProgramForm): boolean {
	if (item.kind === "loop") return block.kind === "loop" && isClear(item, block, form);
	return block.kind === "choice" && asksTheSame(item, block, form);
}

/** Whether a text's choice has the branches of a derivation's, by the same conditions in order. */
function asksTheSame({ arms }: TextChoice, choice: ChoiceBlock, form: ProgramForm): boolean {
	const own = printedArms(choice, form);
	return (
		arms.length === own.length &&
		own.every(({ condition }, i) => {
			const there = arms[i]!.condition;
			if (condition === null || there === null) return condition === there;
			return form === "plain"
				? withoutPlaces(condition) === withoutPlaces(there)
				: condition === there;
		})
	);
}

/** The ways of a choice as a form prints them, their conditions without spaces. */
export function printedArms(choice: ChoiceBlock, form: ProgramForm): Arm[] {
	const { expression } = choice.test;
	const arms =
		form === "numpy"
			? numpyArms(choice, numpyText(expression))
			: typescriptArms(
					choice,
					form === "ts" ? typescriptNumber(expression) : numpyText(expression),
				);
	return arms.map(({ condition, branch }) => {
		return { condition: condition === null ? null : condition.replaceAll(" ", ""), branch };
	});
}

/** Whether a condition in plain loops is the first one of a choice. */
export function knownConditions(choices: readonly ChoiceBlock[]): (condition: string) => boolean {
	const known = choices.map((choice) => withoutPlaces(printedArms(choice, "plain")[0]!.condition!));
	return (condition) => known.includes(withoutPlaces(condition));
}

/** In plain loops the place of an entry is that in memory, which says the sizes. */
function withoutPlaces(condition: string): string {
	return condition.replace(/\[.*?\]/, "[]");
}

/**
 * Whether a text's loop hands on nothing from step to step but what the derivation knows: a line
 * that reads something else cannot be judged at one step.
 */
function isClear({ body }: TextLoop, block: LoopBlock, form: ProgramForm): boolean {
	const lines = textLinesIn(body);
	const handed = new Set(lines.flatMap(({ writes }) => writes));
	for (const name of namesIn(block, form)) handed.delete(name);
	for (const { needs, writes } of lines) {
		if (needs.some((name) => handed.has(name))) return false;
		for (const name of writes) handed.delete(name);
	}
	return true;
}

/** What a loop and those in it write to. */
function namesIn(loop: LoopBlock, form: ProgramForm): string[] {
	return [
		...loopsIn([loop]).flatMap(({ stores }) => stores.map(({ variable }) => variable)),
		...statementsIn([loop]).map((line) => writtenName(line, form)),
	];
}
