/** What is changed in a solution, and what is written in its place. */
export type Change = readonly [from: string, to: string];

/** A usual mistake. */
export interface Mistake {
	readonly change: Change;
	/** The gradient at which it is told, or that the code `stops`. */
	readonly at: string;
	/** What the page says is the cause, in each language. */
	readonly en: string;
	readonly zh: string;
}

/** What readers write in a lesson: changes of its solution that are as right, and mistakes. */
export interface Answers {
	readonly right: readonly (readonly Change[])[];
	readonly wrong: readonly Mistake[];
}

/** A solution with changes. @throws Error where what is to be changed is not there */
export function changed(solution: string, changes: readonly Change[]): string {
	return changes.reduce((code, [from, to]) => {
		if (!code.includes(from)) throw new Error(`the solution has no ${from}`);
		return code.replace(from, () => to);
	}, solution);
}
