import { families, gallery } from "../../../spec/derivation/gallery/index.ts";
import { sourceOf } from "../../../spec/derivation/gallery/pages.ts";
import { derivationOf } from "../../../spec/derivation/gallery/runs.ts";
import { type Bilingual, LANGS, type Lang } from "./contents.ts";
import { addressOf } from "./places.ts";
import { write } from "./write.ts";

const EXAMPLE = "two-layer-net";

const TITLE: Bilingual = {
	en: "Autograd that shows its work",
	zh: "把推导过程写给你看的自动微分",
};
const ABOUT: Bilingual = {
	en: "You write the forward pass. adjoint derives the backward pass: as lines that you can read, check and run.",
	zh: "你写前向传播，adjoint 推导反向传播：每一行都可以阅读、验证和运行。",
};
const FUNCTION: Bilingual = { en: "A function, as you write it", zh: "你写的函数" };
const GRADIENT: Bilingual = {
	en: "Its gradient, as `derive` prints it",
	zh: "`derive` 打印的梯度",
};
const BUTTONS: Readonly<Record<string, Bilingual>> = {
	playground: { en: "Open the playground", zh: "打开演练场" },
	tutorial: { en: "Tutorial", zh: "教程" },
	gallery: { en: `${gallery.length} functions`, zh: `${gallery.length} 个函数` },
	page: { en: "Why each line is so", zh: "每一行为何如此" },
};
const VERIFIED: Bilingual = {
	en: "What `verify()` says of it: every line is run, and the gradients are compared with the engine's and with finite differences.",
	zh: "`verify()` 的结论：它运行每一行，并把梯度与引擎和有限差分比较。",
};
const PROGRAM: Bilingual = { en: "The same as a NumPy program", zh: "同样内容的 NumPy 程序" };

/** The page that one opens first, in a language. */
function home(lang: Lang): string {
	const family = families.find(({ entries }) => entries.some(({ name }) => name === EXAMPLE))!;
	const entry = family.entries.find(({ name }) => name === EXAMPLE)!;
	const derivation = derivationOf(entry);
	const report = derivation.verify();
	if (!report.ok) throw new Error(`${EXAMPLE} does not verify:\n${report}`);
	const [, backward] = derivation.print("latex", { lang }).split("\\begin{align*}\n").slice(1);
	const lines = backward!.slice(0, backward!.indexOf("\n\\end{align*}"));
	const to = (page: string) => addressOf({ lang, page });
	// What the generator's program does not show itself is linked to from where the page lies.
	const top = lang === "en" ? "./" : "../";
	const numpy = derivation.print("numpy", { lang });
	return [
		"---",
		"layout: home",
		"---",
		"",
		`# ${TITLE[lang]}`,
		"",
		ABOUT[lang],
		"",
		'<div class="beside">',
		"<section>",
		"",
		`## ${FUNCTION[lang]}`,
		"",
		"```js",
		sourceOf(family, entry),
		"```",
		"",
		'<div class="actions">',
		"",
		[
			`[${BUTTONS.playground![lang]}](${top}playground/#lang=${lang}){target="_self"}`,
			`[${BUTTONS.tutorial![lang]}](${to("tutorial")})`,
			`[${BUTTONS.gallery![lang]}](${to("gallery")})`,
			`[${BUTTONS.page![lang]}](./derivations/${EXAMPLE}.html){target="_self"}`,
		].join(" "),
		"",
		"</div>",
		"",
		"</section>",
		"<section>",
		"",
		`## ${GRADIENT[lang]}`,
		"",
		"```math",
		"\\begin{aligned}",
		lines,
		"\\end{aligned}",
		"```",
		"",
		"</section>",
		"</div>",
		"",
		`## ${PROGRAM[lang]}`,
		"",
		"```python",
		numpy.trimEnd(),
		"```",
		"",
		VERIFIED[lang],
		"",
		"```text",
		`${report}`.trimEnd(),
		"```",
		"",
	].join("\n");
}

/** Writes the first page in every language. */
export function writeHome(): void {
	for (const lang of LANGS) write(lang === "en" ? "index.md" : `${lang}/index.md`, home(lang));
}
