import type { Reducer } from "./reducers.ts";
import { inOrder, type Scalar, type Term, type Truth } from "./scalar.ts";

// The forward meaning of an op that reduces slices, or normalizes them: one formula in which
// reducers stand, `s.div(s.total(x), s.n)`. What is read is its form: the ways over a slice that
// the reducers take, and what is made of their results.

/**
 * What an op makes of the slices of x, with numbers that are the same for all of them. It is
 * written with reducers too: `s.total` and its kin.
 */
export type SliceFormula = (x: Scalar, ...numbers: Scalar[]) => Term;

/** One result of a slice: a reducer's, or `value`, made of earlier results alone. */
export interface Reducing {
	readonly by: Reducer | "value";
	readonly of: Term;
}

/** One way over a slice. */
export interface SlicePass {
	/** Either reducers or values, each of which gives one result. */
	readonly results: readonly Reducing[];
	/** Where this is true of earlier results, the pass is not needed. */
	readonly unless: Truth | null;
}

/**
 * What an argument of a term stands for: an element of an input, the same in float64, the result of
 * an earlier pass, a number that is the same for all slices, or the position or number of elements.
 * Inputs after the first have one element a slice.
 */
export interface Leaf {
	readonly kind: "element" | "double" | "result" | "number" | "position" | "n";
	/** Which of its kind; 0 of a kind of which there is one. */
	readonly index: number;
}

/** A formula of slices as it is read: passes, and then a value for each element or slice. */
export interface SliceForm {
	/** What each argument of the terms stands for. */
	readonly leaves: readonly Leaf[];
	readonly passes: readonly SlicePass[];
	readonly perElement: boolean;
	readonly value: Term;
}

/** Whether the value of a form is the same for all elements of a slice. */
export function isOneValue({ value, leaves }: SliceForm): boolean {
	return !leavesIn(value, leaves).some(varies);
}

/** Whether a leaf differs from element to element. */
export function varies({ kind }: Leaf): boolean {
	return kind === "element" || kind === "double" || kind === "position";
}

/** What an op does with slices, and how it tells them apart. */
// biome-ignore lint/suspicious/noExplicitAny: as for Op
export interface Sliced<P = any> {
	readonly form: () => SliceForm;
	/** The axes along which the elements of a slice lie, for inputs of these shapes. */
	readonly axes: (shapes: readonly (readonly number[])[], params: P) => readonly number[];
	/** The numbers of the formula. */
	readonly numbers?: ((params: P) => readonly number[]) | undefined;
}

/** The form of `(x) => s.total(x)`, which is there without a formula being read. */
export const totalForm: SliceForm = {
	leaves: [
		{ kind: "element", index: 0 },
		{ kind: "result", index: 0 },
	],
	passes: [
		{
			results: [{ by: "total", of: { kind: "argument", type: "number", index: 0 } }],
			unless: null,
		},
	],
	perElement: false,
	value: { kind: "argument", type: "number", index: 1 },
};

/** All terms of a form. */
export function termsIn({ passes, value }: SliceForm): Term[] {
	const inPasses = passes.flatMap(({ results, unless }) => [
		...results.map(({ of }) => of),
		...(unless === null ? [] : [unless]),
	]);
	return [...inPasses, value];
}

/** What the arguments in a term stand for. */
export function leavesIn(term: Term, leaves: readonly Leaf[]): Leaf[] {
	return inOrder(term).flatMap((part) => (part.kind === "argument" ? [leaves[part.index]!] : []));
}

/** Whether a term is an element of the first input and nothing else. */
export function isElement(term: Term, { leaves }: SliceForm): boolean {
	if (term.kind !== "argument") return false;
	const leaf = leaves[term.index]!;
	return (leaf.kind === "element" || leaf.kind === "double") && leaf.index === 0;
}
