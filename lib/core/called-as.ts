import { AdjointError } from "./error.ts";

/**
 * What `f` gives. Its errors name the function that the user called, and not one that this is made
 * of. Not for functions that run what the user wrote, whose errors have names of their own.
 */
export function calledAs<T>(op: string, f: () => T): T {
	try {
		return f();
	} catch (error) {
		if (error instanceof AdjointError) {
			const named = error.message.replace(/^\w+(?=:)/, op);
			error.stack = error.stack?.replace(error.message, () => named);
			error.message = named;
		}
		throw error;
	}
}
