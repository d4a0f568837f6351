import { type Style, usesIn } from "../scalar/javascript.ts";
import { isNumber, type Term } from "../scalar/scalar.ts";
import { literal } from "./call.ts";
import { embed } from "./embed.ts";
import { javascript } from "./javascript.ts";

const CONSTANTS = ["LN2", "LN10", "LOG2E", "LOG10E", "PI", "SQRT1_2", "SQRT2"] as const;

/** A number, or by its name in `Math`. */
function named(value: number): string {
	const name = CONSTANTS.find((each) => Math.abs(value) === Math[each]);
	return name === undefined ? literal(value) : `${value < 0 ? "-" : ""}Math.${name}`;
}

/** JavaScript for readers: brackets where they are needed, and forms that a person would choose. */
const forReaders = {
	embed: (form: (args: readonly string[]) => string, args: readonly string[]) =>
		embed(javascript, form, args),
	special: (term: Term) => {
		if (term.kind !== "apply") return null;
		const [x, y, z] = term.args;
		if (term.of.name === "select" && isNumber(y!, 1) && isNumber(z!, 0)) {
			return ([t]: readonly string[]) => `Number(${t})`;
		}
		if (x !== y) return null;
		if (term.of.name === "mul") return ([a]: readonly string[]) => `${a} ** 2`;
		return term.of.name === "notEqual" ? ([a]: readonly string[]) => `Number.isNaN(${a})` : null;
	},
};

/**
 * For an expression in a loop, without a statement; its numbers are written out, as they may be
 * sizes.
 */
export function inExpressions(nameOf: Style["nameOf"]): Style {
	return { ...forReaders, nameOf, numeral: literal, keeps: false };
}

/** For the definition of a function. */
export function inFunctions(nameOf: Style["nameOf"]): Style {
	return { ...forReaders, nameOf, numeral: named, keeps: true };
}

const anyStyle = inExpressions(({ name }) => name);

/** Whether the text of a term shows a part of it twice that is more than an argument. */
export function repeats(term: Term): boolean {
	return [...usesIn(term, anyStyle)].some(([part, n]) => n > 1 && "args" in part);
}

/** How often the text of a term shows an argument. */
export function usesOf(term: Term, index: number): number {
	const found = [...usesIn(term, anyStyle)].filter(
		([part]) => part.kind === "argument" && part.index === index,
	);
	return found.reduce((n, [, k]) => n + k, 0);
}
