import {
	constant,
	inOrder,
	type NativeFunction,
	type Primitive,
	rewritten,
	type Scalar,
	type SingleForms,
	type Term,
	withArguments,
	withOperands,
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

/**
 * A term rounded to float32, where some arguments are. What chooses among numbers, or changes their
 * sign, gives a float32 of float32: so rounded are the numbers, where a step rounds anyway.
 */
export function rounded(term: Scalar, isFloat32: (argument: number) => boolean): Scalar {
	const made = new Map<Term, Term>();
	const visit = (part: Term): Term => {
		const known = made.get(part) ?? roundedPart(part);
		made.set(part, known);
		return known;
	};
	const roundedPart = (part: Term): Term => {
		if (part.type === "truth" || isRounded(part)) return part;
		if (part.kind === "constant") return constant(Math.fround(part.value));
		if (part.kind === "argument" && isFloat32(part.index)) return part;
		const chooses = part.kind === "apply" && CHOOSING.has(part.of.name);
		if (chooses) return withOperands(part, part.args.map(visit));
		return { kind: "call", type: "number", of: fround, args: [part] };
	};
	return visit(term) as Scalar;
}

const CHOOSING: ReadonlySet<Primitive["name"]> = new Set(["select", "min", "max", "neg", "abs"]);

const known = new WeakMap<SingleForms["whole"], Term>();

function singleOf(form: SingleForms["whole"], args: readonly Term[]): Term {
	const term = known.get(form) ?? roundedAtEachStep(form());
	known.set(form, term);
	return withArguments(term, args);
}

/**
 * A function of arguments that are float32, or of the difference of two, by its form of single
 * precision; null for any other term, or where there is no such form.
 */
export function singleForm(term: Term, isFloat32: (x: Term) => boolean): Term | null {
	if (term.kind !== "call" || term.of.single === undefined) return null;
	const { whole, ofDifference } = term.of.single;
	if (term.args.every(isFloat32)) return singleOf(whole, term.args);
	const [x] = term.args as [Term];
	const isDifference = x.kind === "apply" && x.of.name === "sub" && x.args.every(isFloat32);
	return isDifference && ofDifference ? singleOf(ofDifference, x.args) : null;
}
