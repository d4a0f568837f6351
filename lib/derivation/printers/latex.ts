import { named } from "../../notation/mathematics.ts";
import type { ConstantForm } from "../../program/constants.ts";
import type { Argument, Block, Derived, Statement } from "../draft/model.ts";
import { HEADINGS, type Lang, onlyFor } from "../text/headings.ts";
import { elementsLatex, type Symbols, symbolsOf } from "../text/latex.ts";
import { shapeLatex } from "../text/latex-symbols.ts";
import { SizeWriter } from "../text/size-writer.ts";
import { markOf } from "./by-hand.ts";
import { constantsOf, type DefinedConstant } from "./constants.ts";
import { formulaGroups, loopNotes } from "./formulas.ts";
import type { PrintOptions } from "./print-options.ts";

/**
 * The derivation as a fragment for LaTeX with amsmath: the lines of each pass, with their shapes.
 */
export function printLatex(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const { forward, backward, constants } = HEADINGS[lang];
	const sizes = new SizeWriter(derived.sizes);
	const symbols = symbolsOf(derived, sizes);
	const aligned = (block: Block) =>
		formulaGroups(block, symbols, sizes, lang).flatMap(({ heading, lines }) => [
			...(heading === null ? [] : [heading]),
			...alignedLines(
				lines.map(({ left, right, axes, line }) => {
					const mark = line === null ? "" : latexMark(line, lang);
					return `  ${left} &= ${right} && ${shapeLatex(axes)}${mark} \\\\`;
				}),
			),
		]);
	const { defined } = constantsOf(derived, sizes);
	const definitions = defined.map(
		(x) => `  ${constantLatex(x, symbols, sizes)} && ${shapeLatex(x.axes)} \\\\`,
	);
	const lines = [
		...(definitions.length > 0
			? [`\\paragraph{${constants}}`, ...alignedLines(definitions), ""]
			: []),
		`\\paragraph{${forward}}`,
		...aligned(derived.blocks.forward),
		"",
		`\\paragraph{${backward}}`,
		...aligned(derived.blocks.backward),
		"",
	];
	const notes = [onlyForLatex(derived, sizes, symbols, lang), loopNotes(symbols, lang)];
	const said = notes.flatMap((note) => (note === null ? [] : [note, ""]));
	return [...said, ...lines].join("\n");
}

/** Equations below each other; none is nothing. */
function alignedLines(lines: readonly string[]): readonly string[] {
	return lines.length === 0 ? [] : ["\\begin{align*}", ...lines, "\\end{align*}"];
}

/**
 * The sentence that the text holds for no other shapes; mathematics stands between dollar signs.
 * Null where it holds for all.
 */
export function onlyForLatex(
	derived: Derived,
	sizes: SizeWriter,
	symbols: Symbols,
	lang: Lang,
): string | null {
	const shape = ({ name, axes }: Argument) => `$${symbols(name)}$ ($${shapeLatex(axes)}$)`;
	const sentence = onlyFor(derived, sizes, lang, shape);
	return sentence === null ? null : sentence + (lang === "zh" ? "。" : ".");
}

/** That a derivative was fixed by hand, to stand behind a line; empty where none was. */
export function latexMark(line: Statement, lang: Lang): string {
	const mark = markOf(line, lang);
	return mark === null ? "" : ` \\quad \\text{${mark}}`;
}

/** What a constant is, as an equation; `sign` stands between its sides. */
export function constantLatex(
	{ name, value, form, everywhere }: DefinedConstant,
	symbols: Symbols,
	sizes: SizeWriter,
	sign = "&=",
): string {
	const sides = (text: string) => `${symbols(name)} ${sign} ${sizes.release(text)}`;
	switch (form.kind) {
		case "identity": {
			const forms = everywhere.map((each) => each.form);
			const factors = forms.flatMap((each) => (each.kind === "identity" ? [each.factor] : []));
			const factor = sizes.hold(factors, value.type.dtype);
			return sides(factor === "1" ? "I" : `${factor}\\,I`);
		}
		case "triangle": {
			const text = (each: ConstantForm) =>
				each.kind === "triangle"
					? named(each.op.name, ["1"], each.k === 0 ? "" : String(each.k))
					: "";
			return sides(sizes.latex(everywhere.map((each) => text(each.form))));
		}
		case "elements":
			return sides(elementsLatex(value.tensor.toArray()));
	}
}
