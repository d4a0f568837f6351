import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as assert from "uvu/assert";
import { codeOf, documents, fences } from "./documents.ts";
import { suite } from "./suite.ts";

const root = join(import.meta.dirname, "..");
const read = (document: string) => readFileSync(join(root, document), "utf8");

/** The headings, blocks, items and rows of tables of a document, in order, without their words. */
function shape(text: string): string[] {
	const sections = text.replaceAll(/^(```[^\n]+\n).*?^```$/gms, "$1");
	return [...sections.matchAll(/^(#+ |```.*|- |\||<!-- .*)/gm)].map(([, start]) => start!);
}

/**
 * A program without its comments, texts and the language in which it prints. A derivation prints
 * NumPy unless it is told another form.
 */
function bare(program: string): string {
	return codeOf(program)
		.replaceAll(/,?lang:"zh"/g, "")
		.replaceAll(",{})", ")")
		.replaceAll('.print("numpy")', "")
		.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
}

const programsOf = (text: string) =>
	fences(text)
		.filter(({ language }) => ["ts", "typescript", "js"].includes(language))
		.map(({ body }) => bare(body));

/** What no program in the document prints: commands, what they print, and code for Python. */
const commandsOf = (text: string) =>
	fences(text)
		.filter(
			({ language }, i, all) =>
				["sh", "console", "py"].includes(language) ||
				(language === "text" && all[i - 1]?.language !== "ts"),
		)
		.map(({ body }) => body);

/** The code in the words of each section of a document, each once. */
const namesOf = (text: string) =>
	text
		.replaceAll(/^```.*?^```$/gms, "")
		.split(/^#+ .*$/m)
		.map((section) => {
			const names = [...section.matchAll(/`([^`]*)`/g)].map(([, name]) => name!);
			return [...new Set(names.map((name) => name.replaceAll(/\s+/g, " ")))].sort();
		});

/** A document without code, formulas, links' targets and comments. */
const proseOf = (text: string) =>
	text.replaceAll(/^```.*?^```$|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|<!--.*?-->/gms, "x");

/** The numbers in each row of the tables of a document, but for those in code. */
const numbersOf = (text: string) =>
	[...proseOf(text).matchAll(/^\|.*/gm)].map(([row]) =>
		(row.match(/\d+(?:[.,]\d+)*/g) ?? []).sort(),
	);

/** The places where a half-width mark stands beside a Chinese character. */
const halfWidth = (text: string) =>
	[
		...proseOf(text).matchAll(/.{0,9}(?:\p{Script=Han}[,;:?!()]|[,;:?!()]\p{Script=Han}).{0,9}/gu),
	].map(([place]) => place);

suite("twins", (test) => {
	const pairs = documents()
		.filter((document) => document.endsWith(".zh.md"))
		.map((chinese) => ({ chinese, english: chinese.replace(".zh.md", ".md") }));

	for (const { chinese, english } of pairs) {
		const [zh, en] = [read(chinese), read(english)];

		test(`${chinese} and ${english} lead to each other before their first section`, () => {
			assert.ok(zh.split("\n## ")[0]!.includes(`](${basename(english)})`));
			assert.ok(en.split("\n## ")[0]!.includes(`](${basename(chinese)})`));
		});

		test(`${chinese} has the sections, blocks, items and rows of ${english}`, () => {
			assert.equal(shape(zh), shape(en));
		});

		test(`${chinese} has the programs of ${english}, but for comments and texts, and its commands`, () => {
			assert.equal(programsOf(zh), programsOf(en));
			assert.equal(commandsOf(zh), commandsOf(en));
		});

		test(`${chinese} names in each section what ${english} names`, () => {
			assert.equal(namesOf(zh), namesOf(en));
		});

		test(`${chinese} has the numbers of ${english} in its tables`, () => {
			assert.equal(numbersOf(zh), numbersOf(en));
		});

		test(`${chinese} has the full-width marks of Chinese`, () => {
			assert.equal(halfWidth(zh), []);
		});
	}

	test("what may differ between twins is seen, and nothing else", () => {
		const program = 'console.log(d.print("numpy")); // a\nf(x, { lines });';
		const same =
			'console.log(d.print("numpy", { lang: "zh" })); // 甲\nf(x, { lines, lang: "zh" });';
		assert.is(bare(program), bare(same));
		assert.is.not(bare("f(x, 1);"), bare("f(x, 2);"));
		assert.is.not(bare("f(x);"), bare("g(x);"));
		assert.equal(shape("# A\n\n- b\n\n```ts\n- x\n```\n| c |\n"), ["# ", "- ", "```ts", "|"]);
		assert.equal(namesOf("`a\nb` `c`\n\n```ts\n`d`\n```\n\n# E\n\n`c` `c`"), [["a b", "c"], ["c"]]);
		assert.equal(numbersOf("1\n\n| 好 1.5 | `2` |\n| 3, 4 |\n"), [["1.5"], ["3", "4"]]);
		assert.equal(halfWidth("好,`a`, b。（好）"), ["好,x, b。（好）"]);
	});
});
