import { equal, not, notEqual, select } from "./primitives.ts";
import {
	constant,
	isNumber,
	operandsOf,
	type PrimitiveTerm,
	rewritten,
	type Scalar,
	type Term,
	type Truth,
} from "./scalar.ts";

// What a formula comes to where more is known of its arguments than that they are numbers. Every
// rule keeps all bits.

/** Truth as a number, 1 or 0. */
export function truthAsNumber(truth: Truth): Scalar {
	return select(truth, 1, 0);
}

/** The truth of which a term is the number, 1 or 0; null for another term. */
export function truthIn(term: Term): Truth | null {
	if (term.kind !== "apply" || term.of.name !== "select") return null;
	const [test, x, y] = term.args;
	return isNumber(x!, 1) && isNumber(y!, 0) ? (test as Truth) : null;
}

/** Not t. */
export function negated(t: Truth): Truth {
	const comparison = t.kind === "apply" ? t.of.name : null;
	const [x, y] = operandsOf(t) as [Scalar, Scalar];
	if (comparison === "equal") return notEqual(x, y);
	return comparison === "notEqual" ? equal(x, y) : not(t);
}

/** Whether a term chooses between constants, such as a mask does. */
export function isChoice(term: Term): boolean {
	if (term.kind !== "apply" || term.of.name !== "select") return false;
	return term.args.slice(1).every((x) => x.kind === "constant" || isChoice(x));
}

/** A term with others in place of its arguments. */
export function specialized(term: Term, args: readonly Term[]): Term {
	const i = args.findIndex(isChoice);
	return (i < 0 ? null : distributed(term, args, i, args[i]!)) ?? substituted(term, args);
}

/**
 * The term for each of the constants that an argument may be, where none of them leaves anything to
 * compute; else null.
 */
function distributed(term: Term, args: readonly Term[], i: number, choice: Term): Term | null {
	if (choice.kind === "apply") {
		const [test, ...branches] = choice.args;
		const [x, y] = branches.map((branch) => distributed(term, args, i, branch));
		return x && y ? chosen(test!, x, y) : null;
	}
	const result = specialized(term, args.with(i, choice));
	return "args" in result ? null : result;
}

function substituted(term: Term, args: readonly Term[]): Term {
	return rewritten(term, (part, original) => {
		if (part.kind === "argument") return args[part.index]!;
		return part === original || part.kind !== "apply" ? part : applied(part, part.args);
	});
}

/** What is always true, or never. */
export function truthConstant(value: boolean): Truth {
	return { kind: "constant", type: "truth", value: value ? 1 : 0 };
}

/** A primitive of these operands, shorter where that is exact. */
function applied(part: PrimitiveTerm, args: readonly Term[]): Term {
	const [x, y, z] = args as [Term, Term, Term];
	if (part.of.name === "select") return chosen(x, y, z);
	if (args.every(({ kind }) => kind === "constant")) {
		const value = part.of.evaluate(...args.map((arg) => (arg as { value: number }).value));
		return { ...constant(value), type: part.type } as Term;
	}
	return shortened(part, x, y) ?? ({ ...part, args } as Term);
}

function shortened(part: PrimitiveTerm, x: Term, y: Term): Term | null {
	switch (part.of.name) {
		case "mul":
			if (isNumber(x, 1) || isNumber(y, Number.NaN)) return y;
			return isNumber(y, 1) || isNumber(x, Number.NaN) ? x : null;
		case "not":
			return opposite(x);
		case "and":
		case "or": {
			// True beside `and`, and false beside `or`, change nothing; the others decide.
			const constantOne = [x, y].find(({ kind }) => kind === "constant") as { value: number };
			if (constantOne === undefined) return null;
			const other = x.kind === "constant" ? y : x;
			const isOr = part.of.name === "or";
			return (constantOne.value === 1) === isOr ? truthConstant(isOr) : other;
		}
		default:
			return part.type === "truth" && x.type === "number" ? compared(part, x, y) : null;
	}
}

function opposite(truth: Term): Term {
	return isOpposite(truth) ? truth.args[0]! : not(truth as Truth);
}

function isOpposite(truth: Term): truth is PrimitiveTerm {
	return truth.kind === "apply" && truth.of.name === "not";
}

/** One of two numbers, or of two that are truth. */
function chosen(test: Term, x: Term, y: Term): Term {
	if (test.kind === "constant") return test.value === 1 ? x : y;
	if (x === y) return x;
	if (isOpposite(test)) return chosen(test.args[0]!, y, x);
	const [first, second] = [truthIn(x), truthIn(y)];
	if (first !== null && second !== null) return truthAsNumber(chosen(test, first, second) as Truth);
	return { ...select(test as Truth, x as Scalar, y as Scalar), type: y.type } as Term;
}

/**
 * The comparison of a choice of two constants with a constant: the test of the choice, or its
 * opposite.
 */
function compared(part: PrimitiveTerm, x: Term, y: Term): Term | null {
	const [choice, other] = x.kind === "constant" ? [y, x] : [x, y];
	if (other.kind !== "constant" || choice.kind !== "apply" || !isChoice(choice)) return null;
	const [test, ...branches] = choice.args;
	if (branches.some(({ kind }) => kind !== "constant")) return null;
	const [first, second] = branches.map((branch) => {
		const operands = x === choice ? [branch!, y] : [x, branch!];
		return (applied(part, operands) as { value: number }).value;
	});
	if (first === second) return truthConstant(first === 1);
	return first === 1 ? test! : opposite(test!);
}
