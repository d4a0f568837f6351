import { posix } from "node:path";
import type { Lang } from "./contents.ts";

/** A page of the site: in which language it is, and where, without its ending. */
export interface Place {
	readonly lang: Lang;
	readonly page: string;
}

/** Files of the repository's root that are pages, by what they are called on the site. */
const ROOT: Readonly<Record<string, string>> = {
	README: "overview",
	CHANGELOG: "changelog",
	CONTRIBUTING: "contributing",
};

/** Which page a Markdown file of the repository is: `docs/tutorial.zh.md`, `README.md`. */
export function placeOf(file: string): Place {
	const [, stem, zh] = /^(.*?)(\.zh)?\.md$/.exec(file)!;
	const page = ROOT[stem!] ?? stem!.replace(/^docs\//, "");
	return { lang: zh === undefined ? "en" : "zh", page };
}

/** The English document that a page shows: `docs/tutorial.md`, `README.md`. */
export function documentOf(page: string): string {
	const stem = Object.keys(ROOT).find((file) => ROOT[file] === page) ?? `docs/${page}`;
	return `${stem}.md`;
}

/** The page that shows a file of code, which a document links to: `examples/04-iris.ts`. */
export const sourcePage = (file: string) => `source/${file.replace(/\.ts$/, "")}`;

/** Where a page begins on the site: `/zh/tutorial`. */
export const addressOf = ({ lang, page }: Place) => `/${lang === "en" ? "" : `${lang}/`}${page}`;

/** Everything of a Markdown text that is code, where `f[1](x)` is no link. */
const CODE = /^(`{3,})[^`\n]*\n[\s\S]*?^\1$|(`+)(?!`)[\s\S]*?[^`]\2(?!`)/gm;

/** Rewrites what is not code of a Markdown text. */
export function mapProse(text: string, map: (prose: string) => string): string {
	let end = 0;
	let out = "";
	for (const match of text.matchAll(CODE)) {
		out += map(text.slice(end, match.index)) + match[0];
		end = match.index + match[0].length;
	}
	return out + map(text.slice(end));
}

/** Where a document lies, the language of the page that shows it, and what is around it. */
export interface Around {
	/** From the root of the repository: `docs/models.md`. */
	readonly file: string;
	/** The reader's language, in which there may be no such document. */
	readonly lang: Lang;
	hasTranslation(file: string): boolean;
	/** Is told of each file of code that is linked to. */
	onSource(file: string): void;
}

/**
 * A document's links as those of the site: to pages of the reader's language, to pages that show
 * code, to figures. A link's text may hold code, so links are found by where they lead.
 */
export function withLinks(text: string, { file, lang, ...around }: Around): string {
	const here = placeOf(file);
	/** Which page a link leads to: in the reader's language, where it has the heading. */
	const place = (path: string, hash: string) => {
		const there = placeOf(path);
		const isSwitch = there.page === here.page && there.lang !== here.lang;
		const isOther = hash !== "" && there.lang !== lang && around.hasTranslation(path);
		return isSwitch || isOther ? there : { ...there, lang };
	};
	return mapProse(text, (prose) =>
		prose.replaceAll(/\]\((?!\w+:)([^)#\s]+)(#[^)\s]*)?\)/g, (_, target: string, hash = "") => {
			const path = posix.join(posix.dirname(file), target);
			if (path.endsWith(".md")) return `](${addressOf(place(path, hash))}${hash})`;
			if (path.endsWith(".svg") || path.endsWith(".png")) return `](/${posix.basename(path)})`;
			if (!path.endsWith(".ts")) throw new Error(`${file}: no page for a link to ${target}`);
			around.onSource(path);
			return `](${addressOf({ lang, page: sourcePage(path) })})`;
		}),
	);
}

/** What a heading is called in an address, as code hosts have it, which the documents link by. */
export function slug(title: string): string {
	return title
		.trim()
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
		.replaceAll(" ", "-");
}
