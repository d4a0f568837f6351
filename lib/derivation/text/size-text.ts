import type { Size, SizeFactor } from "../../program/sizes.ts";
import { numberLatex, symbolLatex } from "./latex-symbols.ts";

/** How a language writes powers of sizes. */
export interface SizeLanguage {
	readonly root: (x: string) => string;
	readonly square: (x: string) => string;
	/** The function of a root, where `root` is another form. */
	readonly call?: string;
	readonly pi: string;
}

/** A root by a power stays a number of Python's, which does not make float64 of float32. */
export const PYTHON: SizeLanguage = {
	root: (x) => `${x} ** 0.5`,
	square: (x) => `${x} * ${x}`,
	call: "np.sqrt",
	pi: "np.pi",
};
/** TypeScript and JavaScript. */
export const TYPESCRIPT: SizeLanguage = {
	root: (x) => `Math.sqrt(${x})`,
	square: (x) => `${x} * ${x}`,
	pi: "Math.PI",
};
const LATEX: SizeLanguage = {
	root: (x) => `\\sqrt{${x}}`,
	square: (x) => `${x}^{2}`,
	pi: "\\pi",
};

/**
 * A size in a program: `2 / N`, `N * D`, `1 / (N - 1)`.
 * @param variables what the program calls each size
 * @param isFloat whether a whole number shows its point, which makes the product a float
 */
export function sizeCode(
	size: Size,
	variables: ReadonlyMap<string, string>,
	language: SizeLanguage,
	isFloat: boolean,
): string {
	const { top, above, below } = parts(size, (label) => variables.get(label)!, language);
	if (top !== 1 || above.length === 0 || (isFloat && below.length === 0)) {
		above.unshift(isFloat && Number.isInteger(top) ? `${top}.0` : String(top));
	}
	const over = below.length > 1 ? `(${below.join(" * ")})` : below[0];
	return above.join(" * ") + (over === undefined ? "" : ` / ${over}`);
}

/** A size in LaTeX, its names as those of axes: `\frac{2}{N}`. */
export function sizeLatex(size: Size): string {
	const { top, above, below } = parts(size, symbolLatex, LATEX);
	if (top !== 1 || above.length === 0) above.unshift(numberLatex(top));
	if (below.length === 0) return above.join(" \\cdot ");
	const [over, under] = [above, below].map((each) => unbracketed(each.join(" \\cdot ")));
	return `\\frac{${over}}{${under}}`;
}

/** What stands above and below a fraction bar, and the number that stands above. */
function parts(
	{ coefficient, factors }: Size,
	nameOf: (label: string) => string,
	{ root, square }: SizeLanguage,
): { top: number; above: string[]; below: string[] } {
	const write = ({ label, second, offset, power }: SizeFactor) => {
		const terms = [nameOf(label)];
		if (second !== undefined) terms.push(second.sign < 0 ? "-" : "+", nameOf(second.label));
		if (offset !== 0) terms.push(offset < 0 ? "-" : "+", String(Math.abs(offset)));
		const base = terms.length === 1 ? terms[0]! : `(${terms.join(" ")})`;
		const size = Math.abs(power);
		if (size === 0.5) return root(base);
		return size === 2 ? square(base) : base;
	};
	const { top, bottom } = fraction(coefficient);
	const above = factors.filter(({ power }) => power > 0).map(write);
	const below = factors.filter(({ power }) => power < 0).map(write);
	if (bottom !== 1) below.unshift(String(bottom));
	return { top, above, below };
}

/** Brackets around all of a text, taken off. */
function unbracketed(text: string): string {
	return /^\([^()]*\)$/.test(text) ? text.slice(1, -1) : text;
}

const LARGEST_DENOMINATOR = 100;

/**
 * A number that only has a long decimal expansion, as a fraction of whole numbers, if it is a
 * simple one.
 */
function fraction(x: number): { top: number; bottom: number } {
	for (let bottom = 2; String(x).length > 6 && bottom <= LARGEST_DENOMINATOR; bottom++) {
		const top = Math.round(x * bottom);
		if (top > 0 && Math.abs(top / bottom - x) <= 1e-12 * x) return { top, bottom };
	}
	return { top: x, bottom: 1 };
}
