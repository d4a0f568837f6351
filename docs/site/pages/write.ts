import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Bilingual, LANGS, type Lang, sections } from "./contents.ts";
import { placeOf, sourcePage, withLinks } from "./places.ts";

const root = join(import.meta.dirname, "../../..");

/** Where the pages lie that the generator reads. */
export const folder = join(import.meta.dirname, "../.pages");

/** Writes a file below the pages. */
export function write(name: string, text: string): void {
	const path = join(folder, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}

/** A page in English, for those who read the site in Chinese. */
const untranslated = (text: string) => {
	const title = /^# .*$/m.exec(text)![0];
	const note = "::: info 提示\n本页只有英文。\n:::";
	return text.replace(title, () => `${title}\n\n${note}\n\n<div lang="en">\n`).concat("\n</div>\n");
};

/**
 * Writes a page in every language.
 * @param text the page in a language; the English one stands where there is none
 */
export function writePage(
	page: string,
	text: (lang: Lang, shown: Lang) => string | undefined,
): void {
	for (const lang of LANGS) {
		const name = lang === "en" ? `${page}.md` : `${lang}/${page}.md`;
		write(name, text(lang, lang) ?? untranslated(text("en", lang)!));
	}
}

/** The Markdown files of the repository that are pages, from its root, English ones only. */
function documents(): string[] {
	const inFolder = (name: string) =>
		readdirSync(join(root, name))
			.filter((file) => file.endsWith(".md") && !file.endsWith(".zh.md"))
			.map((file) => `${name}/${file}`);
	const atRoot = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"];
	return [...atRoot, ...inFolder("docs"), ...inFolder("docs/gallery")];
}

const fileIn = (file: string, lang: Lang) =>
	lang === "en" ? file : file.replace(/\.md$/, `.${lang}.md`);

/** Whether there is a document in Chinese, too. */
export const hasTranslation = (file: string): boolean => existsSync(join(root, fileIn(file, "zh")));

const SOURCE: Bilingual = {
	en: "The file as it stands in the repository:",
	zh: "仓库中的文件原文：",
};

/**
 * Writes the documents as pages, with what they show.
 * @param below what stands below a heading of the second level, such as a link; mostly nothing
 * @throws Error where a page is missing in the contents, or is there and not written
 */
export function writeDocuments(below: (page: string, heading: string, lang: Lang) => string): void {
	const files = documents();
	const listed = sections.flatMap(({ entries }) => entries.map(({ page }) => page));
	const pages = files.map((file) => placeOf(file).page);
	for (const page of pages) {
		if (!page.includes("/") && !listed.includes(page)) throw new Error(`contents.ts lacks ${page}`);
	}
	for (const page of listed) if (!pages.includes(page)) throw new Error(`no document is ${page}`);
	const sources = new Set<string>();
	for (const file of files) {
		const { page } = placeOf(file);
		writePage(page, (own, lang) => {
			const from = fileIn(file, own);
			if (!existsSync(join(root, from))) return undefined;
			const text = readFileSync(join(root, from), "utf8");
			const around = { file: from, lang, hasTranslation, onSource: sources.add.bind(sources) };
			return withLinks(text, around).replaceAll(
				/^## (.*)$/gm,
				(line, heading) => line + below(page, heading, lang),
			);
		});
	}
	for (const source of sources) {
		const code = readFileSync(join(root, source), "utf8").trimEnd();
		writePage(
			sourcePage(source),
			(lang) =>
				`# ${basename(source)}\n\n${SOURCE[lang]} \`${source}\`\n\n\`\`\`ts\n${code}\n\`\`\`\n`,
		);
	}
	for (const pictures of ["docs/figures", "docs/pictures", "docs/site/pictures"]) {
		cpSync(join(root, pictures), join(folder, "public"), { recursive: true });
	}
}
