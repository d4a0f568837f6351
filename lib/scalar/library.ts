import type { NativeFunction, ScalarFunction } from "./scalar.ts";

/** The library's own functions. */
const own = new WeakSet<ScalarFunction>();

/** The same function, from now on one of the library's own. */
/* @__NO_SIDE_EFFECTS__ */
export function asOwn<F extends ScalarFunction>(f: F): F {
	own.add(f);
	return f;
}

/** Whether a function is the library's own: it is known by its name, and no other may have that. */
export function isOwnFunction(f: ScalarFunction): boolean {
	return own.has(f);
}

/* @__NO_SIDE_EFFECTS__ */
function native(
	name: string,
	evaluate: (...x: number[]) => number,
	operator?: "**" | "%",
): NativeFunction {
	return asOwn({ name, arity: evaluate.length, evaluate, ...(operator && { operator }) });
}

/** The functions of `Math` that every backend has to have. */
const MATH = [
	...(["exp", "expm1", "log", "log1p", "log2", "log10"] as const),
	...(["sin", "cos", "tan", "asin", "acos", "atan", "atan2"] as const),
	...(["sinh", "cosh", "tanh", "asinh", "acosh", "atanh"] as const),
	...(["hypot", "sign"] as const),
] as const;

const natives = Object.fromEntries(MATH.map((name) => [name, native(name, Math[name])])) as Record<
	(typeof MATH)[number],
	NativeFunction
>;

/** JavaScript's own functions, which formulas call by name as methods of their algebra. */
export const library = {
	...natives,
	/**
	 * xʸ as JavaScript has it: in C 1 to the power of NaN or ±∞ is 1, and −1 to ±∞ too, and here NaN.
	 */
	pow: native("pow", Math.pow, "**"),
	/** The remainder of x / y with the sign of x, exactly; NaN for y = 0. */
	remainder: native("remainder", (x, y) => x % y, "%"),
};
