import { type CodePart, codeParts } from "./statements.ts";

/** The forms that are programs. */
export type ProgramForm = "numpy" | "ts" | "plain";

/** A printed program, taken apart. */
export interface ProgramText {
	readonly form: ProgramForm;
	/** The parts of its lines, in order. */
	readonly parts: readonly CodePart[];
	/** What it imports, by the name that it has there. */
	readonly imports: ReadonlyMap<string, string>;
	/** The arguments, in order; null where the text is no function but only its lines. */
	readonly params: readonly string[] | null;
	/** What stands before the function: helper functions, and what is unpacked. */
	readonly head: string;
	/** The names that are defined there. */
	readonly headNames: readonly string[];
	/** The lines themselves, as they stand in the text. */
	readonly body: string;
}

const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*["'][^"']*["'];?.*$/gm;

/** Takes a program apart, in one of the printed forms or as a person wrote it. */
export function readProgramText(text: string, form: ProgramForm): ProgramText {
	if (form === "numpy") {
		const parts = codeParts(text, "python");
		return { form, parts, imports: new Map(), params: null, head: "", headNames: [], body: text };
	}
	const imports = new Map<string, string>();
	for (const [, list] of text.matchAll(IMPORT)) {
		for (const each of list!.split(",").map((name) => name.trim())) {
			if (each === "" || each.startsWith("type ")) continue;
			const [name, alias = name] = each.split(/\s+as\s+/);
			imports.set(alias!, name!);
		}
	}
	const own = text.replace(IMPORT, "");
	const function_ = /^export function \w+\(([\s\S]*?)\)(?:\s*:[^\n{]*)? \{\n([\s\S]*)^\}/m.exec(
		own,
	);
	const head = withoutTypes(function_ === null ? "" : own.slice(0, function_.index));
	const body = function_ === null ? own : function_[2]!;
	const params =
		function_ === null
			? null
			: withoutComments(function_[1]!)
					.split(",")
					.map((each) => each.split(":")[0]!.trim())
					.filter((name) => name !== "");
	const parts = codeParts(body, "javascript").filter(({ text }) => !/^return\b/.test(text));
	const headNames = codeParts(head, "javascript").flatMap(({ writes }) => writes);
	return { form, parts, imports, params, head, headNames, body };
}

function withoutComments(text: string): string {
	return text.replace(/\/\/[^\n]*/g, "");
}

/** Helper functions say the types of their arguments and their result; a body has none. */
function withoutTypes(head: string): string {
	const types = /: (?:number|boolean|(?:Float64|Int32)Array)(?:\[\])?/g;
	return head.replace(/^function .*\{$/gm, (signature) => signature.replace(types, ""));
}
