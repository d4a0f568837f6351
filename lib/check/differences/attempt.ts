/** Ends a check from within, wherever it is. */
export class OutOfTime extends Error {}

/**
 * What some work gives, or where it throws, what is made of the error: a point nearby may be
 * outside of a function's domain. The end of a check goes on its way.
 */
export function attempt<T, U>(work: () => T, otherwise: (error: unknown) => U): T | U {
	try {
		return work();
	} catch (error) {
		if (error instanceof OutOfTime) throw error;
		return otherwise(error);
	}
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
