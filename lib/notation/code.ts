import { each, type Language, LEVEL, MARKED, type Operator } from "./language.ts";

const shared = {
	...each("== != === !== < > <= >=", LEVEL.comparison, "left"),
	...each("+ -", LEVEL.sum, "left"),
	...each("* / %", LEVEL.product, "left"),
	...each("**", LEVEL.power, "right"),
};

const TOKEN = `${MARKED}|"[^"]*"|(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?|\\.?[A-Za-z_$][\\w$]*`;

/**
 * A language of programs, from what is its own beside the operators that they share: the pattern of
 * tokens of several signs, and operators between and before operands. A member, a call and a
 * subscript hold on tightest.
 */
export function codeLanguage(
	tokens: string,
	operators: Readonly<Record<string, Operator>>,
	prefix: Language["prefix"],
): Language {
	const table: Readonly<Record<string, Operator>> = { ...shared, ...operators };
	const suffix: Operator = { level: LEVEL.suffix, first: "left" };
	return {
		open: new Set(["(", "[", "{"]),
		close: new Set([")", "]", "}"]),
		token: new RegExp(`${TOKEN}|${tokens}|\\S`, "gi"),
		infix: (token) => {
			if (/^(\.[A-Za-z_]|[([])/.test(token)) return suffix;
			return Object.hasOwn(table, token) ? table[token] : undefined;
		},
		prefix,
		group: (text) => `(${text})`,
	};
}
