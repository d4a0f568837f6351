// TypeScript's language service over the reader's text and the library's own types. It runs in a
// worker of the page, since it reads the text and does not run it.
import {
	createSystem,
	createVirtualTypeScriptEnvironment,
	type VirtualTypeScriptEnvironment,
} from "@typescript/vfs";
import ts from "typescript";
import type { Note, Question, Reply } from "./protocol.ts";

const FILE = "/yours.ts";
/** Of the methods of a tensor there are hundreds. */
const MOST_SUGGESTIONS = 1000;

const OPTIONS: ts.CompilerOptions = {
	target: ts.ScriptTarget.ES2022,
	module: ts.ModuleKind.ESNext,
	moduleResolution: ts.ModuleResolutionKind.Bundler,
	lib: ["lib.es2023.d.ts"],
	types: [],
	strict: true,
	skipLibCheck: true,
};

let environment: Promise<VirtualTypeScriptEnvironment> | null = null;

async function made(): Promise<VirtualTypeScriptEnvironment> {
	const response = await fetch("types.json");
	if (!response.ok) throw new Error(`types.json: ${response.status}`);
	const files = new Map(Object.entries((await response.json()) as Record<string, string>));
	// An empty file counts as none.
	files.set(FILE, " ");
	const roots = [FILE, "/globals.d.ts"];
	return createVirtualTypeScriptEnvironment(createSystem(files), roots, ts, OPTIONS);
}

function check({ languageService }: VirtualTypeScriptEnvironment): Note[] {
	const found = [
		...languageService.getSyntacticDiagnostics(FILE),
		...languageService.getSemanticDiagnostics(FILE),
	];
	return found.map(({ start = 0, length = 0, messageText }) => ({
		from: start,
		to: start + length,
		message: ts.flattenDiagnosticMessageText(messageText, "\n"),
	}));
}

function hover({ languageService }: VirtualTypeScriptEnvironment, at: number): Note[] {
	const info = languageService.getQuickInfoAtPosition(FILE, at);
	if (info === undefined) return [];
	const { textSpan, displayParts, documentation } = info;
	const parts = [displayParts, documentation].map((each) => ts.displayPartsToString(each));
	const message = parts.filter((each) => each !== "").join("\n\n");
	return [{ from: textSpan.start, to: textSpan.start + textSpan.length, message }];
}

function complete({ languageService }: VirtualTypeScriptEnvironment, at: number) {
	const found = languageService.getCompletionsAtPosition(FILE, at, {});
	const entries = (found?.entries ?? []).slice(0, MOST_SUGGESTIONS);
	return entries.map(({ name, kind }) => ({ label: name, type: kind }));
}

addEventListener("message", async ({ data }: MessageEvent<Question>) => {
	const { id, kind, text, at } = data;
	environment ??= made();
	const service = await environment;
	service.updateFile(FILE, text === "" ? " " : text);
	const reply: Reply = {
		id,
		notes: kind === "check" ? check(service) : kind === "hover" ? hover(service, at) : [],
		suggestions: kind === "complete" ? complete(service, at) : [],
	};
	postMessage(reply);
});
