// The reader's text becomes a module: types are taken out, imports become calls.
import { transform } from "sucrase";
import type { Problem } from "../protocol.ts";
import { MODULES } from "./module-names.ts";
import { load, loadedModule } from "./modules.ts";

/** What the text is called in stacks of errors. */
const FILE = "yours.ts";
/** The lines that `new Function` writes above a body. */
const LINES_ABOVE = 2;
/** What programs ask of their command line: they are to be short. */
const PROCESS = { argv: ["node", FILE, "--quick"] };

export type Exports = Readonly<Record<string, unknown>>;

/** An error of the reader's, told where it is known. */
export class CodeError extends Error {
	override readonly name = "CodeError";
	readonly line: number | null;
	readonly column: number | null;

	constructor(message: string, line: number | null = null, column: number | null = null) {
		super(message);
		this.line = line;
		this.column = column;
	}
}

/**
 * What the text exports when it runs.
 * @throws CodeError for text that is no TypeScript, and imports that there are not
 */
export async function evaluate(text: string): Promise<Exports> {
	const code = withoutTypes(text);
	for (const [, name] of code.matchAll(/\brequire\('([^']*)'\)/g)) {
		if (!MODULES.includes(name!)) {
			const line = text.split("\n").findIndex((each) => each.includes(name!)) + 1;
			throw new CodeError(`there is no ${name} here; there are ${MODULES.join(", ")}`, line, 1);
		}
		await load(name!);
	}
	const exports: Record<string, unknown> = {};
	const run = new Function("require", "exports", "process", `${code}\n//# sourceURL=${FILE}`);
	run(loadedModule, exports, PROCESS);
	return exports;
}

function withoutTypes(text: string): string {
	try {
		return transform(text, { transforms: ["typescript", "imports"], filePath: FILE }).code;
	} catch (error) {
		const { message, loc } = error as Error & { loc?: { line: number; column: number } };
		const said = message.replace(/^Error transforming [^:]*: /, "").replace(/ \(\d+:\d+\)$/, "");
		throw new CodeError(said, loc?.line ?? null, loc?.column ?? null);
	}
}

/** The error with its place in the reader's text, as far as its stack tells. */
export function problemOf(error: unknown): Problem {
	if (error instanceof CodeError) {
		const { name, message, line, column } = error;
		return { name, message, line, column };
	}
	if (!(error instanceof Error)) {
		return { name: "Error", message: String(error), line: null, column: null };
	}
	const place = new RegExp(`${FILE}:(\\d+):(\\d+)`).exec(error.stack ?? "");
	return {
		name: error.name,
		message: error.message,
		line: place === null ? null : Number(place[1]) - LINES_ABOVE,
		column: place === null ? null : Number(place[2]),
	};
}
