import * as assert from "uvu/assert";
import { embed, isNumeral } from "../../lib/notation/embed.ts";
import { javascript } from "../../lib/notation/javascript.ts";
import type { Language } from "../../lib/notation/language.ts";
import { latex } from "../../lib/notation/latex.ts";
import { python } from "../../lib/notation/python.ts";
import { suite } from "../suite.ts";

/** A template such as `$0 * $1`, as a notation. */
const form = (template: string) => (args: readonly string[]) =>
	template.replaceAll(/\$(\d)/g, (_, i) => args[Number(i)]!);

function embeds(language: Language, cases: readonly [string, string[], string][]): void {
	for (const [template, args, expected] of cases) {
		assert.is(embed(language, form(template), args), expected);
	}
}

suite("notation/embed", (test) => {
	test("an argument gets brackets where the operators beside it bind tighter", () => {
		embeds(python, [
			["$0 * $1", ["a + b", "c"], "(a + b) * c"],
			["$0 + $1", ["a * b", "c"], "a * b + c"],
			["$0 @ $1", ["a.T", "b[0]"], "a.T @ b[0]"],
			["$0.dot($1)", ["a + b", "c - d"], "(a + b).dot(c - d)"],
			["np.exp(-$0)", ["a.dot(b) + 3"], "np.exp(-(a.dot(b) + 3))"],
			["$0[mask]", ["np.exp(a)"], "np.exp(a)[mask]"],
		]);
	});

	test("of two equal operators the one that comes first needs no brackets", () => {
		embeds(python, [
			["$0 - $1", ["a - b", "c"], "a - b - c"],
			["$0 - $1", ["a", "b - c"], "a - (b - c)"],
			["$0 ** $1", ["a ** b", "c"], "(a ** b) ** c"],
			["$0 ** $1", ["a", "b ** c"], "a ** b ** c"],
		]);
	});

	test("in Python a comparison of comparisons has brackets on either side", () => {
		embeds(python, [
			["$0 != $1", ["a < b", "c"], "(a < b) != c"],
			["$0 != $1", ["a", "b < c"], "a != (b < c)"],
			["$0 < $1", ["a + b", "c"], "a + b < c"],
		]);
	});

	test("in JavaScript a sign and a power beside each other get brackets, whichever comes first", () => {
		embeds(javascript, [
			["-$0", ["x ** 2"], "-(x ** 2)"],
			["$0 ** 2", ["-x"], "(-x) ** 2"],
			["-$0", ["x.y"], "-x.y"],
			["$0 * $1", ["-x", "y"], "-x * y"],
		]);
		embeds(python, [["-$0", ["x ** 2"], "-x ** 2"]]);
	});

	test("a sign after an operator and a power of a sign get brackets, a sign in front does not", () => {
		embeds(javascript, [
			["$0 - $1", ["x", "-y"], "x - (-y)"],
			["-$0", ["-x"], "-(-x)"],
			["$0 ** 2", ["-x"], "(-x) ** 2"],
			["$0 * $1", ["-0.5", "x"], "-0.5 * x"],
			["$0 > $1", ["x", "-1"], "x > -1"],
		]);
	});

	test("numbers and strings are operands whatever is in them", () => {
		embeds(javascript, [
			["$0 * $1", ["1e-6", 'x["a + b"]'], '1e-6 * x["a + b"]'],
			["$0.exp()", ["2"], "(2).exp()"],
			["$0.exp()", ["x2"], "x2.exp()"],
		]);
	});

	test("a choice is loosest", () => {
		embeds(javascript, [
			["$0 + $1", ["a < b ? a : b", "1"], "(a < b ? a : b) + 1"],
			["$0 === 0 ? 0 : $1", ["a + b", "c + d"], "a + b === 0 ? 0 : c + d"],
		]);
	});

	test("LaTeX: sums reach over products, fractions and signs need brackets under a power", () => {
		embeds(latex, [
			["$0\\,$1", ["X^{\\top}", "G"], "X^{\\top}\\,G"],
			["$0 \\odot $1", ["a + b", "c\\,d"], "(a + b) \\odot c\\,d"],
			["$0^{\\top}", ["h_{\\mathrm{relu}}"], "h_{\\mathrm{relu}}^{\\top}"],
			["$0^{\\top}", ["\\frac{a}{b}"], "\\left(\\frac{a}{b}\\right)^{\\top}"],
			["\\sum_{i} $0", ["a\\,b"], "\\sum_{i} a\\,b"],
			["\\sum_{i} $0", ["a + b"], "\\sum_{i} (a + b)"],
			["$0 \\odot $1", ["\\sum_{i} a", "b"], "\\left(\\sum_{i} a\\right) \\odot b"],
			["\\frac{$0}{2}", ["a + b"], "\\frac{a + b}{2}"],
			["$0^{2}", ["\\lvert x - y \\rvert"], "\\lvert x - y \\rvert^{2}"],
			["$0 + $1", ["a", "b + c"], "a + b + c"],
		]);
	});

	test("an argument can be asked whether it is a number", () => {
		const seen: boolean[] = [];
		embed(python, (args) => String(seen.push(...args.map(isNumeral))), [
			"2.0",
			"-1e-6",
			"x1",
			"2 * x",
		]);
		assert.equal(seen, [true, true, false, false]);
	});
});
