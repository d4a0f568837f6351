import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DefaultTheme, defineConfig } from "vitepress";
import { mathematics } from "../mathematics.ts";
import { type Entry, type Lang, sections } from "../pages/contents.ts";
import { addressOf, documentOf, slug } from "../pages/places.ts";
import { hasTranslation } from "../pages/write.ts";
import type { ReferencePage } from "../reference/pages.ts";
import { tokenize } from "../tokenize.ts";
import { WORDS } from "./words.ts";

const site = join(import.meta.dirname, "..");
const reference: ReferencePage[] = JSON.parse(
	readFileSync(join(site, ".pages/reference.json"), "utf8"),
);
const base = process.env.SITE_BASE ?? "/";

/** An entry of the navigation; in Chinese it says where a page is in English. */
function item({ page, title }: Entry, lang: Lang): DefaultTheme.SidebarItem {
	const mark = lang === "zh" && !hasTranslation(documentOf(page)) ? WORDS.zh.inEnglish : "";
	return { text: title[lang] + mark, link: addressOf({ lang, page }) };
}

function sidebar(lang: Lang): DefaultTheme.SidebarMulti {
	const home = lang === "en" ? "/" : `/${lang}/`;
	const isPart = ({ page }: ReferencePage) => page.startsWith("adjoint/");
	const [parts, others] = [reference.filter(isPart), reference.filter((page) => !isPart(page))];
	const itemOf = ({ page, text }: ReferencePage) => ({ text, link: `${home}reference/${page}` });
	return {
		[`${home}reference/`]: [
			{ text: WORDS[lang].reference, link: `${home}reference/` },
			{ text: "adjoint", items: parts.map(itemOf) },
			{ text: "adjoint/…", items: others.map(itemOf) },
		],
		[home]: sections.map(({ title, entries }) => ({
			text: title[lang],
			items: entries.map((entry) => item(entry, lang)),
		})),
	};
}

function theme(lang: Lang): DefaultTheme.Config {
	const { nav, ui } = WORDS[lang];
	const home = lang === "en" ? "/" : `/${lang}/`;
	const playground = { text: nav.playground, link: `/playground/#lang=${lang}`, target: "_self" };
	return {
		...ui,
		nav: [
			{ text: nav.tutorial, link: `${home}tutorial` },
			playground,
			{ text: nav.gallery, link: `${home}gallery` },
			{ text: nav.reference, link: `${home}reference/` },
		],
		sidebar: sidebar(lang),
	};
}

export default defineConfig({
	title: "adjoint",
	base,
	srcDir: ".pages",
	outDir: "dist",
	cacheDir: ".vitepress/cache",
	// Ours looks at what was built, at pages, anchors and pictures: check/links.ts.
	ignoreDeadLinks: true,
	// The list of all pages is a file of its own, not a part of each page.
	metaChunk: true,
	head: [["link", { rel: "icon", href: `${base}icon.svg`, type: "image/svg+xml" }]],
	locales: {
		root: {
			label: "English",
			lang: "en",
			description: WORDS.en.description,
			themeConfig: theme("en"),
		},
		zh: {
			label: "中文",
			lang: "zh-CN",
			description: WORDS.zh.description,
			themeConfig: theme("zh"),
		},
	},
	markdown: {
		theme: { light: "light-plus", dark: "dark-plus" },
		anchor: { slugify: slug },
		config: (parser) => mathematics(parser as never),
	},
	// The index of the search, which is loaded when one searches.
	vite: { build: { chunkSizeWarningLimit: 2000 } },
	themeConfig: {
		search: {
			provider: "local",
			options: {
				locales: { zh: { translations: WORDS.zh.search } },
				miniSearch: { options: { tokenize }, searchOptions: { combineWith: "AND" } },
			},
		},
	},
});
