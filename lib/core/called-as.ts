import { debugState } from "./debug-state.ts";
import { AdjointError, GradientError } from "./error.ts";
import { reword } from "./reword.ts";

/**
 * What `f` gives. Its errors name the function that the user called, and not one that this is made
 * of; but what `debug` finds is about an op within. Not for functions that run what the user wrote,
 * whose errors have names of their own.
 */
export function calledAs<T>(op: string, f: () => T): T {
	try {
		return f();
	} catch (error) {
		const isFound = error instanceof GradientError && debugState.inspect !== null;
		if (error instanceof AdjointError && !isFound)
			reword(error, error.message.replace(/^\w+(?=:)/, op));
		throw error;
	}
}
