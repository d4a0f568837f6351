/** A language whose texts are taken apart into statements. */
export type CodeLanguage = "javascript" | "python";

/** A part of a program that runs by itself: one statement, or several that write the same names. */
export interface CodePart {
	/** As it stands in the text. */
	readonly text: string;
	/** The names that it defines. */
	readonly writes: readonly string[];
	/** Names that it may read: all that stand in it, those of members left out. */
	readonly reads: ReadonlySet<string>;
}

/** A word or sign of a program. */
export interface Token {
	readonly text: string;
	readonly start: number;
	readonly end: number;
	/** How many brackets it stands in: of any kind, and without those of blocks. */
	readonly depth: number;
	readonly inner: number;
	/** A line break stands before it. */
	readonly startsLine: boolean;
	/** Nothing stands before it on its line. */
	readonly indent: number;
}

/** A statement of a program, with the comments before it. */
export interface TextStatement {
	readonly tokens: readonly Token[];
	readonly text: string;
}

const NAME = /^[\p{ID_Start}$_]/u;
const CONTROL = new Set(["for", "if", "while"]);
const DECLARES = new Set(["const", "let", "var"]);
const GOES_ON: Readonly<Record<CodeLanguage, ReadonlySet<string>>> = {
	javascript: new Set(["else"]),
	python: new Set(["else", "elif", "except", "finally"]),
};
/** What stands before another name of what Python imports or opens. */
const ALIAS = /^as$/;
const MUTATES = new Set(["fill", "set", "sort", "reverse", "copyWithin"]);

const STRING = `'''[\\s\\S]*?'''|"""[\\s\\S]*?"""|"(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'`;
const WORD = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*|(?:\\d[\\d_]*\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?";
const OPERATOR = "[-+*/%&|^@<>]{1,3}=|[=!]==?|=>|\\+\\+|--|\\S";
const TOKEN: Readonly<Record<CodeLanguage, RegExp>> = {
	javascript: new RegExp(
		`(?<skip>//[^\\n]*|/\\*[\\s\\S]*?\\*/)|\`[^\`]*\`|${STRING}|${WORD}|${OPERATOR}`,
		"gu",
	),
	python: new RegExp(`(?<skip>#[^\\n]*|\\\\\\n)|${STRING}|${WORD}|${OPERATOR}`, "gu"),
};

/** A program's statements, those that write one name together, in order. */
export function codeParts(text: string, language: CodeLanguage): CodePart[] {
	const statements = statementsOf(text, language);
	const known = new Set<string>();
	const written = statements.map(({ tokens }) => writesOf(tokens, language, known));
	const spans = new Map<string, [number, number]>();
	for (const [i, names] of written.entries()) {
		for (const name of names) spans.set(name, [spans.get(name)?.[0] ?? i, i]);
	}
	const parts: CodePart[] = [];
	for (let i = 0; i < statements.length; ) {
		let end = i;
		const names = new Set<string>();
		for (let k = i; k <= end; k++) {
			for (const name of written[k]!) {
				names.add(name);
				end = Math.max(end, spans.get(name)![1]);
			}
		}
		const own = statements.slice(i, end + 1);
		const tokens = own.flatMap((each) => each.tokens);
		parts.push({
			text: own.map((each) => each.text).join("\n"),
			writes: [...names],
			reads: new Set(namesIn(tokens)),
		});
		i = end + 1;
	}
	return parts;
}

/** Names that stand in a text by themselves, not after a point. */
export function namesIn(tokens: readonly Token[]): string[] {
	return tokens
		.filter(({ text }, i) => NAME.test(text) && tokens[i - 1]?.text !== ".")
		.map(({ text }) => text);
}

/** The statements of a text that stand in no other. */
export function statementsOf(text: string, language: CodeLanguage): TextStatement[] {
	const found: TextStatement[] = [];
	let tokens: Token[] = [];
	let comment = 0;
	const close = () => {
		if (tokens.length === 0) return;
		const end = tokens.at(-1)!.end;
		found.push({ tokens, text: text.slice(comment, end) });
		tokens = [];
		comment = end;
	};
	for (const token of tokensOf(text, language)) {
		if (tokens.length > 0 && beginsAnew(token, tokens, language)) close();
		if (tokens.length === 0) comment = token.start;
		tokens.push(token);
		if (language === "javascript" && token.text === ";" && token.depth === 0) close();
	}
	close();
	return found;
}

/** Whether a token is the first one of another statement than those before it. */
function beginsAnew(token: Token, before: readonly Token[], language: CodeLanguage): boolean {
	if (token.depth > 0 || /^[)\]}]$/.test(token.text)) return false;
	if (GOES_ON[language].has(token.text)) return false;
	const last = before.at(-1)!;
	if (language === "python") {
		return (token.startsLine && token.indent === 0) || last.text === ";";
	}
	const isBlock = CONTROL.has(before[0]!.text) || before[0]!.text === "function";
	if (last.text === "}" && isBlock) return true;
	if (!token.startsLine || !NAME.test(token.text)) return false;
	if (last.text === ")" && isBlock && !before.some(({ text }) => text === "{")) {
		return !CONTROL.has(before[openingOf(before) - 1]?.text ?? "");
	}
	return NAME.test(last.text) || /^[\d)\]}"'`]/.test(last.text);
}

/** Where the bracket stands that the last token closes. */
function openingOf(tokens: readonly Token[]): number {
	const { depth } = tokens.at(-1)!;
	return tokens.findLastIndex((token) => token.text === "(" && token.depth === depth);
}

function* tokensOf(text: string, language: CodeLanguage): Generator<Token> {
	const open: string[] = [];
	let at = 0;
	let startsLine = true;
	for (const match of text.matchAll(TOKEN[language])) {
		const between = text.slice(at, match.index);
		at = match.index + match[0].length;
		if (between.includes("\n")) startsLine = true;
		if (match.groups?.skip !== undefined) continue;
		const [word] = match;
		if (/^[)\]}]$/.test(word)) open.pop();
		yield {
			text: word,
			start: match.index,
			end: at,
			depth: open.length,
			inner: open.filter((bracket) => bracket !== "{").length,
			startsLine,
			indent: match.index - (text.lastIndexOf("\n", match.index) + 1),
		};
		if (/^[([{]$/.test(word)) open.push(word);
		startsLine = false;
	}
}

/** The names that a statement defines or writes to; `known` are those of the statements before. */
export function writesOf(
	tokens: readonly Token[],
	language: CodeLanguage,
	known: Set<string>,
): ReadonlySet<string> {
	const writes = new Set<string>();
	const add = (name: string, isNew: boolean) => {
		if (!NAME.test(name) || (!isNew && !known.has(name))) return;
		writes.add(name);
	};
	const isPython = language === "python";
	if (["def", "class", "function"].includes(tokens[0]!.text)) {
		add(tokens[1]!.text, true);
		known.add(tokens[1]!.text);
		return writes;
	}
	for (const [i, token] of tokens.entries()) {
		const next = tokens[i + 1]?.text ?? "";
		const isWord = NAME.test(token.text) && tokens[i - 1]?.text !== ".";
		if (!isPython && token.depth === 0 && DECLARES.has(token.text)) {
			for (const name of declaredAfter(tokens, i)) add(name, true);
		} else if (isPython && ALIAS.test(token.text)) {
			add(next, true);
		} else if (isPython && token.text === "import" && token.depth === 0) {
			for (const { text } of tokens.slice(i + 1)) if (!ALIAS.test(text)) add(text, true);
		} else if (isWord && token.inner === 0) {
			const after = tokens[afterSubscripts(tokens, i + 1)]?.text ?? "";
			const assigns = after === "=" || /^([-+*/%&|^@<>]{1,3}=|\+\+|--)$/.test(after);
			if (assigns && !/^[<>]=$/.test(after)) add(token.text, isPython);
			// a, b = …
			if (isPython && next === "," && tokens.some(({ text, inner }) => text === "=" && inner === 0))
				add(token.text, i < tokens.findIndex(({ text }) => text === "="));
			if (next === "." && MUTATES.has(tokens[i + 2]?.text ?? "")) add(token.text, false);
		}
	}
	for (const name of writes) known.add(name);
	return writes;
}

/** The names that a statement declares, in JavaScript; what stands in its blocks left out. */
export function declaredIn(tokens: readonly Token[]): string[] {
	return tokens.flatMap(({ text, depth }, i) =>
		depth === 0 && DECLARES.has(text) ? declaredAfter(tokens, i) : [],
	);
}

/** The names that `const` or `let` at a place declares; a pattern may be in brackets. */
function declaredAfter(tokens: readonly Token[], at: number): string[] {
	const [next] = tokens.slice(at + 1);
	if (next === undefined) return [];
	if (!/^[{[]$/.test(next.text)) {
		const others = tokens.filter(
			({ depth, text }, i) =>
				i > at && depth === 0 && tokens[i - 1]!.text === "," && NAME.test(text),
		);
		return [next.text, ...others.map(({ text }) => text)];
	}
	const end = tokens.findIndex(({ depth }, i) => i > at + 1 && depth === 0);
	return tokens
		.slice(at + 2, end)
		.filter((_, i) => tokens[at + 3 + i]?.text !== ":")
		.map(({ text }) => text)
		.filter((text) => NAME.test(text));
}

/** The place behind subscripts, `[i][j]`, that begin at a place. */
function afterSubscripts(tokens: readonly Token[], at: number): number {
	let i = at;
	while (tokens[i]?.text === "[") {
		const { depth } = tokens[i]!;
		i = 1 + tokens.findIndex((token, k) => k > i && token.text === "]" && token.depth === depth);
		if (i === 0) return tokens.length;
	}
	return i;
}
