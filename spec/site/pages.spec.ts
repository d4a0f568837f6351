import * as assert from "uvu/assert";
import { brokenLinks } from "../../docs/site/check/links.ts";
import { foreignResources } from "../../docs/site/check/origins.ts";
import { placeOf, slug, withLinks } from "../../docs/site/pages/places.ts";
import { tokenize } from "../../docs/site/tokenize.ts";
import { suite } from "../suite.ts";

/** A document's text as the site has it, with the code that it links to. */
function linked(text: string, file: string, lang: "en" | "zh") {
	const sources: string[] = [];
	const hasTranslation = (path: string) => path === "docs/tutorial.md";
	const around = { file, lang, hasTranslation, onSource: sources.push.bind(sources) };
	return { text: withLinks(text, around), sources };
}

suite("site/pages", (test) => {
	test("a document is a page of its language", () => {
		assert.equal(placeOf("docs/gallery/nets.zh.md"), { lang: "zh", page: "gallery/nets" });
		assert.equal(placeOf("README.md"), { lang: "en", page: "overview" });
	});

	test("links lead to pages in the reader's language, and to code on a page of its own", () => {
		const { text, sources } = linked(
			"[a](../README.md) [`b`](../examples/04-iris.ts) [c](tutorial.zh.md) `[d](e)`\n\n```js\nf[1](x.md)\n```\n",
			"docs/tutorial.md",
			"en",
		);
		assert.is(
			text,
			"[a](/overview) [`b`](/source/examples/04-iris) [c](/zh/tutorial) `[d](e)`\n\n```js\nf[1](x.md)\n```\n",
		);
		assert.equal(sources, ["examples/04-iris.ts"]);
	});

	test("an English page that Chinese readers see leads to headings where they are", () => {
		const { text } = linked(
			"[a](tutorial.md) [b](tutorial.md#data) [c](names.md#optax) ![d](figures/mask.svg)",
			"docs/models.md",
			"zh",
		);
		assert.is(text, "[a](/zh/tutorial) [b](/tutorial#data) [c](/zh/names#optax) ![d](/mask.svg)");
		assert.throws(() => linked("[a](../LICENSE)", "docs/models.md", "en"), /no page for a link/);
	});

	test("headings are called as code hosts call them", () => {
		assert.is(slug("Attention in `several` heads, (2×3)"), "attention-in-several-heads-23");
		assert.is(slug("(x − As)ᵀW(x − As)"), "x--asᵀwx--as");
		assert.is(slug("两层网络"), "两层网络");
	});

	test("Chinese is searched by pairs of neighbours, other languages by words", () => {
		const words = tokenize("用 valueAndGrad 求两层网络的梯度, log_prob");
		assert.equal(words, [
			"valueAndGrad",
			"log_prob",
			..."用 求两 两层 层网 网络 络的 的梯 梯度".split(" "),
		]);
	});

	test("links that lead nowhere are found: pages, headings, pictures, and what leaves the site", () => {
		const pages = new Map([
			[
				"index.html",
				'<a href="/a/b.html#there"></a><a href="/a/b#not"></a><a href="/a/b#p=1"></a><img src="/a/c.svg">',
			],
			["b.html", '<p id="there"><a href="./">up</a><a href="/a/d">x</a><a href="/e">y</a></p>'],
		]);
		assert.equal(brokenLinks(pages, new Set(pages.keys()), "/a/"), [
			"index.html: /a/b#not has no such place",
			"index.html: /a/c.svg leads nowhere",
			"b.html: /a/d leads nowhere",
			"b.html: /e leaves the site",
		]);
	});

	test("what another host would be asked for is found, and links to read are not", () => {
		const found = foreignResources(
			`<link rel="stylesheet" href="https://a/x.css"><script async src="//b/y.js"></script>
			<style>@font-face { src: url("http://c/z.woff2") } p { background: url(data:image/png;base64,AA) }</style>
			<a href="https://d">d</a><img src="/own.png"><img alt="" src="https://e/f.png">`,
		);
		assert.equal(found, ["//b/y.js", "https://e/f.png", "https://a/x.css", "http://c/z.woff2"]);
	});
});
