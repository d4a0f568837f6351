import { GradientError } from "../../core/error.ts";

/**
 * Which arguments are moved, by their paths in reports: `args[0].w1`, or `args[0]` for all in it.
 */
export interface Choice {
	/** Only these arguments are moved, the others held fixed. Left out: all. */
	readonly only?: readonly string[];
	/**
	 * These arguments are held fixed: those whose derivative is another one on purpose, as that of a
	 * straight-through estimator.
	 */
	readonly except?: readonly string[];
}

/**
 * The names of arguments that are to be moved.
 * @throws GradientError for a path that leads to none of them, and when none is left
 */
export function chosen(
	op: string,
	names: readonly string[],
	{ only, except = [] }: Choice,
): readonly string[] {
	for (const path of [...(only ?? []), ...except]) {
		if (names.some((name) => isWithin(name, path))) continue;
		throw new GradientError(
			`${op}: there is no float tensor at ${path} among the arguments; there are ${names.join(", ")}`,
		);
	}
	const left = names.filter(
		(name) =>
			(only === undefined || only.some((path) => isWithin(name, path))) &&
			!except.some((path) => isWithin(name, path)),
	);
	if (left.length === 0 && names.length > 0) {
		throw new GradientError(
			`${op}: expected only and except to leave an argument to move; there are ${names.join(", ")}`,
		);
	}
	return left;
}

function isWithin(name: string, path: string): boolean {
	return name === path || name.startsWith(`${path}.`) || name.startsWith(`${path}[`);
}
