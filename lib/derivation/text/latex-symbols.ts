const GREEK = new Set(
	(
		"alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega " +
		"Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
	).split(" "),
);

/**
 * A variable or an axis in LaTeX: one letter in italics, a Greek one by its name, a word upright;
 * digits and what follows `_` are the index, but for `hat`, `bar` and `tilde`, which stand on a
 * letter. Signs that LaTeX, Markdown or HTML would read as
 * markup are left out.
 */
export function symbolLatex(name: string): string {
	const [head = "?", ...rest] = name
		.replace(/[^\p{L}\p{M}\p{N}_+\-/.,:=()']+/gu, " ")
		.split("_")
		.map((part) => part.trim())
		.filter((part) => part !== "");
	const [, letters = "", digits = ""] = /^(.*?)(\d*)$/u.exec(head)!;
	const isLetter = GREEK.has(letters) || /^\p{L}$/u.test(letters);
	const accents = isLetter ? rest.filter((part) => ACCENTS.has(part)) : [];
	const parts = [letters, digits, ...rest.filter((part) => !accents.includes(part))];
	const [base = "", ...index] = parts.filter((part) => part !== "").map(word);
	const symbol = accents.reduce((text, accent) => `\\${accent}{${text}}`, base);
	return symbol + (index.length === 0 ? "" : `_{${index.join(",")}}`);
}

const ACCENTS = new Set(["hat", "bar", "tilde"]);

function word(text: string): string {
	if (GREEK.has(text)) return `\\${text}`;
	return /^(\d+|\p{L})$/u.test(text) ? text : `\\mathrm{${text}}`;
}

/**
 * A number in LaTeX; one that only has a long decimal expansion is written as a fraction, if it is
 * a simple one, else with all its digits.
 */
export function numberLatex(number: number): string {
	if (Number.isNaN(number)) return "\\mathrm{NaN}";
	const sign = number < 0 ? "-" : "";
	const size = Math.abs(number);
	if (size === Number.POSITIVE_INFINITY) return `${sign}\\infty`;
	const text = String(size);
	const [, mantissa, exponent] = /^(.*)e[+]?(.*)$/.exec(size.toExponential())!;
	if (size > 0 && mantissa!.length <= 4 && (size < 1e-3 || size >= 1e6)) {
		return `${sign}${mantissa === "1" ? "" : `${mantissa} \\cdot `}10^{${exponent}}`;
	}
	if (text.length <= 6) return sign + text;
	for (let below = 2; below <= LARGEST_DENOMINATOR; below++) {
		const above = Math.round(size * below);
		if (above > 0 && above < 1000 && Math.abs(above / below - size) <= 1e-15 * size) {
			return `${sign}\\frac{${above}}{${below}}`;
		}
	}
	return sign + text.replace(/e[+]?(.*)$/, " \\cdot 10^{$1}");
}

const LARGEST_DENOMINATOR = 10000;

/** A shape in LaTeX, `N \times D_{\mathrm{in}}`; a scalar is a 1. */
export function shapeLatex(axes: readonly string[]): string {
	if (axes.length === 0) return "1";
	const one = (axis: string) => axis.split("·").map(sizePart).join(" \\cdot ");
	return axes.map(one).join(" \\times ");
}

/** A size, or a sum of some, `(L−K+1)`. */
function sizePart(text: string): string {
	const sum = /^\(([^()]*[+−][^()]*)\)$/u.exec(text)?.[1];
	if (sum === undefined) return symbolLatex(text);
	const signs = new Map([
		["+", " + "],
		["−", " - "],
	]);
	return `(${sum
		.split(/([+−])/u)
		.map((part) => signs.get(part) ?? symbolLatex(part))
		.join("")})`;
}
