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
				const back = `<p><a href="${address}">← ${BACK[lang]}: ${entry.title[lang]}</a></p>`;
				const html = derivation
					.print("html", { lang })
					.replace("</head>", () => `${icon(lang)}\n</head>`)
					.replace("<header>", () => `<header>\n${back}`);
				write(`public/${pageOf(entry.name, lang)}`, html);
			}
		}
	}
}

/** Below a function's heading in the gallery, the way to the page of its derivation. */
export function linkToDerivation(page: string, heading: string, lang: Lang): string {
	const family = families.find(({ name }) => page === `gallery/${name}`);
	const entry = family?.entries.find(({ title }) => title[lang] === heading);
	if (entry === undefined) return "";
	return `\n\n[${OPEN[lang]}](../derivations/${entry.name}.html){target="_self"}`;
}
