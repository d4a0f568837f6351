// How strongly an expression holds together, read off its text: so parentheses come out right for whatever an op prints, in
// Python as in TypeScript. Greater is stronger.

const COMPARISON = 1;
const SUM = 2;
const PRODUCT = 3;
const SIGN = 4;
const POWER = 5;
const POSTFIX = 6;

const BINARY: Readonly<Record<string, number>> = {
	"==": COMPARISON,
	"!=": COMPARISON,
	"<": COMPARISON,
	"<=": COMPARISON,
	">": COMPARISON,
	">=": COMPARISON,
	"===": COMPARISON,
	"!==": COMPARISON,
	"+": SUM,
	"-": SUM,
	"*": PRODUCT,
	"/": PRODUCT,
	"@": PRODUCT,
	"%": PRODUCT,
	"**": POWER,
};

/** Stands for an argument while an op's text is read. */
const slotOf = (i: number) => String.fromCharCode(0xe000 + i);
const SLOT = /[\ue000-\uf8ff]/;

/**
 * An op's text around argument texts, with parentheses where an argument would otherwise fall apart.
 * @param print gives the op's text around argument texts
 * @param texts each argument's text, as a function of whether it is multiplied (so that a number can be written with its point)
 */
export function joined(
	print: (args: readonly string[]) => string,
	texts: readonly ((isMultiplied: boolean) => string)[],
): string {
	const template = print(texts.map((_, i) => slotOf(i)));
	const tokens = tokenize(template);
	return tokens
		.map((token, at) => {
			if (!SLOT.test(token)) return token;
			const needed = demand(tokens, at);
			const text = texts[token.charCodeAt(0) - 0xe000]!(needed === PRODUCT);
			return strength(text) >= needed ? text : `(${text})`;
		})
		.join("");
}

/** Numbers, words, operators, brackets, strings and space, in order; joined they are the text. */
function tokenize(text: string): string[] {
	const token =
		/"[^"]*"|'[^']*'|\d[\w.]*(?:(?<=[eE])[+-]\d+)?|[\p{ID_Start}_$][\p{ID_Continue}$]*|\*\*|[=!]==?|[<>]=?|\s+|\s|\S/gu;
	return text.match(token) ?? [];
}

/** How strong the weakest operator outside of brackets is. */
function strength(text: string): number {
	const tokens = tokenize(text);
	let depth = 0;
	let weakest = POSTFIX;
	for (const [at, token] of tokens.entries()) {
		if ("([{".includes(token)) depth++;
		else if (")]}".includes(token)) depth--;
		else if (depth === 0) {
			const operator = operatorAt(tokens, at);
			if (operator !== null) weakest = Math.min(weakest, operator.strength);
		}
	}
	return weakest;
}

function operatorAt(
	tokens: readonly string[],
	at: number,
): { strength: number; isPrefix: boolean } | null {
	const binary = BINARY[tokens[at]!];
	if (binary === undefined) return null;
	const before = neighbour(tokens, at, -1);
	const isPrefix = before === null || "([{,=:".includes(before) || BINARY[before] !== undefined;
	return { strength: isPrefix ? SIGN : binary, isPrefix };
}

function neighbour(tokens: readonly string[], at: number, step: 1 | -1): string | null {
	let i = at + step;
	while (tokens[i]?.trim() === "") i += step;
	return tokens[i] ?? null;
}

/** How strong an expression has to be to stand here in one piece. */
function demand(tokens: readonly string[], at: number): number {
	let left = at - 1;
	while (tokens[left]?.trim() === "") left--;
	const before = tokens[left] === undefined ? null : operatorAt(tokens, left);
	const after = neighbour(tokens, at, 1);
	let needed = 0;
	// What stands on the right of an operator has to be stronger, since a − (b − c) is not a − b − c; a power takes a sign.
	if (before !== null) needed = before.strength === POWER ? SIGN : before.strength + 0.5;
	if (after === null) return needed;
	if (after === "." || after === "[" || after === "(") return POSTFIX;
	const next = BINARY[after];
	if (next === undefined) return needed;
	const isStrict = next === POWER || next === COMPARISON;
	return Math.max(needed, isStrict ? next + 0.5 : next);
}
