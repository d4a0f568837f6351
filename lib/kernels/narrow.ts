import type { DType } from "../core/dtype.ts";
import { forEngines, type Style } from "../scalar/javascript.ts";
import { singleForm } from "../scalar/rounding.ts";
import { rewritten, type ScalarFunction, type Term } from "../scalar/scalar.ts";
import { powerOf2, powers } from "../scalar/short.ts";

// Formulas whose results are rounded to float32: with the short forms of functions that have one.

/** How loops of JavaScript that are given `powers` write formulas. */
export const forLoops: Style = /* @__PURE__ */ (() => ({
	...forEngines,
	special: (term) =>
		term.kind === "call" && term.of === powerOf2 ? ([k]) => `powers[(${k} + 1023) | 0]` : null,
}))();

/** What their text reads. */
export const givenToLoops = { powers };

const narrowFunctions = new WeakMap<ScalarFunction, ScalarFunction>();

/** The same function by a short formula, or one that calls such. */
function narrow(f: ScalarFunction): ScalarFunction {
	const known = narrowFunctions.get(f) ?? narrowOf(f);
	narrowFunctions.set(f, known);
	return known;
}

function narrowOf(f: ScalarFunction): ScalarFunction {
	const { name, arity, short } = f;
	const term = short?.() ?? ("term" in f ? narrowTerm(f.term()) : null);
	return term === null ? f : { name, arity, term: () => term };
}

const narrowed = new WeakMap<Term, Term>();

/**
 * A formula whose result is rounded to float32, with short functions; what formulas share, they
 * share afterwards.
 */
export function narrowTerm(term: Term): Term {
	return rewritten(term, (part, original) => {
		const made = part.kind === "call" ? { ...part, of: narrow(part.of) } : part;
		const known = narrowed.get(original) ?? made;
		narrowed.set(original, known);
		return known;
	});
}

/**
 * A formula of arguments of these dtypes, its result rounded to float32: where it is nothing but a
 * function with a form of single precision, of float32 or of the difference of two, that; else
 * `narrowTerm`.
 */
export function forFloat32(term: Term, inputs: readonly DType[]): Term {
	const isFloat32 = (x: Term) => x.kind === "argument" && inputs[x.index] === "float32";
	return singleForm(term, isFloat32) ?? narrowTerm(term);
}
