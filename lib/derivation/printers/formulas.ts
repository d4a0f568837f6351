import { isLoop, isStatement } from "../draft/blocks.ts";
import type { Block, LoopBlock, Statement } from "../draft/model.ts";
import { HEADINGS, type Lang } from "../text/headings.ts";
import { type Symbols, sidesLatex } from "../text/latex.ts";
import type { SizeWriter } from "../text/size-writer.ts";

/** Formulas under one heading: those of a loop, or those that follow it. */
export interface FormulaGroup {
	/** Mathematics stands between dollar signs; null for those before any loop. */
	readonly heading: string | null;
	readonly lines: readonly PrintedFormula[];
}

/** An equation, of a line or of what a step leaves as it was. */
export interface PrintedFormula {
	readonly left: string;
	readonly right: string;
	readonly axes: readonly string[];
	readonly line: Statement | null;
}

/** The formulas of a block; loops are recurrences, and sums over their steps follow them. */
export function formulaGroups(
	block: Block,
	symbols: Symbols,
	sizes: SizeWriter,
	lang: Lang,
): FormulaGroup[] {
	const groups: { heading: string | null; lines: PrintedFormula[] }[] = [
		{ heading: null, lines: [] },
	];
	const add = (line: PrintedFormula) => groups.at(-1)!.lines.push(line);
	const statement = (line: Statement) => {
		if (!hasFormula(line, symbols, sizes)) return;
		const [left, right] = sidesLatex(line, symbols, sizes);
		add({ left, right, axes: line.axes, line });
	};
	const visit = (items: Block, loop: LoopBlock | null) => {
		for (const item of items) {
			if (isStatement(item)) {
				if (loop === null || !symbols.loops.sums.has(item)) statement(item);
				continue;
			}
			if (!isLoop(item)) continue;
			item.starts.forEach(statement);
			groups.push({ heading: loopHeading(item, symbols, lang), lines: [] });
			visit(item.body, item);
			for (const each of symbols.loops.unchanged.get(item) ?? []) add({ ...each, line: null });
			groups.push({ heading: afterLoop(item, symbols, lang), lines: [] });
			for (const line of item.body)
				if (isStatement(line) && symbols.loops.sums.has(line)) statement(line);
		}
	};
	visit(block, null);
	return groups.filter(({ lines }) => lines.length > 0);
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
	return `${HEADINGS[lang].loop(`${index} = ${steps}`)}${lang === "zh" ? "：" : ":"}`;
}

/** The lead of the lines after a loop. */
export function afterLoop(loop: LoopBlock, { loops }: Symbols, lang: Lang): string {
	const { index } = loops.places.get(loop)!;
	return `${HEADINGS[lang].afterLoop(index)}${lang === "zh" ? "：" : ":"}`;
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
