import type { DType } from "../../../core/dtype.ts";
import {
	argument,
	constant,
	inOrder,
	type Primitive,
	rewritten,
	type Term,
} from "../../../scalar/scalar.ts";
import { specialized, truthAsNumber, truthIn } from "../../../scalar/specialize.ts";
import type { Expression } from "../../../schedule/expression.ts";
import type { ScalarFunctions } from "../math/calls.ts";
import type { Code } from "../math/floats.ts";
import { vectorsFor } from "./functions.ts";
import { type LaneKind, termOnVectors } from "./instructions.ts";
import {
	cast,
	constantValue,
	exactInteger,
	isMask,
	madeOf,
	toMask,
	type VectorValue,
} from "./value.ts";

/** What a formula is applied to: four elements, or a number that is the same for all. */
export type LoweredOperand = VectorValue | { readonly number: number; readonly dtype: DType };

/** The formula that an expression applies. */
type Formula = Extract<Expression, { kind: "formula" }>;

/** Code for a formula of these operands, with a result of the expression's dtype. */
export function lowered(
	code: Code,
	formula: Formula,
	operands: readonly LoweredOperand[],
	imported: ScalarFunctions,
): VectorValue {
	const { dtype } = formula;
	const { whole, lanes, reads } = preparedFor(formula, operands);
	if (whole.kind === "argument") return cast(code, operands[whole.index] as VectorValue, dtype);
	if (whole.kind === "constant") return constantValue(code, whole.value, dtype);
	const width = lanes === "float64" ? 64 : 32;
	const args = operands.map((operand, index) => {
		if ("number" in operand || !reads.has(index)) return null;
		return isMask(operand) ? toMask(code, operand, width) : cast(code, operand, lanes);
	});
	const parts = Array.from({ length: lanes === "float64" ? 2 : 1 }, (_, part) => {
		const locals = args.map((arg) => arg?.parts[part]);
		return termOnVectors(code, whole, locals, lanes, imported);
	});
	if (whole.type === "truth") return cast(code, madeOf(code, `mask${width}`, parts), dtype);
	const value = madeOf(code, lanes, parts);
	return dtype === "int32" && lanes === "float64"
		? exactInteger(code, value)
		: cast(code, value, dtype);
}

/** What is computed in place of a formula, on which lanes, and which operands it reads. */
interface Prepared {
	readonly whole: Term;
	readonly lanes: LaneKind;
	readonly reads: ReadonlySet<number>;
}

const known = new WeakMap<Formula, Map<string, Prepared>>();

/** The same for each vector of a loop: found out once for operands of the same kinds. */
function preparedFor(formula: Formula, operands: readonly LoweredOperand[]): Prepared {
	// A number is one of the formula's own arguments.
	const kinds = operands.map((operand) => ("number" in operand ? "number" : operand.kind)).join();
	const before = known.get(formula) ?? new Map<string, Prepared>();
	known.set(formula, before);
	const prepared = before.get(kinds) ?? prepare(formula, operands);
	before.set(kinds, prepared);
	return prepared;
}

function prepare({ term, dtype }: Formula, operands: readonly LoweredOperand[]): Prepared {
	const given = operands.map(asTerm);
	const isPlain = given.every((arg) => arg.kind === "argument");
	const inside = inlined(isPlain ? term : specialized(term, given));
	const whole = (dtype === "bool" ? truthIn(inside) : null) ?? inside;
	const read = inOrder(whole).flatMap((part) => (part.kind === "argument" ? [part.index] : []));
	return { whole, lanes: lanesFor(whole, operands, dtype), reads: new Set(read) };
}

/** What is known of an operand before any code: a number, or that it is truth. */
function asTerm(operand: LoweredOperand, index: number): Term {
	if (!("number" in operand)) {
		return isMask(operand)
			? truthAsNumber({ kind: "argument", type: "truth", index })
			: argument(index);
	}
	const { number, dtype } = operand;
	return constant(dtype === "float32" ? Math.fround(number) : number);
}

/**
 * A term with the formulas of functions in place of their calls, where there is no code for a
 * function.
 */
export function inlined(term: Term): Term {
	return rewritten(term, (part) => {
		const isKnown = part.kind !== "call" || vectorsFor(part.of) !== null || !("term" in part.of);
		return isKnown ? part : inlined(specialized(part.of.term(), part.args));
	});
}

/** Of 32-bit integers, what cannot leave them: a choice of whole numbers, and their rounding. */
const WHOLE = new Set<Primitive["name"]>([
	...(["min", "max", "floor", "ceil", "select", "and", "or", "xor", "not"] as const),
	...(["equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual"] as const),
]);

function isWhole(term: Term): boolean {
	return inOrder(term).every((part) => {
		if (part.kind === "constant")
			return part.type === "truth" || Object.is(part.value | 0, part.value);
		if (part.kind === "call") return vectorsFor(part.of)!.rounds === true;
		return part.kind === "argument" || WHOLE.has(part.of.name);
	});
}

/**
 * The lanes in which operands meet: float32 unless one is float64 or an int32, which float32 does
 * not hold.
 */
function lanesFor(term: Term, operands: readonly LoweredOperand[], dtype: DType): LaneKind {
	const kinds = operands.map((operand) => ("number" in operand ? operand.dtype : operand.kind));
	const isInteger = kinds.includes("int32") && !kinds.some((kind) => kind.startsWith("float"));
	if (isInteger && isWhole(term)) return "int32";
	if (dtype === "float64" || dtype === "int32") return "float64";
	if (kinds.includes("int32") || kinds.includes("float64")) return "float64";
	const isWide = inOrder(term).some((part) => part.kind === "call" && vectorsFor(part.of)!.wide);
	return isWide ? "float64" : "float32";
}
