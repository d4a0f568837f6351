import type { CodeLanguage, Token } from "./statements.ts";

/** One way of a text's choice: its condition, null for `else`, and where its branch stands. */
export interface TextArm {
	/** Without spaces. */
	readonly condition: string | null;
	readonly from: number;
	readonly to: number;
}

/** The ways of an `if`; null for another statement, and where a branch has no braces. */
export function armsIn(tokens: readonly Token[], language: CodeLanguage): TextArm[] | null {
	if (tokens[0]?.text !== "if") return null;
	return language === "python" ? pythonArms(tokens) : bracedArms(tokens);
}

function pythonArms(tokens: readonly Token[]): TextArm[] | null {
	const isHead = ({ text, startsLine, indent }: Token, i: number) =>
		/^(if|elif|else)$/.test(text) && (i === 0 || (startsLine && indent === tokens[0]!.indent));
	const heads = [...tokens.keys()].filter((i) => isHead(tokens[i]!, i));
	const arms: TextArm[] = [];
	for (const [k, head] of heads.entries()) {
		const colon = tokens.findIndex(({ text, depth }, i) => i > head && text === ":" && depth === 0);
		if (colon < 0) return null;
		const end = heads[k + 1] ?? tokens.length;
		const condition = tokens[head]!.text === "else" ? null : joined(tokens.slice(head + 1, colon));
		arms.push({ condition, from: tokens[colon]!.end, to: tokens[end - 1]!.end });
	}
	return arms;
}

function bracedArms(tokens: readonly Token[]): TextArm[] | null {
	const arms: TextArm[] = [];
	const closing = (open: number) =>
		tokens.findIndex(({ depth }, i) => i > open && depth === tokens[open]!.depth);
	let at = 0;
	while (at < tokens.length) {
		if (arms.length > 0 && tokens[at++]!.text !== "else") return null;
		let condition: string | null = null;
		if (tokens[at]?.text === "if") {
			if (tokens[at + 1]?.text !== "(") return null;
			const end = closing(at + 1);
			condition = joined(tokens.slice(at + 2, end));
			at = end + 1;
		}
		if (tokens[at]?.text !== "{") return null;
		const end = closing(at);
		arms.push({ condition, from: tokens[at]!.end, to: tokens[end]!.start });
		at = end + 1;
	}
	return arms;
}

function joined(tokens: readonly Token[]): string {
	return tokens.map(({ text }) => text).join("");
}
