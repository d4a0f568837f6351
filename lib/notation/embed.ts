import { type Language, LEVEL } from "./language.ts";

/** What stands around an argument text while its surroundings are read. */
const START = "\uE000";
const END = "\uE001";

/** A token of a text, and what it is there. */
interface Token {
	readonly text: string;
	readonly start: number;
	readonly end: number;
	/** How many brackets it stands in. */
	readonly depth: number;
	readonly role: "operand" | "infix" | "prefix" | "other";
}

/**
 * An op's notation applied to the texts of its arguments, each in brackets where the operators
 * beside it would otherwise take it apart: with `([x, y]) => x + " * " + y`, a + b and c give `(a +
 * b) * c`. All forms go through here, so an op states its notation without a thought for brackets.
 */
export function embed(
	language: Language,
	form: (args: readonly string[]) => string,
	args: readonly string[],
): string {
	return bracketed(language, form(args.map((arg) => START + arg + END)));
}

/** A text as a form takes it that is no op's notation; a single word never needs brackets. */
export function asArgument(text: string): string {
	return /^\w+$/.test(text) ? text : START + text + END;
}

/** What a form makes of such arguments, each in brackets where it needs them. */
export function bracketed(language: Language, text: string): string {
	const tokens = tokensOf(language, text);
	let out = "";
	let at = 0;
	for (const [i, token] of tokens.entries()) {
		if (!token.text.startsWith(START)) continue;
		out += text.slice(at, token.start) + fitted(language, tokens, i);
		at = token.end;
	}
	return out + text.slice(at);
}

/** Whether an argument text, as a notation sees it, is a number or a truth value, written out. */
export function isNumeral(arg: string): boolean {
	return /^\uE000?(-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|true|false|NaN|-?Infinity)\uE001?$/.test(arg);
}

/** The argument at `i`, in brackets unless it holds together there. */
function fitted(language: Language, tokens: readonly Token[], i: number): string {
	const arg = tokens[i]!.text.slice(1, -1);
	const own = tokensOf(language, arg);
	const level = levelOf(language, arg, own);
	const [before, after] = [tokens[i - 1], tokens[i + 1]];
	let needed = 0;
	if (before?.role === "prefix") needed = prefixLevel(language, before.text)!;
	if (before?.role === "infix") {
		const operator = language.infix(before.text)!;
		needed = operator.level + (/left|neither/.test(operator.first) ? 1 : 0);
	}
	// Two signs in a row, or a sign after an operator, are hard to read.
	const signed = own[0]?.text === "-" && needed >= LEVEL.sum;
	const operator = after === undefined ? undefined : language.infix(after.text);
	if (operator !== undefined && after!.depth === tokens[i]!.depth) {
		needed = Math.max(needed, operator.level + (/right|neither/.test(operator.first) ? 1 : 0));
	}
	return signed || level < needed ? language.group(arg) : arg;
}

/** How tightly the loosest operator outside of brackets binds. */
function levelOf(language: Language, text: string, tokens: readonly Token[]): number {
	if (isNumeral(text) && !text.startsWith("-")) return LEVEL.numeral;
	let level = Number.POSITIVE_INFINITY;
	for (const { text: token, role, depth } of tokens) {
		if (depth > 0) continue;
		if (role === "infix") level = Math.min(level, language.infix(token)!.level);
		if (role !== "prefix") continue;
		// A sign in front of a product may as well belong to its first factor.
		const own = token === "-" ? LEVEL.matrixProduct : 0;
		level = Math.min(level, Math.max(own, prefixLevel(language, token)!));
	}
	return level;
}

/** A big operator counts with or without the index below it. */
function prefixLevel({ prefix }: Language, token: string): number | undefined {
	const name = /^\\[a-z]+(?=_)/.exec(token)?.[0] ?? token;
	return Object.hasOwn(prefix, name) ? prefix[name] : undefined;
}

function tokensOf(language: Language, text: string): Token[] {
	const tokens: Token[] = [];
	let depth = 0;
	let afterOperand = false;
	for (const match of text.matchAll(language.token)) {
		const [token] = match;
		if (language.close.has(token)) depth--;
		const opens = language.open.has(token);
		const infix: boolean = afterOperand && !opens && language.infix(token) !== undefined;
		const prefix: boolean = !afterOperand && prefixLevel(language, token) !== undefined;
		const operand: boolean = !infix && !prefix && !opens && !",;:".includes(token);
		tokens.push({
			text: token,
			start: match.index,
			end: match.index + token.length,
			depth,
			role: infix ? "infix" : prefix ? "prefix" : operand ? "operand" : "other",
		});
		if (opens) depth++;
		// A member, `.T`, ends an operand though it is an operator to what stands before it.
		afterOperand = operand || /^\.[A-Za-z_]/.test(token);
	}
	return tokens;
}
