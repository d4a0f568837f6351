import type { Lang } from "../pages/contents.ts";
import { addressOf } from "../pages/places.ts";
import { write, writePage } from "../pages/write.ts";
import { beside, entries, parts } from "./entries.ts";
import { type Documented, type Reference, readReference } from "./read.ts";

/** A page of the reference: below `reference/`, and what the navigation calls it. */
export interface ReferencePage {
	readonly page: string;
	readonly text: string;
}

interface Page extends ReferencePage {
	readonly entry: string;
	readonly symbols: readonly Documented[];
}

const WORDS = {
	en: {
		title: "Reference",
		about: "Every export of every entry, with its signature and what its source says of it.",
	},
	zh: {
		title: "参考手册",
		about: "每个入口的每个导出，附有签名和源码中的说明。各条目的说明是英文的。",
	},
};

/** The page of an entry, below `reference/`: `nn`, `check/gradients`. */
const pageOfEntry = (entry: string) => entry.replace(/^adjoint\//, "");

const byName = ({ name: a }: Documented, { name: b }: Documented) =>
	a.localeCompare(b, "en", { sensitivity: "base" }) || (a < b ? -1 : 1);

/** The pages of an entry: one, but for `adjoint` one a part. */
function pagesOf(entry: string, symbols: readonly Documented[]): Page[] {
	const own = symbols.filter(({ from }) => from === null).toSorted(byName);
	if (entry !== "adjoint") {
		return own.length === 0 ? [] : [{ page: pageOfEntry(entry), text: entry, entry, symbols: own }];
	}
	const folderOf = ({ folder }: Documented) => beside[folder] ?? folder;
	for (const symbol of own) {
		if (!(folderOf(symbol) in parts)) throw new Error(`entries.ts lacks ${folderOf(symbol)}`);
	}
	return Object.entries(parts).map(([folder, { page, title }]) => ({
		page: `adjoint/${page}`,
		text: title,
		entry,
		symbols: own.filter((symbol) => folderOf(symbol) === folder),
	}));
}

/** Where each symbol stands: of an entry's own, and of all, by name. */
type Places = ReadonlyMap<string, string>;

function details({ said }: Pick<Documented, "said">): string {
	const list = said.details.map((line) => `- ${line.replaceAll("\n", "\n  ")}`).join("\n");
	return [said.summary, list].filter((text) => text !== "").join("\n\n");
}

/** Types that stand in nearly every signature. */
const KNOWN = new Set(["Tensor", "TensorLike"]);

const fence = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;

function symbolText(symbol: Documented, places: Places): string {
	const { name, code, members } = symbol;
	const words = new Set([code, ...members.map((member) => member.code)].join(" ").match(/\w+/g));
	const used = [...words].filter(
		(word) => /^[A-Z]/.test(word) && word !== name && !KNOWN.has(word) && places.has(word),
	);
	const links = used.map((word) => `[\`${word}\`](${places.get(word)})`);
	return [
		`## ${name} {#${name}}`,
		fence(code),
		details(symbol),
		...members.flatMap((member) => [fence(member.code), details(member)]),
		...(links.length === 0 ? [] : [`See ${links.join(", ")}.`]),
	]
		.filter((text) => text !== "")
		.join("\n\n");
}

/** The list of all entries with the names that they export; one may be all of another entry. */
function indexText(reference: Reference, places: Map<string, Places>, lang: Lang): string {
	const { title, about } = WORDS[lang];
	const sections = Object.entries(entries).map(([entry, what]) => {
		const symbols = reference.get(entry);
		if (symbols === undefined) throw new Error(`${entry} is no entry`);
		const links = symbols.toSorted(byName).map(({ name, from }) => {
			const origin = from ?? { entry, name };
			const whole = `reference/${pageOfEntry(origin.entry)}`;
			const place = places.get(origin.entry)?.get(origin.name ?? "");
			return `[${name}](${place ?? addressOf({ lang, page: whole })})`;
		});
		return `## ${entry}\n\n${what[lang]}\n\n<div class="names">\n\n${links.join(" ")}\n\n</div>\n`;
	});
	return [`# ${title}\n\n${about}\n`, ...sections].join("\n");
}

/** Writes the reference of every entry, and the list of its pages for the navigation. */
export async function writeReference(): Promise<void> {
	const reference = await readReference();
	for (const entry of reference.keys()) {
		if (!(entry in entries)) throw new Error(`reference/entries.ts lacks ${entry}`);
	}
	const pages = Object.keys(entries).flatMap((entry) => pagesOf(entry, reference.get(entry) ?? []));
	const placesIn = (lang: Lang) => {
		const places = new Map<string, Map<string, string>>();
		for (const { page, entry, symbols } of pages) {
			const own = places.get(entry) ?? new Map<string, string>();
			const address = addressOf({ lang, page: `reference/${page}` });
			for (const { name } of symbols) own.set(name, `${address}#${name}`);
			places.set(entry, own);
		}
		return places;
	};
	writePage("reference/index", (lang) => indexText(reference, placesIn(lang), lang));
	for (const { page, text, entry, symbols } of pages) {
		writePage(`reference/${page}`, (own, lang) => {
			if (own !== "en") return undefined;
			const all = placesIn(lang);
			const places = new Map([
				...[...all.values()].flatMap((each) => [...each]),
				...all.get(entry)!,
			]);
			const texts = symbols.map((symbol) => symbolText(symbol, places));
			const title = entry === text ? entry : `${entry}: ${text}`;
			const others = entry === "adjoint" ? " or `adjoint/functions`" : "";
			return [`# ${title}`, `Import from \`${entry}\`${others}.`, ...texts].join("\n\n");
		});
	}
	const list: ReferencePage[] = pages.map(({ page, text }) => ({ page, text }));
	write("reference.json", JSON.stringify(list));
}
