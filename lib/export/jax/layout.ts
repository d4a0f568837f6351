/** No line is longer, as Python's formatters have it, where brackets can be opened. */
export const WIDTH = 88;

const OPEN = "([{";
const CLOSE = ")]}";

/** Lines of Python as a formatter has them: what the last brackets of a long one hold is below. */
export function laidOut(lines: readonly string[]): string[] {
	return lines.map(spaced).flatMap((line) => {
		if (line.length <= WIDTH) return [line];
		const indent = /^ */.exec(line)![0];
		const [, text, end] = /^(.*?)(:?(?: {2}#.*)?)$/.exec(line.slice(indent.length))!;
		return brokenUp(text!, end!, indent);
	});
}

/**
 * A line with no comma behind the last of several items, no sign of a positive exponent, and no
 * space around `**` of two words.
 */
function spaced(line: string): string {
	return withoutLastCommas(line)
		.replaceAll(/(\d)e\+(\d)/g, "$1e$2")
		.replaceAll(/(?<![\w.)\]])([\w.]+) \*\* (-?[\w.]+)(?![\w.([])/g, "$1**$2");
}

function withoutLastCommas(line: string): string {
	let text = line;
	// The inner brackets come first.
	for (let open = line.length - 1; open >= 0; open--) {
		if (text[open] !== "(" || withoutStrings(text)[open] !== "(") continue;
		const end = closingOf(text, open);
		if (text[end - 1] !== "," || separated(text.slice(open + 1, end)).length === 1) continue;
		text = text.slice(0, end - 1) + text.slice(end);
	}
	return text;
}

/** A text, what stands behind it, and the indent of both. */
function brokenUp(text: string, end: string, indent: string): string[] {
	const whole = `${indent}${text}${end}`;
	const { head, items, tail } = lastBrackets(text);
	if (whole.length <= WIDTH || items.length === 0) return [whole];
	const inner = `${indent}    `;
	return [
		`${indent}${head}`,
		...items.flatMap((item) => brokenUp(item, ",", inner)),
		`${indent}${tail}${end}`,
	];
}

/**
 * A text that is too long for a line, of which no brackets can be opened, with calls in it on lines
 * of their own: `b * jnp.exp(…) / c`.
 * @param nameOfPart a name for what a function of this name gives
 */
export function shortened(
	text: string,
	room: number,
	nameOfPart: (stem: string) => string,
): { readonly before: readonly string[]; readonly rest: string } {
	const before: string[] = [];
	let rest = text;
	// What is called in a comprehension may depend on its variable.
	while (rest.length > room && !/ for |lambda/.test(rest)) {
		const code = rest.replace(/ {2}#.*$/, "");
		if (lastBrackets(code).items.length > 0) break;
		const call = longestCall(code);
		if (call === undefined) break;
		const part = nameOfPart(/(\w+)\(/.exec(call)![1]!);
		before.push(`${part} = ${call}`);
		rest = rest.replace(call, part);
	}
	return { before, rest };
}

/** The longest call of a function in a text that is not all of it. */
function longestCall(text: string): string | undefined {
	const calls = [...text.matchAll(/(?<![\w.)\]])[a-z][\w.]*(?=\()/g)].map(({ 0: name, index }) => {
		return text.slice(index, closingOf(text, index + name.length) + 1);
	});
	return calls.filter((call) => call !== text).sort((a, b) => b.length - a.length)[0];
}

/** Where the brackets close that open at a place. */
function closingOf(text: string, open: number): number {
	let depth = 0;
	return withoutStrings(text).findIndex((letter, at) => {
		if (at < open) return false;
		if (OPEN.includes(letter)) depth++;
		return CLOSE.includes(letter) && --depth === 0;
	});
}

/** The brackets that are opened to break a text up, and what stands in them. */
interface Brackets {
	readonly head: string;
	readonly items: readonly string[];
	readonly tail: string;
}

/**
 * The brackets that a text ends with, or that stand before `-> type` or `= name`; results that are
 * returned get some. Without any there are no items.
 */
function lastBrackets(text: string): Brackets {
	if (text.startsWith("return ")) {
		const results = separated(text.slice("return ".length));
		if (results.length > 1) return { head: "return (", items: results, tail: ")" };
	}
	const [, before, after] = /^(.*?)( -> .*| = \w+)?$/.exec(text)!;
	const open = openingOf(before!);
	const items = separated(before!.slice(open + 1, -1));
	if (open < 0 || !takesComma(before!, open, items)) return { head: text, items: [], tail: "" };
	return { head: before!.slice(0, open + 1), items, tail: before!.slice(-1) + (after ?? "") };
}

/**
 * Whether a formatter opens these brackets, and a comma behind the last item changes nothing: not
 * where an operator stands before them, nor where they hold one index or operand.
 */
function takesComma(text: string, open: number, items: readonly string[]): boolean {
	if (/ [-+*/@%<>&|]+ /.test(withoutBrackets(text.slice(0, open)))) return false;
	if (items.length > 1 || text.at(-2) === ",") return true;
	const isCalled = /\w/.test(text[open - 1] ?? "");
	return isCalled ? text[open] === "(" : text[open] !== "(";
}

/** A text without what is in brackets that are closed in it. */
function withoutBrackets(text: string): string {
	let rest = withoutStrings(text).join("");
	for (let before = ""; before !== rest; ) {
		before = rest;
		rest = rest.replaceAll(/[([{][^()[\]{}]*[)\]}]/g, "");
	}
	return rest;
}

/** Where the brackets open that a text ends with; below 0 where it ends with none. */
function openingOf(text: string): number {
	let open = -1;
	let depth = 0;
	for (const [at, letter] of withoutStrings(text).entries()) {
		if (OPEN.includes(letter) && depth++ === 0) open = at;
		if (CLOSE.includes(letter)) depth--;
		else if (depth === 0) open = -1;
	}
	return open;
}

/** What stands between the commas of a text that are in no brackets. */
function separated(text: string): string[] {
	const commas: number[] = [];
	let depth = 0;
	for (const [at, letter] of withoutStrings(text).entries()) {
		if (OPEN.includes(letter)) depth++;
		if (CLOSE.includes(letter)) depth--;
		if (letter === "," && depth === 0) commas.push(at);
	}
	const items = [...commas, text.length].map((end, i) => text.slice(i && commas[i - 1]! + 1, end));
	return items.map((item) => item.trim()).filter((item) => item !== "");
}

/** The letters of a text, with others in place of its strings. */
function withoutStrings(text: string): string[] {
	return text.replaceAll(/"(?:\\.|[^"\\])*"/g, (string) => "_".repeat(string.length)).split("");
}
