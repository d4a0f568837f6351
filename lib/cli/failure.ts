import { relative } from "node:path";
import { siteIn } from "../core/call-site.ts";
import { AdjointError } from "../core/error.ts";

/** What the user of the command can put right; the message is all there is to say. */
export class CommandError extends AdjointError {
	override name = "CommandError";
}

/**
 * What went wrong, on one line, with the line of the user's code in which it did, as
 * `file:line:column`.
 */
export function failureText(error: unknown): string {
	if (error instanceof CommandError) return error.message;
	const isError = error instanceof Error;
	const message = isError ? error.message : `the value ${String(error)} was thrown`;
	const text = message.trim().replaceAll(/\s*\n\s*/g, " ");
	const kind = isError && !(error instanceof AdjointError) ? `${error.name}: ` : "";
	const site = isError ? siteIn(error.stack ?? "") : null;
	// What lies in a package is not the user's code.
	const isUsers = site !== null && !site.includes("/node_modules/");
	return kind + text + (isUsers ? ` (at ${relative(process.cwd(), site)})` : "");
}
