import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import * as assert from "uvu/assert";

const root = join(import.meta.dirname, "..");

/** Where the blocks of the documents are laid out as programs. */
export const folder = join(import.meta.dirname, ".documents");

/** A block of a program in a document, and what the document says that it prints. */
export interface Part {
	/** Where it begins. */
	readonly line: number;
	/** What the document says that it prints, and where that stands in the document. */
	readonly prints: Stretch;
}

/** A stretch of a document. */
export interface Stretch {
	readonly text: string;
	readonly start: number;
	readonly end: number;
}

/**
 * A program that stands in a document: a `ts` block and the `ts continued` blocks that go on from
 * it.
 */
export interface Program {
	readonly document: string;
	readonly parts: readonly Part[];
	/** The program as a file. */
	readonly file: string;
}

/** Printed between the parts of a program, to tell what each of them prints. */
const PARTING = "~~~ the next part ~~~";

/** README and docs, in English and in Chinese. */
export function documents(): string[] {
	const files = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
	const isPage = (file: string) => file.endsWith(".md") && !file.startsWith("site/");
	const pages = files.filter(isPage).map((file) => `docs/${file}`);
	return ["README.md", "README.zh.md", ...pages];
}

/** The fenced blocks of a text, with their language, what stands behind it, and first line. */
export function fences(
	text: string,
): { language: string; info: string; body: string; line: number; end: number }[] {
	return [...text.matchAll(/^```(\w*)([^\n]*)\n(.*?)^```$/gms)].map((match) => ({
		language: match[1]!,
		info: match[2]!.trim(),
		body: match[3]!,
		line: text.slice(0, match.index).split("\n").length + 1,
		end: match.index + match[0].length,
	}));
}

/** What stands behind a block as its output: a `text` block, or Markdown between two comments. */
const OUTPUT =
	/```(?:(?!text$)\w)|```text\n(?<fenced>.*?)^```$|<!-- prints -->\n(?<markdown>.*?)^<!-- until here -->$/gms;

/** The output that a document shows behind a block that ends at `end`; with none, nothing. */
function printsAfter(text: string, end: number): Stretch {
	OUTPUT.lastIndex = end;
	const match = OUTPUT.exec(text);
	const shown = match?.groups?.fenced ?? match?.groups?.markdown;
	if (match === null || shown === undefined) return { text: "", start: end, end };
	const start = match.index + match[0].indexOf("\n") + 1;
	return { text: shown, start, end: start + shown.length };
}

/**
 * Every `ts` block of the documents, with those that continue it, written out as a file of its own.
 * What follows a block as a `text` block, or as Markdown between `<!-- prints -->` and `<!-- until
 * here -->`, is what it prints; with neither it prints nothing.
 */
export function programs(): Program[] {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	return documents().flatMap((document) => {
		const found: { parts: Part[]; bodies: string[] }[] = [];
		const text = readFileSync(join(root, document), "utf8");
		for (const { language, info, body, line, end } of fences(text)) {
			if (language !== "ts") continue;
			if (info !== "continued") found.push({ parts: [], bodies: [] });
			found.at(-1)!.parts.push({ line, prints: printsAfter(text, end) });
			found.at(-1)!.bodies.push(body);
		}
		return found.map(({ parts, bodies }) => {
			const file = join(folder, `${document.replaceAll(/\W/g, "-")}-${parts[0]!.line}.ts`);
			const parting = `console.log(${JSON.stringify(PARTING)});\n`;
			writeFileSync(file, `${bodies.join(parting)}\nexport {};\n`);
			return { document, parts, file };
		});
	});
}

/** The code of a program as JavaScript without comments: what decides what it prints. */
export function codeOf(source: string): string {
	const options = { loader: "ts", minifyWhitespace: true, legalComments: "none" } as const;
	return transformSync(source, options).code;
}

/** The programs of translations that stand in no page in English: they print another language. */
export function ofTranslations(all: readonly Program[]): Program[] {
	const isTranslation = ({ document }: Program) => document.endsWith(".zh.md");
	const codeIn = ({ file }: Program) => codeOf(readFileSync(file, "utf8"));
	const known = new Set(all.filter((each) => !isTranslation(each)).map(codeIn));
	return all.filter((each) => isTranslation(each) && !known.has(codeIn(each)));
}

/** What the programs that have run printed, by their code. */
const printed = new Map<string, Promise<string[]>>();

/**
 * What each part of a program prints. A program that stands in two documents, as in a page and its
 * translation, runs once.
 */
export function outputsOf(file: string): Promise<string[]> {
	const code = codeOf(readFileSync(file, "utf8"));
	const known = printed.get(code);
	if (known !== undefined) return known;
	const outputs = run(file);
	printed.set(code, outputs);
	return outputs;
}

/** What is claimed of a program. */
export function claimOf({ document, parts }: Program): string {
	return `the program in ${document} at line ${parts[0]!.line} prints what the document says`;
}

/** Asserts that each part of a program prints what the document says. */
export async function printsAsShown({ parts, file }: Program): Promise<void> {
	const outputs = await outputsOf(file);
	for (const [i, { prints, line }] of parts.entries()) {
		assert.is(asShown(outputs[i]!, prints), prints.text, `the part at line ${line}`);
	}
}

/** Runs a program in this process as if its output were piped into a file. */
async function run(file: string): Promise<string[]> {
	let output = "";
	const { stdout } = process;
	const { write, isTTY } = stdout;
	stdout.write = (text: string | Uint8Array) => {
		output += text;
		return true;
	};
	stdout.isTTY = false;
	try {
		await import(file);
	} finally {
		Object.assign(stdout, { write, isTTY });
	}
	return output.split(`${PARTING}\n`);
}

/**
 * Output as it stands in a document: without blank lines at the end, and Markdown at a distance
 * from the comments around it.
 */
export function asShown(output: string, { text }: Stretch): string {
	if (text.startsWith("\n")) return `\n${output.trim()}\n\n`;
	return output === "" ? "" : `${output.trimEnd()}\n`;
}
