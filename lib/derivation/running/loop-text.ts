import { armsIn } from "./choice-text.ts";
import {
	type CodeLanguage,
	declaredIn,
	namesIn,
	statementsOf,
	type TextStatement,
	type Token,
	writesOf,
} from "./statements.ts";

/** What stands in a block of a program's text, in order. */
export type TextItem = TextLine | TextBlock;

/** What has statements inside. */
export type TextBlock = TextLoop | TextChoice;

/** A statement, or several that make one line: `grad = g.copy()` and `grad[h < 0] = 0`. */
export interface TextLine {
	readonly kind: "line";
	readonly text: string;
	readonly writes: readonly string[];
	readonly reads: ReadonlySet<string>;
	/** Names of what has to be there before: not what it only sets. */
	readonly needs: readonly string[];
	/** The names that it declares, in JavaScript. */
	readonly declares: ReadonlySet<string>;
	/** It sets an entry of what was there before: `hs[t] = h`. */
	readonly setsEntry: boolean;
}

/** A loop over places that are counted. */
export interface TextLoop {
	readonly kind: "loop";
	/** The variable of the place. */
	readonly index: string;
	readonly body: readonly TextItem[];
	/** The loop as one statement, for who does not look into it. */
	readonly whole: TextLine;
}

/** A choice between branches. */
export interface TextChoice {
	readonly kind: "choice";
	readonly arms: readonly {
		/** Without spaces; null in any other case. */
		readonly condition: string | null;
		readonly body: readonly TextItem[];
	}[];
	/** The choice as one statement, for who does not look into it. */
	readonly whole: TextLine;
}

/** How a text is taken apart. */
export interface TextRules {
	readonly language: CodeLanguage;
	/** The variables of places by which a loop is known; null where each loop that counts is one. */
	readonly indices: ReadonlySet<string> | null;
	/** Whether a choice is known by its first condition. */
	readonly isKnown: (condition: string) => boolean;
}

/** The items of a text; what its loops and choices do are items in turn. */
export function textItems(
	text: string,
	rules: TextRules,
	known: Set<string> = new Set(),
): TextItem[] {
	const { language, indices, isKnown } = rules;
	const items: TextItem[] = [];
	const inside = (from: number, to: number) => {
		const body = text.slice(from, to);
		return textItems(language === "python" ? dedented(body) : body, rules, known);
	};
	for (const statement of statementsOf(text, language)) {
		const head = headOf(statement.tokens, language);
		const line = lineOf(statement, language, known);
		const arms = armsIn(statement.tokens, language);
		if (arms !== null && isKnown(arms[0]!.condition!)) {
			const made = arms.map(({ condition, from, to }) => ({ condition, body: inside(from, to) }));
			items.push({ kind: "choice", arms: made, whole: line });
			continue;
		}
		if (head === null || indices?.has(head.index) === false) {
			const last = items.at(-1);
			const [name] = line.writes;
			const goesOn =
				language === "python" && line.setsEntry && last?.kind === "line" && !last.setsEntry;
			if (goesOn && last.writes.length === 1 && last.writes[0] === name) {
				items[items.length - 1] = joined([last, line]);
			} else items.push(line);
			continue;
		}
		const { index, from, to } = head;
		items.push({ kind: "loop", index, body: inside(from, to), whole: line });
	}
	return indices === null ? items : withTheirLoops(items);
}

/** Each declaration together with all up to the last line, before a block, that writes to it. */
function withTheirLoops(items: readonly TextItem[]): TextItem[] {
	const made: TextItem[] = [];
	for (let i = 0; i < items.length; i++) {
		const lines: TextLine[] = [];
		for (let end = i; i <= end; i++) {
			const item = items[i]!;
			if (item.kind !== "line") break;
			lines.push(item);
			for (let k = end + 1; k < items.length && items[k]!.kind === "line"; k++) {
				if ((items[k] as TextLine).writes.some((name) => item.declares.has(name))) end = k;
			}
		}
		if (lines.length > 0) made.push(joined(lines));
		const block = items[i];
		if (block === undefined || block.kind === "line") i--;
		else made.push(block);
	}
	return made;
}

/** Lines as one that does what they do one after another. */
function joined(lines: readonly TextLine[]): TextLine {
	const declares = new Set(lines.flatMap((line) => [...line.declares]));
	const [first] = lines as [TextLine, ...TextLine[]];
	return {
		...first,
		text: lines.map(({ text }) => text).join("\n"),
		writes: [...new Set(lines.flatMap(({ writes }) => writes))],
		reads: new Set(lines.flatMap(({ reads }) => [...reads])),
		needs: lines.flatMap(({ needs }) => needs).filter((name) => !declares.has(name)),
		declares,
	};
}

/** The lines of a block, those in its loops and choices among them. */
export function textLinesIn(items: readonly TextItem[]): TextLine[] {
	return items.flatMap((item) => {
		if (item.kind === "line") return [item];
		const blocks = item.kind === "loop" ? [item.body] : item.arms.map(({ body }) => body);
		return blocks.flatMap(textLinesIn);
	});
}

function lineOf(
	{ tokens, text }: TextStatement,
	language: CodeLanguage,
	known: Set<string>,
): TextLine {
	const names = namesIn(tokens);
	const writes = writesOf(tokens, language, known);
	const adds = tokens.some(({ text, inner }) => inner === 0 && /^[^=!<>]+=$/.test(text));
	const isNeeded = (name: string) =>
		!writes.has(name) || adds || names.filter((each) => each === name).length > 1;
	return {
		kind: "line",
		text,
		writes: [...writes],
		reads: new Set(names),
		needs: names.filter(isNeeded),
		declares: new Set(language === "python" ? [] : declaredIn(tokens)),
		setsEntry: tokens[1]?.text === "[",
	};
}

/** The index of a counting loop, and where its body stands; null for another statement. */
function headOf(
	tokens: readonly Token[],
	language: CodeLanguage,
): { index: string; from: number; to: number } | null {
	if (tokens[0]?.text !== "for") return null;
	const to = tokens.at(-1)!;
	if (language === "python") {
		const colon = tokens.find(({ text, depth }) => text === ":" && depth === 0);
		const counts = tokens[3]?.text === "range" || tokens[5]?.text === "range";
		if (colon === undefined || tokens[2]?.text !== "in" || !counts) return null;
		return { index: tokens[1]!.text, from: colon.end, to: to.end };
	}
	const open = tokens.find(({ text, inner }) => text === "{" && inner === 0);
	if (open === undefined || tokens[2]?.text !== "let" || to.text !== "}") return null;
	return { index: tokens[3]!.text, from: open.end, to: to.start };
}

/** Lines without the indentation that they share. */
function dedented(text: string): string {
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	const by = Math.min(...lines.map((line) => line.length - line.trimStart().length));
	return lines.map((line) => line.slice(by)).join("\n");
}
