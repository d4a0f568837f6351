/** An operator between two operands. */
export interface Operator {
	/** How tightly it binds: the greater, the tighter. */
	readonly level: number;
	/** Which of two operators of one level comes first; `either` where brackets make no difference. */
	readonly first: "left" | "right" | "either";
}

/** What has to be known of a language to set brackets in it. */
export interface Language {
	/** Matches one token; spaces between tokens are skipped. */
	readonly token: RegExp;
	/** The operator that this token is after an operand. */
	readonly infix: (token: string) => Operator | undefined;
	/** How tightly this token binds as an operator before an operand. */
	readonly prefix: Readonly<Record<string, number>>;
	readonly open: ReadonlySet<string>;
	readonly close: ReadonlySet<string>;
	readonly group: (text: string) => string;
}

/** The levels that the languages share. */
export const LEVEL = {
	choice: 1,
	or: 2,
	and: 3,
	comparison: 5,
	sum: 10,
	bigSum: 19,
	product: 20,
	matrixProduct: 25,
	sign: 30,
	fraction: 35,
	power: 40,
	numeral: 45,
	suffix: 50,
} as const;

/** An argument text that stands between markers, as `embed` has it. */
const MARKED = "\\uE000[^\\uE001]*\\uE001";

const code = { open: new Set(["(", "[", "{"]), close: new Set([")", "]", "}"]) };
const inBrackets = (text: string) => `(${text})`;

/** The operators of a table; a member, a call and a subscript hold on tightest. */
function codeOperators(table: Readonly<Record<string, Operator>>) {
	const suffix: Operator = { level: LEVEL.suffix, first: "left" };
	return (token: string): Operator | undefined =>
		/^(\.[A-Za-z_]|[([])/.test(token)
			? suffix
			: Object.hasOwn(table, token)
				? table[token]
				: undefined;
}

function each(tokens: string, level: number, first: Operator["first"]): Record<string, Operator> {
	return Object.fromEntries(tokens.split(" ").map((token) => [token, { level, first }]));
}

const arithmetic = {
	...each("== != === !== < > <= >=", LEVEL.comparison, "left"),
	...each("+ -", LEVEL.sum, "left"),
	...each("* / %", LEVEL.product, "left"),
	...each("**", LEVEL.power, "right"),
};

const codeToken = `${MARKED}|"[^"]*"|(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?|\\.?[A-Za-z_$][\\w$]*`;

/** Python, as far as NumPy programs go. */
export const python: Language = {
	...code,
	token: new RegExp(`${codeToken}|\\*\\*|//|[=!<>]=|\\S`, "gi"),
	infix: codeOperators({ ...arithmetic, ...each("// @", LEVEL.product, "left") }),
	prefix: { "-": LEVEL.sign, "~": LEVEL.sign },
	group: inBrackets,
};

/** JavaScript, and so TypeScript. */
export const javascript: Language = {
	...code,
	token: new RegExp(`${codeToken}|\\*\\*|[=!]==|&&|\\|\\||[=!<>]=|\\S`, "gi"),
	infix: codeOperators({
		...arithmetic,
		...each("? :", LEVEL.choice, "right"),
		...each("||", LEVEL.or, "left"),
		...each("&&", LEVEL.and, "left"),
	}),
	prefix: { "-": LEVEL.sign, "!": LEVEL.sign },
	group: inBrackets,
};

const latexOperators: Readonly<Record<string, Operator>> = {
	...each("\\lor", LEVEL.or, "either"),
	...each("\\land", LEVEL.and, "either"),
	...each("= < > \\le \\ge \\ne", LEVEL.comparison, "left"),
	...each("+", LEVEL.sum, "either"),
	...each("-", LEVEL.sum, "left"),
	...each("\\odot \\cdot \\times", LEVEL.product, "either"),
	...each("/ \\bmod", LEVEL.product, "left"),
	...each("\\,", LEVEL.matrixProduct, "either"),
	...each("^", LEVEL.power, "right"),
	...each("_", LEVEL.suffix, "left"),
};

/**
 * The mathematics of LaTeX. A thin space `\,` is a product, of numbers or of matrices; `\sum` reaches over products. `\left` and
 * `\right` belong to the bracket after them.
 */
export const latex: Language = {
	open: new Set(["{", "(", "[", "\\left(", "\\lfloor", "\\lceil", "\\lvert", "\\lVert"]),
	close: new Set(["}", ")", "]", "\\right)", "\\rfloor", "\\rceil", "\\rvert", "\\rVert"]),
	token: new RegExp(
		`${MARKED}|\\\\sum(?:_\\{[^{}]*\\})?|\\\\(?:left|right)[()]|\\\\[A-Za-z]+|\\\\\\S|\\d+\\.?\\d*|\\S`,
		"g",
	),
	infix: (token) => (Object.hasOwn(latexOperators, token) ? latexOperators[token] : undefined),
	prefix: {
		"-": LEVEL.product,
		"\\lnot": LEVEL.sign,
		"\\frac": LEVEL.fraction,
		"\\sum": LEVEL.bigSum,
	},
	group: (text) => (/\\frac|\\sum/.test(text) ? `\\left(${text}\\right)` : `(${text})`),
};
