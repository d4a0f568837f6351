import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loopsOf } from "../../../lib/derivation/draft/blocks.ts";
import type { Derivation } from "../../../lib/derivation/index.ts";
import { HEADINGS } from "../../../lib/derivation/text/headings.ts";
import type { Entry } from "./entry.ts";
import { fixedShapes, longer } from "./exceptions.ts";
import type { LANGS } from "./goldens.ts";
import { type Family, families, gallery } from "./index.ts";

type Lang = (typeof LANGS)[number];

const WORDS = {
	en: {
		title: "Gallery",
		other: "中文",
		textbook: "The textbook's form",
		longer: "More lines than the textbook's and one",
		fixed: "For these shapes only",
		columns: ["function", "lines printed", "lines in the textbook", "source"],
		summary: (all: number, within: number) =>
			`${all} functions. The gradients of ${within} of them print in no more lines than the textbook takes, or in one more.`,
		exceptions: "The rest, and why:",
		page: [
			"Each function stands here as a user writes it, with what `derive` prints of it as mathematics and as NumPy, and with the form that a textbook gives, in our own words.",
			'Helpers such as `sigmoid` are left out of the NumPy programs; `print("numpy")` writes them at the top. $\\odot$ multiplies element by element; a product without a sign is a matrix product.',
		],
		index: [
			"Functions from textbooks and papers, each with its gradient as `derive` prints it and, beside it, the form that its source gives.",
			"These pages are written by `npx tsx spec/derivation/gallery/write.ts`. A spec compares them, counts the lines, and runs every program, at the sizes that it was derived at and at others, against the engine; `npm run gallery:jax` runs all of them against JAX.",
		],
	},
	zh: {
		title: "梯度示例集",
		other: "English",
		textbook: "教科书的写法",
		longer: "比教科书多出不止一行",
		fixed: "仅适用于这些形状",
		columns: ["函数", "打印的行数", "教科书的行数", "出处"],
		summary: (all: number, within: number) =>
			`共 ${all} 个函数，其中 ${within} 个的梯度打印出来的行数不超过教科书，或只多一行。`,
		exceptions: "其余的以及原因：",
		page: [
			"这里的每个函数都照用户的写法列出，后面是 `derive` 打印的数学公式与 NumPy 程序，再附上教科书给出的写法（用我们自己的话写成）。",
			'NumPy 程序略去了 `sigmoid` 之类的辅助函数，`print("numpy")` 会把它们写在开头。$\\odot$ 表示逐元素相乘，没有运算符号的乘积是矩阵乘积。',
		],
		index: [
			"这里收集了教科书与论文中的函数，每个都附有 `derive` 打印的梯度，并列出原出处的写法以便对照。",
			"这些页面由 `npx tsx spec/derivation/gallery/write.ts` 生成。测试会核对这些页面、统计行数，并在推导时的大小与另一组大小上分别运行每个程序，把结果与引擎比较；`npm run gallery:jax` 则把它们全部与 JAX 比较。",
		],
	},
};

const suffix = { en: "md", zh: "zh.md" };

/** Where a page lies, from the root of the repository: a family's, or the index. */
export function pageFile(family: Family | null, lang: Lang): string {
	const name = family === null ? "gallery" : `gallery/${family.name}`;
	return `docs/${name}.${suffix[lang]}`;
}

/** The function of an entry as it stands in its file, without the types. */
export function sourceOf(family: Family, { name }: Entry): string {
	const file = join(import.meta.dirname, "families", `${family.name}.ts`);
	const text = readFileSync(file, "utf8");
	const from = text.indexOf("\t\tf: ", text.indexOf(`name: ${JSON.stringify(name)}`));
	const source = text.slice(from + "\t\tf: ".length, text.indexOf(",\n\t\tsizes: ", from));
	return source
		.replaceAll("\n\t\t", "\n")
		.replaceAll(/: (?:Tensor|Of<[^>]*>)(?=[,)])| as Tensor(?=[.)]|$)/g, "")
		.replaceAll("]!", "]")
		.replaceAll(" as const", "")
		.replaceAll("\t", "  ");
}

/** A passage of LaTeX as GitHub shows it: in a fence, where Markdown leaves every sign alone. */
const mathematics = (lines: string) => [
	"```math",
	"\\begin{aligned}",
	lines,
	"\\end{aligned}",
	"```",
];

function entryLines(family: Family, entry: Entry, derivation: Derivation, lang: Lang): string[] {
	const words = WORDS[lang];
	const { forward, backward } = HEADINGS[lang];
	const latex = derivation.print("latex", { lang });
	const blocks = [...latex.matchAll(/(.*)\n\\begin\{align\*\}\n([\s\S]*?)\n\\end\{align\*\}/g)];
	const isLooped = loopsOf(derivation).length > 0;
	/** For which steps formulas hold. */
	const steps = (before: string) => (before.startsWith("\\") ? [] : [before, ""]);
	const numpy = derivation.print("numpy", { lang });
	const note = (title: string, text: string | undefined) =>
		text === undefined ? [] : ["", `_${title}${lang === "zh" ? "：" : ": "}${text}_`];
	return [
		`## ${entry.title[lang]}`,
		"",
		entry.why[lang],
		"",
		"```js",
		sourceOf(family, entry),
		"```",
		"",
		...(isLooped ? [latex.slice(0, latex.indexOf("\n")), ""] : []),
		...blocks.flatMap(([, before, lines]) => [...steps(before!), ...mathematics(lines!), ""]),
		"```python",
		numpy.slice(numpy.indexOf(`# ${HEADINGS[lang].given}`)).trimEnd(),
		"```",
		"",
		lang === "zh"
			? `${words.textbook}（${entry.source}）：`
			: `${words.textbook} (${entry.source}):`,
		"",
		"```python",
		`# ${forward}`,
		...entry.textbook.forward,
		"",
		`# ${backward}`,
		...entry.textbook.backward,
		"```",
		...note(words.longer, longer[entry.name]?.[lang]),
		...note(words.fixed, fixedShapes[entry.name]?.[lang]),
		"",
	];
}

/** The page of a family. */
export function familyPage(
	family: Family,
	derivations: ReadonlyMap<string, Derivation>,
	lang: Lang,
): string {
	const other = lang === "en" ? "zh" : "en";
	const index = pageFile(null, lang).replace("docs/", "../");
	return [
		`# ${family.title[lang]}`,
		"",
		...WORDS[lang].page,
		"",
		`[${WORDS[lang].title}](${index}) · [${WORDS[lang].other}](${family.name}.${suffix[other]})`,
		"",
		...family.entries.flatMap((entry) =>
			entryLines(family, entry, derivations.get(entry.name)!, lang),
		),
	].join("\n");
}

/** What GitHub calls the place of a heading. */
const anchor = (title: string) =>
	title
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
		.replaceAll(" ", "-");

/** The page that lists the whole gallery. */
export function indexPage(derivations: ReadonlyMap<string, Derivation>, lang: Lang): string {
	const { title, other, columns, summary, exceptions, index, fixed } = WORDS[lang];
	const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
	const within = gallery.length - Object.keys(longer).length;
	const titleOf = (name: string) => gallery.find((entry) => entry.name === name)!.title[lang];
	const colon = lang === "zh" ? "：" : ": ";
	const list = (reasons: typeof longer) =>
		Object.entries(reasons).map(([name, why]) => `- ${titleOf(name)}${colon}${why[lang]}`);
	return [
		`# ${title}`,
		"",
		...index,
		"",
		`[${other}](${pageFile(null, lang === "en" ? "zh" : "en").replace("docs/", "")})`,
		"",
		summary(gallery.length, within),
		"",
		...families.flatMap((family) => {
			const page = pageFile(family, lang).replace("docs/", "");
			return [
				`## [${family.title[lang]}](${page})`,
				"",
				row(columns),
				"| --- | --: | --: | --- |",
				...family.entries.map(({ name, title, textbook, source }) =>
					row([
						`[${title[lang]}](${page}#${anchor(title[lang])})`,
						derivations.get(name)!.backward.length,
						textbook.backward.length,
						source,
					]),
				),
				"",
			];
		}),
		...(Object.keys(longer).length > 0 ? [exceptions, "", ...list(longer), ""] : []),
		...(Object.keys(fixedShapes).length > 0
			? [`${fixed}${colon.trim()}`, "", ...list(fixedShapes), ""]
			: []),
	].join("\n");
}
