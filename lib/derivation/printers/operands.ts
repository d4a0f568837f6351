import type { ElementForm, IndexedElements } from "../../core/loop-form.ts";
import { type Shape, sameShape, sizeOf } from "../../core/shape.ts";
import { literal } from "../../notation/call.ts";
import { asArgument, bracketed } from "../../notation/embed.ts";
import { inExpressions, repeats, usesOf } from "../../notation/formula.ts";
import { javascript } from "../../notation/javascript.ts";
import { affine, broadcastIndex, plus } from "../../notation/plain.ts";
import { type Style, written } from "../../scalar/javascript.ts";
import { argument, constant, type Term } from "../../scalar/scalar.ts";
import { isChoice, specialized, truthAsNumber } from "../../scalar/specialize.ts";

/** A value as the expressions of a loop read it. */
export interface LoopOperand extends IndexedElements {
	/** The element at a position in row-major order; null where that needs division. */
	readonly flat: ((position: string) => string) | null;
	/** Its elements are true or false, rather than numbers. */
	readonly truth: boolean;
	/** The variable that holds it, or the part of one that does, if there is one. */
	readonly name?: string;
	/** The typed array that holds its elements in row-major order, if there is one. */
	readonly array?: string;
	/** The formula by which it is computed wherever it is read. */
	readonly made?: { readonly term: Term; readonly operands: readonly LoopOperand[] };
}

/** JavaScript that a form has made of what `asArgument` gave it. */
export function inJavaScript(text: string): string {
	return bracketed(javascript, text);
}

/** An operand as a form takes it: its elements are numbers. */
export function asElements(x: IndexedElements & Pick<LoopOperand, "truth">): IndexedElements {
	const at = (index: readonly string[]) => numberAt(x, x.at(index.map(inJavaScript)));
	return { shape: x.shape, at: (index) => asArgument(at(index)) };
}

/** The position in row-major order of an index. */
export function rowMajorPosition(index: readonly string[], shape: Shape): string {
	return index.reduce((at, i, axis) => {
		if (shape[axis] === 1) return at;
		return inJavaScript(plus(affine(asArgument(at), shape[axis]!, 0), asArgument(i)));
	}, "0");
}

/** A typed array, or for a scalar a number, under its name. */
export function stored(name: string, shape: Shape): LoopOperand {
	const flat = (at: string) => (shape.length === 0 ? name : `${name}[${at}]`);
	const array = shape.length === 0 ? {} : { array: name };
	const at = (index: readonly string[]) => flat(rowMajorPosition(index, shape));
	return { shape, at, flat, truth: false, name, ...array };
}

/** The entry at a place of a typed array, which has as many entries as these sizes say. */
export function entryOperand(
	name: string,
	place: readonly string[],
	sizes: Shape,
	shape: Shape,
): LoopOperand {
	const all = sizeOf(shape);
	const at = (index: readonly string[]) =>
		`${name}[${rowMajorPosition([...place, ...index], [...sizes, ...shape])}]`;
	if (shape.length === 0) {
		const text = at([]);
		return { shape, at: () => text, flat: () => text, truth: false, name: text };
	}
	const flat = (position: string) =>
		`${name}[${rowMajorPosition([...place, position], [...sizes, all])}]`;
	const first = rowMajorPosition(place, sizes);
	const from = (entry: string) => inJavaScript(affine(asArgument(entry), all, 0));
	const array = `${name}.subarray(${from(first)}, ${from(plus(first, "1"))})`;
	return { shape, at, flat, truth: false, name: array, array };
}

/** A number, wherever it is asked for. */
export function repeated(number: number, shape: Shape): LoopOperand {
	const text = literal(number);
	const made = { term: constant(number), operands: [] };
	return { shape, at: () => text, flat: () => text, truth: false, made };
}

/** The same elements in row-major order, in another shape; null where they cannot be read so. */
export function reshaped({ flat, truth, array }: LoopOperand, shape: Shape): LoopOperand | null {
	if (flat === null) return null;
	const kept = array === undefined || shape.length === 0 ? {} : { array };
	return { shape, at: (index) => flat(rowMajorPosition(index, shape)), flat, truth, ...kept };
}

/** An element of a result wherever it is read. */
export function element<P>(
	form: ElementForm<P>,
	args: readonly LoopOperand[],
	params: P,
	shape: Shape,
): LoopOperand {
	const given = args.map(asElements);
	const at = (index: readonly string[]) =>
		inJavaScript(form.at(given, index.map(asArgument), params));
	return { shape, at, flat: null, truth: false };
}

/** How a loop writes formulas. */
export interface FormulaWriter {
	/** What a function is called that JavaScript lacks. */
	readonly nameOf: Style["nameOf"];
	/** Computes an operand before, so that it can be read more than once. */
	readonly keep: (x: LoopOperand) => LoopOperand;
}

/** A formula of operands that broadcast to a shape. */
export function elementwiseOperand(
	term: Term,
	args: readonly LoopOperand[],
	shape: Shape,
	writer: FormulaWriter,
): LoopOperand {
	// A number is a constant of the formula, which may be shorter for it.
	let made = together(term, args, true);
	// A mask that would have to be read twice is an operand like any other.
	if (repeats(made.term)) made = together(term, args, false);
	const operands = made.operands.map((x, i) =>
		x.made !== undefined && usesOf(made.term, i) > 1 ? writer.keep(x) : x,
	);
	const style = inExpressions(writer.nameOf);
	const write = (texts: readonly string[]) => written(made.term, texts, style).value;
	const spread = operands.map((x) => spreadFlat(x, shape));
	return {
		shape,
		at: (index) => write(operands.map((x) => x.at(broadcastIndex(index, x.shape)))),
		flat: spread.includes(null) ? null : (at) => write(spread.map((flat) => flat!(at))),
		truth: made.term.type === "truth",
		made: { term: made.term, operands },
	};
}

/**
 * A formula of operands; where a mask is one of them, which chooses between constants, it is of
 * what that is made of.
 */
function together(
	term: Term,
	args: readonly LoopOperand[],
	withMasks: boolean,
): { term: Term; operands: readonly LoopOperand[] } {
	const operands: LoopOperand[] = [];
	const leaf = (x: LoopOperand): Term => {
		if (!operands.includes(x)) operands.push(x);
		const index = operands.indexOf(x);
		return x.truth ? truthAsNumber({ kind: "argument", type: "truth", index }) : argument(index);
	};
	const given = args.map((x) => {
		const { made } = x;
		if (made?.term.kind === "constant") return made.term;
		if (!withMasks || made === undefined || !isChoice(made.term)) return leaf(x);
		const known = specialized(made.term, made.operands.map(leaf));
		return known.type === "truth" ? truthAsNumber(known) : known;
	});
	return { term: specialized(term, given), operands };
}

/** How the elements of x are read in the row-major order of the shape to which it broadcasts. */
function spreadFlat(x: LoopOperand, shape: Shape): LoopOperand["flat"] {
	if (sameShape(x.shape, shape)) return x.flat;
	return sizeOf(x.shape) === 1 ? () => x.at(x.shape.map(() => "0")) : null;
}

/** An element as a number, to be stored. */
export function numberAt(x: Pick<LoopOperand, "truth">, text: string): string {
	return x.truth ? `Number(${text})` : text;
}
