import {
	asTerm,
	type NumberPrimitive,
	type One,
	type Primitive,
	type Scalar,
	type ScalarLike,
	type Term,
	type Truth,
	type TruthPrimitive,
	type Two,
} from "./scalar.ts";

// What formulas are made of. Numbers are float64, and a NaN in gives a NaN out unless it says
// otherwise; truth is what comparisons give, and is no number. Each is an export, so that a program
// keeps those of the ops that it calls.

type Evaluate = Primitive["evaluate"];

/** A primitive that gives a number; without an operator it is the function of `Math`. */
/* @__NO_SIDE_EFFECTS__ */
function numeric<Args extends readonly (Term | number)[]>(
	name: NumberPrimitive,
	operator?: string,
	evaluate: Evaluate = Math[name as "abs"],
) {
	const of: Primitive = { name, operator, evaluate };
	return (...args: Args): Scalar => {
		return { kind: "apply", type: "number", of, args: args.map(asTerm) };
	};
}

/** A primitive that gives truth, by default of two numbers. */
/* @__NO_SIDE_EFFECTS__ */
function logical<Args extends readonly (Term | number)[] = Two>(
	name: TruthPrimitive,
	operator: string,
	evaluate: Evaluate,
) {
	const of: Primitive = { name, operator, evaluate };
	return (...args: Args): Truth => {
		return { kind: "apply", type: "truth", of, args: args.map(asTerm) };
	};
}

/** x + y. */
export const add = numeric<Two>("add", "+", (x, y) => x + y);

/** x − y. */
export const sub = numeric<Two>("sub", "-", (x, y) => x - y);

/** x · y; 0 · ∞ is NaN. */
export const mul = numeric<Two>("mul", "*", (x, y) => x * y);

/** x / y; x / 0 is ±∞ by the signs of both, 0 / 0 is NaN. */
export const div = numeric<Two>("div", "/", (x, y) => x / y);

/** −x; 0 and −0 become each other. */
export const neg = numeric<One>("neg", "-", (x) => -x);

/** |x|; −0 gives 0. */
export const abs = numeric<One>("abs");

/** √x, rounded correctly; −0 gives −0, and less than that NaN. */
export const sqrt = numeric<One>("sqrt");

/** The greatest whole number that is not above x; −0 and ±∞ stay. */
export const floor = numeric<One>("floor");

/** The least whole number that is not below x; above −1 that is −0 for what is negative. */
export const ceil = numeric<One>("ceil");

/** The smaller of x and y; −0 is smaller than 0, and NaN if either is. */
export const min = numeric<Two>("min");

/** The greater of x and y; 0 is greater than −0, and NaN if either is. */
export const max = numeric<Two>("max");

/** x = y; 0 equals −0, and NaN equals nothing. */
export const equal = logical("equal", "===", (x, y) => Number(x === y));

/**
 * x ≠ y; true beside NaN. `notEqual(x, 0)` is the truth of a number, `notEqual(x, x)` whether it is
 * NaN.
 */
export const notEqual = logical("notEqual", "!==", (x, y) => Number(x !== y));

/** x < y; false beside NaN. */
export const less = logical("less", "<", (x, y) => Number(x < y));

/** x ≤ y; false beside NaN. */
export const lessEqual = logical("lessEqual", "<=", (x, y) => Number(x <= y));

/** x > y; false beside NaN. */
export const greater = logical("greater", ">", (x, y) => Number(x > y));

/** x ≥ y; false beside NaN. */
export const greaterEqual = logical("greaterEqual", ">=", (x, y) => Number(x >= y));

/** Whether both are true. */
export const and = logical<[t: Truth, u: Truth]>("and", "&&", (t, u) => t & u);

/** Whether at least one is true. */
export const or = logical<[t: Truth, u: Truth]>("or", "||", (t, u) => t | u);

/** Whether exactly one is true. */
export const xor = logical<[t: Truth, u: Truth]>("xor", "!==", (t, u) => t ^ u);

/** Whether t is false. */
export const not = logical<[t: Truth]>("not", "!", (t) => 1 - t);

/**
 * x where t is true, else y, each with its bits; nothing of the other shows, even where that is
 * NaN.
 */
export const select = numeric<[t: Truth, x: ScalarLike, y: ScalarLike]>("select", "?", (t, x, y) =>
	t === 1 ? x : y,
);
