const GREEK = new Set(
	(
		"alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega " +
		"Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
	).split(" "),
);

/**
 * A variable or an axis in LaTeX: one letter in italics, a Greek one by its name, a word upright;
 * digits and what follows `_` are the index. Signs that LaTeX, Markdown or HTML would read as
 * markup are left out.
 */
export function symbolLatex(name: string): string {
	const [head = "?", ...rest] = name
		.replace(/[^\p{L}\p{M}\p{N}_+\-/.,:=()']+/gu, " ")
		.split("_")
		.map((part) => part.trim())
		.filter((part) => part !== "");
	const [, letters = "", digits = ""] = /^(.*?)(\d*)$/u.exec(head)!;
	const [base, ...index] = [letters, digits, ...rest].filter((part) => part !== "").map(word);
	return base + (index.length === 0 ? "" : `_{${index.join(",")}}`);
}

function word(text: string): string {
	if (GREEK.has(text)) return `\\${text}`;
	return /^(\d+|\p{L})$/u.test(text) ? text : `\\mathrm{${text}}`;
}

/**
 * A number in LaTeX; one that only has a long decimal expansion is written as a fraction, if it is
 * a simple one.
 */
export function numberLatex(number: number): string {
	if (Number.isNaN(number)) return "\\mathrm{NaN}";
	const sign = number < 0 ? "-" : "";
	const size = Math.abs(number);
	if (size === Number.POSITIVE_INFINITY) return `${sign}\\infty`;
	const text = String(size);
	if (text.length <= 6) return sign + text.replace(/e([+-]?)\+?(\d+)$/, " \\cdot 10^{$1$2}");
	for (let below = 2; below <= LARGEST_DENOMINATOR; below++) {
		const above = Math.round(size * below);
		if (above > 0 && above < 1000 && Math.abs(above / below - size) <= 1e-15 * size) {
			return `${sign}\\frac{${above}}{${below}}`;
		}
	}
	return (
		sign +
		String(Number(size.toPrecision(6)))
			.replace(/e([+-]?)\+?(\d+)$/, " \\cdot 10^{$1$2}")
			.replace("{+", "{")
	);
}

const LARGEST_DENOMINATOR = 10000;

/** A shape in LaTeX, `N \times D_{\mathrm{in}}`; a scalar is a 1. */
export function shapeLatex(axes: readonly string[]): string {
	if (axes.length === 0) return "1";
	const one = (axis: string) => axis.split("·").map(symbolLatex).join(" \\cdot ");
	return axes.map(one).join(" \\times ");
}
