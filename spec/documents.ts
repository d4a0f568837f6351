import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";

const root = join(import.meta.dirname, "..");

/** Where the blocks of the documents are laid out as programs. */
export const folder = join(import.meta.dirname, ".documents");

/** A program that stands in a document, with what the document says that it prints. */
export interface Block {
	readonly document: string;
	/** Where the program begins. */
	readonly line: number;
	readonly program: string;
	readonly prints: string;
	/** The program as a file. */
	readonly file: string;
}

/** README and docs. */
export function documents(): string[] {
	return ["README.md", ...readdirSync(join(root, "docs")).map((file) => join("docs", file))];
}

/** The fenced blocks of a text, with their language and first line. */
export function fences(text: string): { language: string; body: string; line: number }[] {
	return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
		language: match[1]!,
		body: match[2]!,
		line: text.slice(0, match.index).split("\n").length + 1,
	}));
}

/**
 * Every `ts` block of the documents, written out as a file of its own. The `text` block that follows it, if any, is what it
 * prints; with none it prints nothing.
 */
export function blocks(): Block[] {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const config = { extends: "../../tsconfig.json", include: ["*.ts"] };
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
	return documents().flatMap((document) => {
		const all = fences(readFileSync(join(root, document), "utf8"));
		return all.flatMap(({ language, body, line }, i) => {
			if (language !== "ts") return [];
			const next = all[i + 1];
			const prints = next?.language === "text" ? next.body : "";
			const file = join(folder, `${document.replaceAll(/\W/g, "-")}-${line}.ts`);
			writeFileSync(file, `${body}\nexport {};\n`);
			return [{ document, line, program: body, prints, file }];
		});
	});
}

/** What a program prints through the console, run in this process. */
export async function outputOf(file: string): Promise<string> {
	const lines: string[] = [];
	const { log } = console;
	console.log = (...values: unknown[]) => lines.push(format(...values));
	try {
		await import(file);
	} finally {
		console.log = log;
	}
	return lines.map((line) => `${line}\n`).join("");
}
