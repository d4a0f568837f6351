import { each, type Language, LEVEL, MARKED, type Operator } from "./language.ts";

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
 * The mathematics of LaTeX. A thin space `\,` is a product, of numbers or of matrices; `\sum`
 * reaches over products. `\left` and `\right` belong to the bracket after them.
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
