import { families } from "../../../spec/derivation/gallery/index.ts";
import { derivationOf } from "../../../spec/derivation/gallery/runs.ts";
import { type Bilingual, LANGS, type Lang } from "./contents.ts";
import { slug } from "./places.ts";
import { write } from "./write.ts";

const BACK: Bilingual = { en: "Gallery", zh: "梯度示例集" };
const OPEN: Bilingual = {
	en: "Read it line by line, with reasons, values and the graph",
	zh: "逐行阅读：附理由、数值和计算图",
};

const PLAYGROUND: Bilingual = { en: "Open it in the playground", zh: "在演练场中打开" };

/** The way from a page of the gallery, or of a derivation, to the function in the playground. */
const playgroundAddress = (name: string, lang: Lang) =>
	`${lang === "en" ? "" : "../"}../playground/#example=${name}&lang=${lang}`;

/** Where there is none, browsers ask the root of the host for one. */
const icon = (lang: Lang) =>
	`<link rel="icon" href="${lang === "en" ? "" : "../"}../icon.svg" type="image/svg+xml">`;

const pageOf = (name: string, lang: Lang) =>
	`${lang === "en" ? "" : `${lang}/`}derivations/${name}.html`;

/** Writes each derivation of the gallery as the page that `derive` prints, which stands alone. */
export function writeDerivations(): void {
	for (const family of families) {
		for (const entry of family.entries) {
			const derivation = derivationOf(entry);
			for (const lang of LANGS) {
				const address = `../gallery/${family.name}.html#${encodeURIComponent(slug(entry.title[lang]))}`;
				const back = `<a href="${address}">← ${BACK[lang]}: ${entry.title[lang]}</a>`;
				const change = `<a href="${playgroundAddress(entry.name, lang)}">${PLAYGROUND[lang]}</a>`;
				const html = derivation
					.print("html", { lang })
					.replace("</head>", () => `${icon(lang)}\n</head>`)
					.replace("<header>", () => `<header>\n<p>${back} · ${change}</p>`);
				write(`public/${pageOf(entry.name, lang)}`, html);
			}
		}
	}
}

/** Below a function's heading in the gallery, the ways to its derivation and to the playground. */
export function linksOfFunction(page: string, heading: string, lang: Lang): string {
	const family = families.find(({ name }) => page === `gallery/${name}`);
	const entry = family?.entries.find(({ title }) => title[lang] === heading);
	if (entry === undefined) return "";
	const links = [
		[OPEN[lang], `../derivations/${entry.name}.html`],
		[PLAYGROUND[lang], playgroundAddress(entry.name, lang)],
	].map(([text, address]) => `[${text}](${address}){target="_self"}`);
	return `\n\n${links.join(" · ")}`;
}
