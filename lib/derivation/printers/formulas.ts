import { inTextOrder, isChoiceBlock, isLoop, isStatement } from "../draft/blocks.ts";
import type { Block, ChoiceBlock, LoopBlock, Statement } from "../draft/model.ts";
import { HEADINGS, type Lang } from "../text/headings.ts";
import { type Symbols, sidesLatex, sizedLatex } from "../text/latex.ts";
import type { SizeWriter } from "../text/size-writer.ts";

/** Formulas under one heading: those of a loop or a branch, or those that follow it. */
export interface FormulaGroup {
	/** Mathematics stands between dollar signs; null for those before any loop or branch. */
	readonly heading: string | null;
	/** None where a loop or a choice follows at once. */
	readonly lines: readonly PrintedFormula[];
}

/** An equation, of a line or of what a step leaves as it was. */
export interface PrintedFormula {
	readonly left: string;
	readonly right: string;
	readonly axes: readonly string[];
	readonly line: Statement | null;
}

/**
 * The formulas of a block; loops are recurrences, and sums over their steps follow them. A choice
 * has those of each branch, under the condition of that.
 */
export function formulaGroups(
	block: Block,
	symbols: Symbols,
	sizes: SizeWriter,
	lang: Lang,
): FormulaGroup[] {
	const groups: { heading: string | null; lines: PrintedFormula[]; isLead?: boolean }[] = [];
	const open = (heading: string | null) => groups.push({ heading, lines: [] });
	/** A group for what is written: of it and those in it, one at least has lines. */
	const under = (heading: string, write: () => void) => {
		const at = groups.push({ heading, lines: [], isLead: true }) - 1;
		write();
		if (groups.slice(at).every(({ lines }) => lines.length === 0)) groups.length = at;
	};
	const add = (line: PrintedFormula) => groups.at(-1)!.lines.push(line);
	const statement = (line: Statement) => {
		if (!hasFormula(line, symbols, sizes)) return;
		const [left, right] = sidesLatex(line, symbols, sizes);
		add({ left, right, axes: line.axes, line });
	};
	const visit = (items: Block, loop: LoopBlock | null) => {
		for (const item of items) {
			if (isLoop(item)) {
				item.starts.forEach(statement);
				under(loopHeading(item, symbols, lang), () => {
					visit(item.body, item);
					for (const each of symbols.loops.unchanged.get(item) ?? []) add({ ...each, line: null });
				});
				open(afterLoop(item, symbols, lang));
				for (const line of item.body)
					if (isStatement(line) && symbols.loops.sums.has(line)) statement(line);
			} else if (isChoiceBlock(item)) {
				const words = choiceHeadings(item, symbols, sizes, lang);
				for (const [i, branch] of inTextOrder(item).entries()) {
					under(words.branches[i]!, () => visit(branch, loop));
				}
				open(words.after);
			} else if (loop === null || !symbols.loops.sums.has(item)) statement(item);
		}
	};
	open(null);
	visit(block, null);
	return groups.filter(({ lines, isLead }) => isLead || lines.length > 0);
}

/** Whether a line says something in mathematics: `hs[t] = h` and the zero of a sum do not. */
export function hasFormula(line: Statement, symbols: Symbols, sizes: SizeWriter): boolean {
	if (line.reason.kind === "sumStart" || symbols.loops.kept.has(line)) return false;
	const [left, right] = sidesLatex(line, symbols, sizes);
	return left !== right;
}

/** The places of a loop as the lead of its lines: `For $t = 1, …, T$:`. */
export function loopHeading(loop: LoopBlock, { loops }: Symbols, lang: Lang): string {
	const { index, first, last } = loops.places.get(loop)!;
	const steps = first === last ? first : `${first}, \\ldots, ${last}`;
	return lead(HEADINGS[lang].loop(`${index} = ${steps}`), lang);
}

/** The lead of the lines after a loop. */
export function afterLoop(loop: LoopBlock, { loops }: Symbols, lang: Lang): string {
	const { index } = loops.places.get(loop)!;
	return lead(HEADINGS[lang].afterLoop(index), lang);
}

/** The leads of the branches of a choice, in the order of its text, and of the lines after it. */
export function choiceHeadings(
	choice: ChoiceBlock,
	symbols: Symbols,
	sizes: SizeWriter,
	lang: Lang,
): { readonly branches: readonly string[]; readonly after: string } {
	const words = HEADINGS[lang];
	const asked = sizedLatex(choice.test, symbols, sizes);
	const branches = choice.isTest
		? [words.holds(asked), words.fails(asked)]
		: choice.branches.map((_, i) => words.is(asked, i));
	const after = choice.isTest ? words.afterTest(asked) : words.afterIndex(asked);
	return { branches: branches.map((text) => lead(text, lang)), after: lead(after, lang) };
}

/** Words before lines. */
function lead(text: string, lang: Lang): string {
	return text + (lang === "zh" ? "：" : ":");
}

/** What the indices of loops mean; null where there are none. */
export function loopNotes({ loops }: Symbols, lang: Lang): string | null {
	if (loops.places.size === 0) return null;
	const words = HEADINGS[lang];
	const [entry] = loops.entries;
	const [part] = loops.parts;
	const notes = [
		entry === undefined ? words.steps : words.entries(entry.entry, entry.of, entry.index),
		...(part === undefined ? [] : [words.part(part.part, part.whole)]),
	];
	return notes.join(lang === "zh" ? "" : " ");
}
