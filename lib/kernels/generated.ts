import { definition, helpersOf } from "../scalar/javascript.ts";
import type { Term } from "../scalar/scalar.ts";
import { forLoops, givenToLoops } from "./narrow.ts";

/**
 * What a source returns that has terms inside: generated, so that the engine sees a function of its
 * own at its call site and inlines it; one shared by all ops would pay a call for each element.
 * `given` is what the source calls. Where code generation is forbidden (a page's
 * Content-Security-Policy without unsafe-eval), `otherwise` makes the same, slower.
 */
export function generated<F>(
	terms: readonly Term[],
	source: string,
	otherwise: () => F,
	given: Readonly<Record<string, unknown>> = {},
): F {
	const helpers = [...new Set(terms.flatMap(helpersOf))].flatMap((f) => definition(f, forLoops));
	try {
		const known = { ...given, ...givenToLoops };
		const make = new Function(...Object.keys(known), [...helpers, source].join("\n"));
		return make(...Object.values(known)) as F;
	} catch (error) {
		if (error instanceof EvalError) return otherwise();
		throw error;
	}
}
