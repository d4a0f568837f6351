import { isNumeral } from "./embed.ts";

const LETTERS = "ijklmnpqrs";

/** The letters that stand for axes in mathematics: the first is i, the second j, …: `i,j`. */
export function axisLetters(axes: readonly number[]): string {
	return axes.map((axis) => LETTERS[axis] ?? `a_{${axis}}`).join(",");
}

/** A function in LaTeX by its name, `\operatorname{name}_{below}(x, y)`. */
export function named(name: string, args: readonly string[], below = ""): string {
	const index = below === "" ? "" : `_{${below}}`;
	return `\\operatorname{${name}}${index}(${args.join(", ")})`;
}

/** Whether an argument is a number, or a fraction of two. */
function isNumber(arg: string): boolean {
	return isNumeral(arg) || /^\uE000?-?\\frac\{\d+\}\{\d+\}\uE001?$/.test(arg);
}

/**
 * The product of each element with each in LaTeX; a number stands in front, without a sign between.
 */
export function elementwiseProduct(x: string, y: string): string {
	if (isNumber(x)) return isNumber(y) ? `${x} \\cdot ${y}` : `${x}\\,${y}`;
	return isNumber(y) ? `${y}\\,${x}` : `${x} \\odot ${y}`;
}

/**
 * A tensor with its axes in another order in LaTeX: a transpose where all are reversed, or the last
 * two swapped.
 */
export function permuted(x: string, axes: readonly number[]): string {
	const last = axes.length - 1;
	const isReversed = axes.every((axis, i) => axis === last - i);
	const isSwapped = axes.every((axis, i) => axis === (i < last - 1 ? i : 2 * last - 1 - i));
	return isReversed || isSwapped ? `${x}^{\\top}` : named("reorder", [x], axes.join(","));
}

/**
 * The quotient of each element by each in LaTeX; a fraction that is divided by a number is
 * multiplied by its reciprocal.
 */
export function quotient(x: string, y: string): string {
	const isNested = /\\frac|\\sum/.test(x) && isNumber(y);
	return isNested ? `\\frac{1}{${y}}\\,${x}` : `\\frac{${x}}{${y}}`;
}
