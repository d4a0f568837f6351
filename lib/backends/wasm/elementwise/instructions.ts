import type { Local } from "../../../asm/function.ts";
import { i32x4, v128 } from "../../../asm/simd.ts";
import {
	type CallTerm,
	inOrder,
	isNumber,
	operandsOf,
	type Primitive,
	type Term,
} from "../../../scalar/scalar.ts";
import type { ScalarFunctions } from "../math/calls.ts";
import { type Code, type Floats, type Vector, withConstants } from "../math/floats.ts";
import { vectorsFor } from "./functions.ts";
import { lanesOf } from "./value.ts";

/** What the lanes of vectors hold. */
export type LaneKind = "float32" | "float64" | "int32";

type Lanes = Floats | typeof i32x4;

/**
 * Code for a term of vectors of one kind of lanes; what stands in several places is computed once.
 */
export function termOnVectors(
	code: Code,
	term: Term,
	args: readonly (Local<"v128"> | undefined)[],
	kind: LaneKind,
	imported: ScalarFunctions,
): Vector {
	const lanes = kind === "int32" ? i32x4 : withConstants(code, lanesOf(kind));
	const order = inOrder(term);
	const uses = new Map<Term, number>();
	for (const operand of order.flatMap(operandsOf)) uses.set(operand, (uses.get(operand) ?? 0) + 1);
	const made = new Map<Term, Vector>();
	// A constant is made where code takes it: a choice of 0 takes none.
	const value = (part: Term): Vector => {
		if (part.kind === "argument") return args[part.index]!;
		if (part.kind !== "constant") return made.get(part)!;
		if (part.type === "truth") return code.constant(i32x4.const(-part.value));
		return kind === "int32" ? code.constant(i32x4.const(part.value)) : lanes.const(part.value);
	};
	const called = ({ of, args: operands }: CallTerm): Vector => {
		const { emit, rounds } = vectorsFor(of)!;
		if (lanes === i32x4 && rounds) return value(operands[0]!);
		const locals = operands.map((operand) => asLocal(code, value(operand)));
		return emit(code, lanes as Floats, locals, imported.get(of.name));
	};
	for (const part of order) {
		if (part.kind === "argument" || part.kind === "constant") continue;
		const vector =
			part.kind === "apply"
				? instructions[part.of.name](lanes, part.args as Terms, value)
				: called(part);
		made.set(part, (uses.get(part) ?? 0) > 1 ? code.let(vector) : vector);
	}
	return value(term);
}

function asLocal(code: Code, x: Vector): Local<"v128"> {
	return "index" in x ? (x as Local<"v128">) : code.let(x);
}

type Terms = readonly [Term, Term, Term];
type Instruction = (lanes: Lanes, args: Terms, value: (part: Term) => Vector) => Vector;

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
		"div" in lanes ? lanes[name](value(x)) : value(x);

const isZero = (term: Term) => isNumber(term, 0);
const isNaNumber = (term: Term) => isNumber(term, Number.NaN);

/** What each primitive is in vectors. */
const instructions: Record<Primitive["name"], Instruction> = {
	add: two("add"),
	sub: two("sub"),
	mul: two("mul"),
	div: (lanes, [x, y], value) => (lanes as Floats).div(value(x), value(y)),
	neg: one("neg"),
	abs: one("abs"),
	sqrt: (lanes, [x], value) => (lanes as Floats).sqrt(value(x)),
	floor: rounded("floor"),
	ceil: rounded("ceil"),
	min: two("min"),
	max: (lanes, args, value) => {
		const [x, y] = args;
		if (!("pmax" in lanes) || !(isZero(x) || isZero(y))) return two("max")(lanes, args, value);
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
