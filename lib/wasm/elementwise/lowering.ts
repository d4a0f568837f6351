import type { DType } from "../../dtype.ts";
import type { Primitive } from "../../scalar/primitives.ts";
import { constant, inOrder, isNumber, operandsOf, type Term } from "../../scalar/scalar.ts";
import { numberOf, specialized, truthIn } from "../../scalar/specialize.ts";
import type { Local } from "../function.ts";
import type { ScalarFunctions } from "../math/calls.ts";
import { type Code, type Floats, type Vector, withConstants } from "../math/floats.ts";
import { i32x4, v128 } from "../simd.ts";
import { vectorsFor } from "./functions.ts";
import {
	cast,
	constantValue,
	exactInteger,
	isMask,
	lanesOf,
	madeOf,
	toMask,
	type Value,
} from "./value.ts";

/** What a formula is applied to: four elements, or a number that is the same for all. */
export type Operand = Value | { readonly number: number; readonly dtype: DType };

/** Code for a formula of these operands, with a result of this dtype. */
export function lowered(
	code: Code,
	term: Term,
	operands: readonly Operand[],
	dtype: DType,
	imported: ScalarFunctions,
): Value {
	const given = operands.map(asTerm);
	const isPlain = given.every((arg) => arg.kind === "argument");
	const known = inlined(isPlain ? term : specialized(term, given));
	const whole = (dtype === "bool" ? truthIn(known) : null) ?? known;
	if (whole.kind === "argument") return cast(code, operands[whole.index] as Value, dtype);
	if (whole.kind === "constant") return constantValue(code, whole.value, dtype);
	const lanes = lanesFor(whole, operands, dtype);
	const width = lanes === "float64" ? 64 : 32;
	const args = operands.map((operand, index) => {
		if ("number" in operand || !reads(whole, index)) return null;
		return isMask(operand) ? toMask(code, operand, width) : cast(code, operand, lanes);
	});
	const parts = Array.from({ length: lanes === "float64" ? 2 : 1 }, (_, part) => {
		const locals = args.map((arg) => arg?.parts[part]);
		return vectorOf(code, whole, locals, lanes, imported);
	});
	if (whole.type === "truth") return cast(code, madeOf(code, `mask${width}`, parts), dtype);
	const value = madeOf(code, lanes, parts);
	return dtype === "int32" && lanes === "float64"
		? exactInteger(code, value)
		: cast(code, value, dtype);
}

/** What is known of an operand before any code: a number, or that it is truth. */
function asTerm(operand: Operand, index: number): Term {
	if (!("number" in operand)) {
		return isMask(operand)
			? numberOf({ kind: "argument", type: "truth", index })
			: { kind: "argument", type: "number", index };
	}
	const { number, dtype } = operand;
	return constant(dtype === "float32" ? Math.fround(number) : number);
}

function reads(term: Term, index: number): boolean {
	return inOrder(term).some((part) => part.kind === "argument" && part.index === index);
}

/** A term with the formulas of functions in place of their calls, where there is no code for a function. */
function inlined(term: Term): Term {
	const call = inOrder(term).find((part) => part.kind === "call" && vectorsFor(part.of) === null);
	if (call === undefined) return term;
	const made = new Map<Term, Term>();
	for (const part of inOrder(term)) {
		const args = operandsOf(part).map((operand) => made.get(operand)!);
		if (part.kind === "call" && vectorsFor(part.of) === null && "term" in part.of) {
			made.set(part, inlined(specialized(part.of.term(), args)));
		} else made.set(part, "args" in part ? ({ ...part, args } as Term) : part);
	}
	return made.get(term)!;
}

/** Of 32-bit integers, what cannot leave them: a choice of whole numbers. */
const WHOLE = new Set<Primitive>([
	...(["min", "max", "floor", "ceil", "select", "and", "or", "xor", "not"] as const),
	...(["equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual"] as const),
]);

function isWhole(term: Term): boolean {
	return inOrder(term).every((part) => {
		if (part.kind === "constant")
			return part.type === "truth" || Object.is(part.value | 0, part.value);
		return part.kind === "argument" || (part.kind === "apply" && WHOLE.has(part.primitive));
	});
}

/** The lanes in which operands meet: float32 unless one is float64 or an int32, which float32 does not hold. */
function lanesFor(
	term: Term,
	operands: readonly Operand[],
	dtype: DType,
): "float32" | "float64" | "int32" {
	const kinds = operands.map((operand) => ("number" in operand ? operand.dtype : operand.kind));
	const isInteger = kinds.includes("int32") && !kinds.some((kind) => kind.startsWith("float"));
	if (isInteger && isWhole(term)) return "int32";
	if (dtype === "float64" || dtype === "int32") return "float64";
	if (kinds.includes("int32") || kinds.includes("float64")) return "float64";
	const isWide = inOrder(term).some((part) => part.kind === "call" && vectorsFor(part.of)!.wide);
	return isWide ? "float64" : "float32";
}

/** The lanes of a vector, and how a number fills them. */
type Lanes = Floats | typeof i32x4;

/** Code for a term of vectors; what stands in several places is computed once. */
function vectorOf(
	code: Code,
	term: Term,
	args: readonly (Local<"v128"> | undefined)[],
	kind: "float32" | "float64" | "int32",
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
	for (const part of order) {
		if (part.kind === "argument" || part.kind === "constant") continue;
		const vector =
			part.kind === "apply"
				? instructions[part.primitive](lanes, part.args as Terms, value)
				: vectorsFor(part.of)!.emit(
						code,
						lanes as Floats,
						part.args.map((arg) => code.let(value(arg))),
						imported.get(part.of.name),
					);
		made.set(part, (uses.get(part) ?? 0) > 1 ? code.let(vector) : vector);
	}
	return value(term);
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

/** The same of floats only. */
const floats =
	(emit: (lanes: Floats, x: Vector, y: Vector) => Vector): Instruction =>
	(lanes, [x, y], value) =>
		emit(lanes as Floats, value(x), y === undefined ? value(x) : value(y));

/** Whole numbers stay what they are. */
const rounded =
	(name: "floor" | "ceil"): Instruction =>
	(lanes, [x], value) =>
		"div" in lanes ? lanes[name](value(x)) : value(x);

const isZero = (term: Term) => isNumber(term, 0);
const isNaNumber = (term: Term) => isNumber(term, Number.NaN);

/** What each primitive is in vectors. */
const instructions: Record<Primitive, Instruction> = {
	add: two("add"),
	sub: two("sub"),
	mul: two("mul"),
	div: floats((lanes, x, y) => lanes.div(x, y)),
	neg: one("neg"),
	abs: one("abs"),
	sqrt: floats((lanes, x) => lanes.sqrt(x)),
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
