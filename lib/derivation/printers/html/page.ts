import { choicesOf, loopsOf } from "../../draft/blocks.ts";
import type { Derived } from "../../draft/model.ts";
import type { Lang } from "../../text/headings.ts";
import { HEADINGS } from "../../text/headings.ts";
import { legend } from "../markdown.ts";
import type { PrintOptions } from "../print-options.ts";
import { graphSvg } from "./graph.ts";
import { linesHtml } from "./lines.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import { escaped, paragraph } from "./text.ts";
import { PAGE_WORDS, type PageWords } from "./words.ts";

const LANGUAGE_TAGS: Readonly<Record<Lang, string>> = { en: "en", zh: "zh-Hans" };

/**
 * The derivation as one HTML page that needs nothing else: graph, lines, explanations and values;
 * mathematics is native MathML.
 */
export function printHtml(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const words = PAGE_WORDS[lang];
	const { given, forward, backward } = HEADINGS[lang];
	const title = escaped(words.title(derived.forward.at(-1)!.variable));
	const lines = linesHtml(derived, lang);
	return `<!doctype html>
<html lang="${LANGUAGE_TAGS[lang]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${escaped(words.intro)} ${escaped(words.heatNote)}</p>
</header>
<nav class="steps" aria-label="${escaped(words.steps)}" hidden>
<button type="button" data-go="-1" aria-keyshortcuts="ArrowLeft">← ${escaped(words.back)}</button>
<button type="button" data-go="1" aria-keyshortcuts="ArrowRight">${escaped(words.next)} →</button>
<button type="button" data-go="0" aria-keyshortcuts="Escape" disabled>${escaped(words.all)}</button>
<output data-text="${escaped(words.step(lines.steps))}"></output>
</nav>
<div class="columns">
<aside aria-label="${escaped(words.graph)}">
${graphHtml(derived, words)}
</aside>
<main>
<h2>${escaped(given)}</h2>
<div class="given">
${lines.given}
</div>
<div class="heads" aria-hidden="true"><h2>${escaped(forward)} <span>↓</span></h2><h2>${escaped(backward)} <span>↑</span></h2></div>
${lines.rows}
<section class="legend"><h2>${escaped(words.operations)}</h2>${paragraph(legend(derived, lang))}${lines.notes === null ? "" : paragraph(lines.notes)}</section>
</main>
</div>
<script>
${SCRIPT}</script>
</body>
</html>
`;
}

function graphHtml(derived: Derived, words: PageWords): string {
	if (loopsOf(derived).length > 0 || choicesOf(derived).length > 0)
		return `<p class="note">${escaped(words.noGraph)}</p>`;
	return `<details class="graph" open><summary><h2>${escaped(words.graph)}</h2></summary>
<p class="note">${escaped(words.graphNote)}<span class="zoom" hidden><button type="button" data-zoom="0.8" aria-label="${escaped(words.smaller)}">−</button><button type="button" data-zoom="1.25" aria-label="${escaped(words.larger)}">+</button></span></p>
<div class="canvas" tabindex="0">${graphSvg(derived, words.graph)}</div>
</details>`;
}
