import { DomainError } from "../../core/error.ts";
import { isChoiceBlock, isLoop } from "../draft/blocks.ts";
import type { Block, Derived, LineExpression, Statement } from "../draft/model.ts";
import { explain } from "../explanations/explain.ts";
import { HEADINGS } from "../text/headings.ts";
import { equationLatex, symbolsOf } from "../text/latex.ts";
import { shapeLatex } from "../text/latex-symbols.ts";
import { SizeWriter } from "../text/size-writer.ts";
import { indented } from "./blocks.ts";
import { numpyHeads, numpyNothing } from "./choices.ts";
import { constantsOf } from "./constants.ts";
import { afterLoop, choiceHeadings, hasFormula, loopHeading, loopNotes } from "./formulas.ts";
import { constantLatex, latexMark, onlyForLatex } from "./latex.ts";
import {
	numpyConstant,
	numpyHead,
	numpyRoom,
	numpySizes,
	numpyStatements,
	numpyText,
} from "./numpy.ts";
import type { PrintOptions } from "./print-options.ts";

const LEGEND = {
	en:
		"Functions and powers act on each element; $\\odot$ multiplies element by element, a product without a sign is a matrix product. " +
		"$\\sum_{i}$ sums over the first axis, $\\sum_{j}$ over the second, and so on. A condition in brackets, $[h \\ge 0]$, is 1 where it holds and 0 elsewhere.",
	zh:
		"函数与幂均逐元素作用；$\\odot$ 表示逐元素相乘，没有运算符号的乘积是矩阵乘积。" +
		"$\\sum_{i}$ 沿第一个轴求和，$\\sum_{j}$ 沿第二个轴求和，依此类推。方括号中的条件，如 $[h \\ge 0]$，成立处取 1，不成立处取 0。",
};

const ABSORBING = {
	en: " A gradient that is exactly 0 stays 0 in a product, even beside an infinite factor.",
	zh: "恰好为 0 的梯度与任何因子相乘仍为 0，即使该因子为无穷大。",
};

/** What the mathematical signs of a derivation mean; mathematics stands between dollar signs. */
export function legend({ forward, backward }: Derived, lang: "en" | "zh"): string {
	const isAbsorbing = (x: LineExpression): boolean =>
		x.kind === "application" &&
		(x.op.traits?.algebra?.absorbing !== undefined || x.args.some(isAbsorbing));
	const all = [...forward, ...backward];
	return LEGEND[lang] + (all.some((line) => isAbsorbing(line.expression)) ? ABSORBING[lang] : "");
}

/**
 * The derivation as Markdown: every line in mathematics and in NumPy, and the backward lines with
 * their explanations.
 * @throws DomainError for a line that there is not
 */
export function printMarkdown(derived: Derived, { lang = "en", lines }: PrintOptions = {}): string {
	const { given, forward, backward, kept } = HEADINGS[lang];
	const sizes = new SizeWriter(derived.sizes);
	const symbols = symbolsOf(derived, sizes);
	const numpy = numpyStatements(derived, sizes, lang);
	const picked = lines === undefined ? undefined : chosen(derived, lines);
	const explanations = explain(derived, lang, { sizes, ...(picked && { lines: picked }) });
	const formula = (text: string, axes: readonly string[], mark = "") => [
		`$$${text} \\qquad (${shapeLatex(axes)})${mark}$$`,
		"",
	];
	const code = (lines: readonly string[], depth: number) => [
		"```python",
		...indented(lines, "    ".repeat(depth)),
		"```",
		"",
	];
	const line = (statement: Statement, depth = 0) => {
		const text = equationLatex(statement, symbols, sizes);
		const isShown = hasFormula(statement, symbols, sizes);
		return [
			...(symbols.loops.kept.has(statement) ? [kept, ""] : []),
			...(isShown ? formula(text, statement.axes, latexMark(statement, lang)) : []),
			...code(numpy(statement), depth),
			...(explanations.get(statement)?.paragraphs ?? []).flatMap((text) => [text, ""]),
		];
	};
	const block = (items: Block, depth: number, title: (line: Statement) => readonly string[]) =>
		items.flatMap((item, i): string[] => {
			const isLast = i === items.length - 1;
			if (isChoiceBlock(item)) {
				const words = choiceHeadings(item, symbols, sizes, lang);
				const arms = numpyHeads(item, sizes, numpyText).flatMap(({ head, branch }, k) => {
					const lines = branch === null ? [] : block(item.branches[branch]!, depth + 1, title);
					const none = lines.length > 0 ? [] : [`    ${numpyNothing(branch)}`];
					const lead = words.branches[k];
					return [
						...(lead === undefined ? [] : [lead, ""]),
						...code([head, ...none], depth),
						...lines,
					];
				});
				return [...arms, ...(isLast ? [] : [words.after, ""])];
			}
			if (!isLoop(item)) return [...title(item), ...line(item, depth)];
			const [sums, starts] = [true, false].map((isSum) =>
				item.starts.filter(({ reason }) => (reason.kind === "sumStart") === isSum),
			) as [Statement[], Statement[]];
			const head = [
				...sums.flatMap(numpy),
				...item.stores.map((store) => numpyRoom(store, sizes)),
				numpyHead(item, sizes),
			];
			const unchanged = symbols.loops.unchanged.get(item) ?? [];
			return [
				...block(starts, depth, title),
				...[loopHeading(item, symbols, lang), "", ...code(head, depth)],
				...block(item.body, depth + 1, title),
				...unchanged.flatMap(({ left, right, axes }) => formula(`${left} = ${right}`, axes)),
				...(isLast ? [] : [afterLoop(item, symbols, lang), ""]),
			];
		});
	if (picked !== undefined) return forMarkdown(picked.flatMap((each) => line(each)));
	const constants = constantsOf(derived, sizes);
	const constantLines = constants.defined.flatMap((constant) => [
		`$$${constantLatex(constant, symbols, sizes, "=")} \\qquad (${shapeLatex(constant.axes)})$$`,
		"",
		"```python",
		...numpyConstant(constant, sizes),
		"```",
		"",
	]);
	const args = [...derived.arguments, ...constants.given].map(
		({ name, axes }) => `$${symbols(name)}$ ($${shapeLatex(axes)}$)`,
	);
	const comma = lang === "zh" ? "，" : ", ";
	const forwardLines = block(derived.blocks.forward, 0, () => []);
	const backwardLines = block(derived.blocks.backward, 0, ({ variable }) => [
		`### \`${variable}\``,
		"",
	]);
	const notes = loopNotes(symbols, lang);
	const only = onlyForLatex(derived, sizes, symbols, lang);
	const definitions = numpySizes(derived, sizes);
	return forMarkdown([
		`${given}${lang === "zh" ? "：" : ": "}${args.join(comma)}${lang === "zh" ? "。" : "."}`,
		"",
		...(only === null ? [] : [only, ""]),
		...(definitions.length === 0 ? [] : ["```python", ...definitions, "```", ""]),
		...constantLines,
		legend(derived, lang),
		"",
		...(notes === null ? [] : [notes, ""]),
		`## ${forward}`,
		"",
		...forwardLines,
		`## ${backward}`,
		"",
		...backwardLines,
	]);
}

/**
 * Lines as text. GitHub's Markdown takes the backslash from `\,` before LaTeX sees it, so a comma
 * or a semicolon would be shown; `\thinspace` and `\thickspace` are the same spaces.
 */
export function forMarkdown(lines: readonly string[]): string {
	const text = lines.join("\n");
	return text.replaceAll("\\,", "\\thinspace ").replaceAll("\\;", "\\thickspace ");
}

/** The statements of these variables. */
function chosen({ forward, backward }: Derived, variables: readonly string[]): Statement[] {
	const all = [...forward, ...backward];
	return variables.flatMap((variable) => {
		const found = all.filter((statement) => statement.variable === variable);
		if (found.length > 0) return found;
		const known = all.map((statement) => statement.variable).join(", ");
		throw new DomainError(`print: expected lines of ${known}, got ${variable}`);
	});
}
