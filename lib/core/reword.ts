import type { AdjointError } from "./error.ts";

/** Gives an error another message, also in its stack, which has the old one once it was read. */
export function reword(error: AdjointError, message: string): void {
	error.stack = error.stack?.replace(error.message, () => message);
	error.message = message;
}
