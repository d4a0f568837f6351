import {
	constant,
	inOrder,
	type NativeFunction,
	type Primitive,
	rewritten,
	type SingleForms,
	type Term,
} from "./scalar.ts";

// Formulas that are rounded to float32 on the way.

/** What rounds its result. */
export const ROUNDING: ReadonlySet<Primitive["name"]> = new Set([
	"add",
	"sub",
	"mul",
	"div",
	"sqrt",
]);

/** The nearest float32, as a function that formulas call. */
const fround: NativeFunction = {
	name: "fround",
	arity: 1,
	operator: undefined,
	evaluate: Math.fround,
};

/** Whether all values of a term are rounded to float32. */
export function isRounded(term: Term): boolean {
	return term.kind === "call" && term.of === fround;
}

/** Whether a part of a term is rounded to float32. */
export function roundsOnTheWay(term: Term): boolean {
	return inOrder(term).some(isRounded);
}

/** A formula of which every step is rounded to float32. */
function roundedAtEachStep(term: Term): Term {
	return rewritten(term, (part) => {
		if (part.kind === "constant" && part.type === "number") {
			return constant(Math.fround(part.value));
		}
		if (part.kind !== "apply" || !ROUNDING.has(part.of.name)) return part;
		return { kind: "call", type: "number", of: fround, args: [part] };
	});
}

const known = new WeakMap<SingleForms["whole"], Term>();

function withArguments(form: SingleForms["whole"], args: readonly Term[]): Term {
	const term = known.get(form) ?? roundedAtEachStep(form());
	known.set(form, term);
	return rewritten(term, (part) => (part.kind === "argument" ? args[part.index]! : part));
}

/**
 * A function of arguments that are float32, or of the difference of two, by its form of single
 * precision; null for any other term, or where there is no such form.
 */
export function singleForm(term: Term, isFloat32: (x: Term) => boolean): Term | null {
	if (term.kind !== "call" || term.of.single === undefined) return null;
	const { whole, ofDifference } = term.of.single;
	if (term.args.every(isFloat32)) return withArguments(whole, term.args);
	const [x] = term.args as [Term];
	const isDifference = x.kind === "apply" && x.of.name === "sub" && x.args.every(isFloat32);
	return isDifference && ofDifference ? withArguments(ofDifference, x.args) : null;
}
