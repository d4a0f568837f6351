import { storedOnce } from "../core/stored-once.ts";
import { elements } from "../core/strided.ts";
import type { Sign } from "../core/traits.ts";
import { uniformNumber } from "./builder.ts";
import { type Constant, type Instruction, instructionsOf, type Value } from "./program.ts";

// A product of derivatives keeps an exact 0 even beside ∞ or NaN. Here it is told whether that can
// make a difference, or whether the plain product says the same.

/**
 * Whether an absorbing product may differ from the plain one: one side is 0 where a mask, `where`
 * or a slice has cut it off, and the other need not be finite there. A 0 that is there by chance,
 * as the element of an argument, does not count; and a whole row that was cut off before a product
 * of matrices counts beside a pole, but not beside what may merely overflow.
 */
export function absorbs({ op, inputs }: Instruction): boolean {
	const [g, factor] = inputs as [Value, Value];
	const isHeld = (x: Value, y: Value) =>
		isCutAnywhere(x) && (!hasNoPole(y) || (isCutHere(x) && !isBounded(y)));
	const either = op.traits?.algebra?.absorbing === "either";
	return isHeld(g, factor) || (either && isHeld(factor, g));
}

/** A property of values, each looked at once. */
function remembered<T>(of: (value: Value) => T): (value: Value) => T {
	const known = new WeakMap<Value, T>();
	return (value) => {
		// What it is made from first, each after its inputs: a chain may be too long to go down it.
		for (const step of known.has(value) ? [] : instructionsOf([value], known)) {
			known.set(step, of(step));
		}
		if (!known.has(value)) known.set(value, of(value));
		return known.get(value)!;
	};
}

/**
 * Whether elements of it may be exactly 0 because they were cut off. @param passed the rules of ops
 * that pass such a 0 on
 */
function cutOff(passed: ReadonlySet<string>): (value: Value) => boolean {
	const isCut: (value: Value) => boolean = remembered((value) => {
		if (value.kind !== "instruction") return false;
		const { inputs, op } = value;
		const { zeros, branches, algebra } = op.traits ?? {};
		const isZero = (x: Value) => uniformNumber(x) === 0 || isCut(x);
		if (zeros || value.type.dtype === "bool") return true;
		if (branches !== undefined) return branches.some((i) => isZero(inputs[i]!));
		if (algebra?.coefficients !== undefined) return inputs.every(isZero);
		if (algebra?.powers !== undefined) {
			return inputs.some((x, i) => algebra.powers![i]! > 0 && isCut(x));
		}
		return passed.has(op.rule ?? "") && inputs.some(isCut);
	});
	return isCut;
}

const MOVES = ["stretch", "arrangement", "linear", "reduction"];
const isCutHere = cutOff(new Set(MOVES));
const isCutAnywhere = cutOff(new Set([...MOVES, "matrixProduct", "bilinear"]));

/**
 * Whether it is finite wherever the arguments are. @param overflow whether a number too large
 * counts as infinite
 */
function finite(overflow: boolean): (value: Value) => boolean {
	const isFiniteAt: (value: Value) => boolean = remembered((value) => {
		if (value.kind === "input") return true;
		if (value.kind === "constant") return elementsOf(value).every(Number.isFinite);
		const { inputs, op } = value;
		const { finite, overflows, algebra } = op.traits ?? {};
		if ((overflow && overflows) || !inputs.every(isFiniteAt)) return false;
		const isDivisor = (x: Value) => signOf(x) === "positive" || (uniformNumber(x) ?? 0) !== 0;
		if (algebra?.powers?.some((p, i) => p < 0 && !isDivisor(inputs[i]!))) return false;
		return finite?.(inputs.map(signOf), inputs.map(uniformNumber)) ?? true;
	});
	return isFiniteAt;
}

const hasNoPole = finite(false);
const isBounded = finite(true);

/** The sign of all elements, as far as it is known without the values of arguments. */
const signOf: (value: Value) => Sign = remembered((value) => {
	if (value.kind === "input") return "unknown";
	if (value.kind === "constant") return signOfNumbers(elementsOf(value));
	const { inputs, op } = value;
	const { sign, algebra, branches, view, zeros, totals } = op.traits ?? {};
	const signs = inputs.map(signOf);
	if (sign !== undefined) return sign(signs);
	if (zeros || branches !== undefined) {
		const parts = branches?.map((i) => signs[i]!) ?? [];
		if (parts.length === 0 || parts.includes("unknown")) return "unknown";
		return zeros || parts.includes("nonnegative") ? "nonnegative" : "positive";
	}
	if (algebra?.coefficients !== undefined) {
		const isKnown = signs.every((s, i) => s !== "unknown" && algebra.coefficients![i]! > 0);
		return isKnown ? (signs.includes("positive") ? "positive" : "nonnegative") : "unknown";
	}
	if (algebra?.powers !== undefined) {
		const isKnown = signs.every((s, i) => s !== "unknown" || algebra.powers![i]! % 2 === 0);
		return isKnown
			? signs.every((s) => s === "positive")
				? "positive"
				: "nonnegative"
			: "unknown";
	}
	return view || totals !== undefined ? signs[0]! : "unknown";
});

function signOfNumbers(numbers: readonly number[]): Sign {
	if (numbers.every((x) => x > 0)) return "positive";
	return numbers.every((x) => x >= 0) ? "nonnegative" : "unknown";
}

/** The numbers that a constant consists of: of what is broadcast each once. */
function elementsOf(value: Constant): readonly number[] {
	const number = uniformNumber(value);
	return number === null ? [...elements(storedOnce(value.tensor))] : [number];
}
