import {
	type CallTerm,
	inOrder,
	isNumber,
	operandsOf,
	type Primitive,
	type Term,
} from "../scalar/scalar.ts";
import type { Expr } from "./expression.ts";
import type { FunctionBuilder, Local } from "./function.ts";
import { type f32x4, type f64x2, i32x4, v128 } from "./simd.ts";

/** A vector of 128 bits. */
type Bits = Expr<"v128">;

/** The lanes on which formulas are computed. */
export type FormulaLanes = typeof f32x4 | typeof f64x2 | typeof i32x4;

/** The code of a part of a formula. */
export type ValueOf = (part: Term) => Bits;

/**
 * Code for a term of vectors of one kind of lanes; what stands in several places is computed once.
 * `called` writes the calls of functions.
 */
export function formulaOnVectors(
	code: FunctionBuilder,
	term: Term,
	args: readonly (Local<"v128"> | undefined)[],
	lanes: FormulaLanes,
	called: (part: CallTerm, value: ValueOf) => Bits,
): Bits {
	const { order, uses } = partsOf(term);
	const made = new Map<Term, Bits>();
	// A constant is made where code takes it: a choice of 0 takes none.
	const value = (part: Term): Bits => {
		if (part.kind === "argument") return args[part.index]!;
		if (part.kind !== "constant") return made.get(part)!;
		if (part.type === "truth") return code.constant(i32x4.const(-part.value));
		return hasFractions(lanes) ? lanes.const(part.value) : code.constant(i32x4.const(part.value));
	};
	for (const part of order) {
		if (part.kind === "argument" || part.kind === "constant") continue;
		const vector =
			part.kind === "apply"
				? instructions[part.of.name](lanes, part.args as Terms, value)
				: called(part, value);
		made.set(part, (uses.get(part) ?? 0) > 1 ? code.let(vector) : vector);
	}
	return value(term);
}

/** The parts of a term in order, and in how many places each stands. */
interface Parts {
	readonly order: readonly Term[];
	readonly uses: ReadonlyMap<Term, number>;
}

/** A term is written once for each vector of a loop. */
const known = new WeakMap<Term, Parts>();

function partsOf(term: Term): Parts {
	let parts = known.get(term);
	if (parts === undefined) {
		const order = inOrder(term);
		const uses = new Map<Term, number>();
		for (const part of order) {
			for (const operand of operandsOf(part)) uses.set(operand, (uses.get(operand) ?? 0) + 1);
		}
		parts = { order, uses };
		known.set(term, parts);
	}
	return parts;
}

type Fractions = typeof f32x4 | typeof f64x2;

const hasFractions = (lanes: FormulaLanes): lanes is Fractions => "div" in lanes;

type Terms = readonly [Term, Term, Term];
type Instruction = (lanes: FormulaLanes, args: Terms, value: ValueOf) => Bits;

/** The instruction of lanes of this name on one vector, or on two. */
const one =
	(name: "neg" | "abs"): Instruction =>
	(lanes, [x], value) =>
		lanes[name](value(x));

const two =
	(
		name: "add" | "sub" | "mul" | "min" | "max" | "eq" | "ne" | "lt" | "le" | "gt" | "ge",
	): Instruction =>
	(lanes, [x, y], value) =>
		lanes[name](value(x), value(y));

/** Whole numbers stay what they are. */
const rounded =
	(name: "floor" | "ceil"): Instruction =>
	(lanes, [x], value) =>
		hasFractions(lanes) ? lanes[name](value(x)) : value(x);

const isZero = (term: Term) => isNumber(term, 0);
const isNaNumber = (term: Term) => isNumber(term, Number.NaN);

/** Whether a term is a number that equals no other bits, in float32 too: then −0 is no question. */
const isBound = (term: Term) =>
	term.kind === "constant" && !Number.isNaN(term.value) && Math.fround(term.value) !== 0;

/** What each primitive is in vectors. */
const instructions: Record<Primitive["name"], Instruction> = {
	add: two("add"),
	sub: two("sub"),
	mul: two("mul"),
	div: (lanes, [x, y], value) => (lanes as Fractions).div(value(x), value(y)),
	neg: one("neg"),
	abs: one("abs"),
	sqrt: (lanes, [x], value) => (lanes as Fractions).sqrt(value(x)),
	floor: rounded("floor"),
	ceil: rounded("ceil"),
	min: (lanes, args, value) => {
		const [x, y] = args;
		if (!hasFractions(lanes) || !isBound(y)) return two("min")(lanes, args, value);
		return lanes.pmin(value(x), value(y));
	},
	max: (lanes, args, value) => {
		const [x, y] = args;
		if (hasFractions(lanes) && isBound(y)) return lanes.pmax(value(x), value(y));
		if (!hasFractions(lanes) || !(isZero(x) || isZero(y))) return two("max")(lanes, args, value);
		// x < 0 ? 0 : x, and then −0 becomes 0; a NaN stays.
		return lanes.add(lanes.pmax(value(isZero(y) ? x : y), lanes.const(0)), lanes.const(0));
	},
	equal: two("eq"),
	notEqual: two("ne"),
	less: two("lt"),
	lessEqual: two("le"),
	greater: two("gt"),
	greaterEqual: two("ge"),
	and: (_, [t, u], value) => v128.and(value(t), value(u)),
	or: (_, [t, u], value) => v128.or(value(t), value(u)),
	xor: (_, [t, u], value) => v128.xor(value(t), value(u)),
	not: (_, [t], value) => v128.not(value(t)),
	select: (_, [test, x, y], value) => {
		if (isZero(y)) return v128.and(value(x), value(test));
		if (isZero(x)) return v128.andNot(value(y), value(test));
		// A lane of nothing but ones is a NaN.
		if (isNaNumber(y)) return v128.or(value(x), v128.not(value(test)));
		if (isNaNumber(x)) return v128.or(value(y), value(test));
		return v128.bitselect(value(x), value(y), value(test));
	},
};
