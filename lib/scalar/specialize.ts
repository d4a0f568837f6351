import { compares, givesTruth, type Primitive, primitive as record } from "./primitives.ts";
import { constant, inOrder, isNumber, type Scalar, type Term, type Truth } from "./scalar.ts";

// What a formula comes to where more is known of its arguments than that they are numbers. Every
// rule keeps all bits.

/** Truth as a number, 1 or 0. */
export function numberOf(truth: Truth): Scalar {
	const args = [truth, constant(1), constant(0)];
	return { kind: "apply", type: "number", primitive: "select", args };
}

/** The truth of which a term is the number, 1 or 0; null for another term. */
export function truthIn(term: Term): Truth | null {
	if (term.kind !== "apply" || term.primitive !== "select") return null;
	const [test, x, y] = term.args;
	return isNumber(x!, 1) && isNumber(y!, 0) ? (test as Truth) : null;
}

/** Whether a term chooses between constants, such as a mask does. */
export function isChoice(term: Term): boolean {
	if (term.kind !== "apply" || term.primitive !== "select") return false;
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
		return x && y ? applied("select", [test!, x, y]) : null;
	}
	const result = specialized(term, args.with(i, choice));
	return "args" in result ? null : result;
}

function substituted(term: Term, args: readonly Term[]): Term {
	const known = new Map<Term, Term>();
	for (const part of inOrder(term)) {
		if (part.kind === "argument") known.set(part, args[part.index]!);
		else if (part.kind === "constant") known.set(part, part);
		else {
			const operands = part.args.map((operand) => known.get(operand)!);
			const isSame = operands.every((operand, i) => operand === part.args[i]);
			if (isSame) known.set(part, part);
			else if (part.kind === "call") known.set(part, { ...part, args: operands });
			else known.set(part, applied(part.primitive, operands));
		}
	}
	return known.get(term)!;
}

function truthConstant(value: boolean): Truth {
	return { kind: "constant", type: "truth", value: value ? 1 : 0 };
}

/** A primitive of these operands, shorter where that is exact. */
function applied(primitive: Primitive, args: readonly Term[]): Term {
	const [x, y, z] = args as [Term, Term, Term];
	const type = givesTruth(primitive) || y?.type === "truth" ? "truth" : "number";
	if (args.every(({ kind }) => kind === "constant")) {
		const values = args.map((arg) => (arg as { value: number }).value);
		const value = record(primitive).evaluate(...values);
		return { kind: "constant", type, value } as Term;
	}
	return shortened(primitive, x, y, z) ?? ({ kind: "apply", type, primitive, args } as Term);
}

function shortened(primitive: Primitive, x: Term, y: Term, z: Term): Term | null {
	switch (primitive) {
		case "mul":
			if (isNumber(x, 1) || isNumber(y, Number.NaN)) return y;
			return isNumber(y, 1) || isNumber(x, Number.NaN) ? x : null;
		case "not":
			return x.kind === "apply" && x.primitive === "not" ? x.args[0]! : null;
		case "and":
		case "or": {
			// True beside `and`, and false beside `or`, change nothing; the others decide.
			const constantOne = [x, y].find(({ kind }) => kind === "constant") as { value: number };
			if (constantOne === undefined) return null;
			const other = x.kind === "constant" ? y : x;
			return (constantOne.value === 1) === (primitive === "and")
				? other
				: truthConstant(primitive === "or");
		}
		case "select":
			return selected(x, y, z);
		default:
			return compares(primitive) ? compared(primitive, x, y) : null;
	}
}

function selected(test: Term, x: Term, y: Term): Term | null {
	if (test.kind === "constant") return test.value === 1 ? x : y;
	if (x === y) return x;
	if (test.kind === "apply" && test.primitive === "not") {
		return applied("select", [test.args[0]!, y, x]);
	}
	const [first, second] = [truthIn(x), truthIn(y)];
	if (first === null || second === null) return null;
	return numberOf(applied("select", [test, first, second]) as Truth);
}

/**
 * The comparison of a choice of two constants with a constant: the test of the choice, or its
 * opposite.
 */
function compared(primitive: Primitive, x: Term, y: Term): Term | null {
	const [choice, other] = x.kind === "constant" ? [y, x] : [x, y];
	if (other.kind !== "constant" || choice.kind !== "apply" || !isChoice(choice)) return null;
	const [test, ...branches] = choice.args;
	if (branches.some(({ kind }) => kind !== "constant")) return null;
	const [first, second] = branches.map((branch) => {
		const operands = x === choice ? [branch, y] : [x, branch];
		return (applied(primitive, operands) as { value: number }).value;
	});
	if (first === second) return truthConstant(first === 1);
	return first === 1 ? test! : applied("not", [test!]);
}
