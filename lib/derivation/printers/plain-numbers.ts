import type { Value } from "../../program/program.ts";
import { loopsOf } from "../draft/blocks.ts";
import { variablesIn } from "../draft/expressions.ts";
import type { Derived, Statement } from "../draft/model.ts";
import { arrayHelpers } from "./numpy-helpers.ts";

/** What follows where an array is asked for something: a method, or a part of it. */
const ASKED = "\\.[A-Za-z]|\\[";

/**
 * Makes arrays of numbers where a line asks them for what a plain number of Python's does not have:
 * a scalar argument may be one, and then so is what operators alone make of it.
 * @param textOf a line as it is written without that
 * @param aliases what helpers are called instead
 */
export function numbersAsArrays(
	derived: Derived,
	textOf: (line: Statement) => string,
	aliases: ReadonlyMap<string, string>,
): (text: string) => string {
	const numbers = plainNumbers(derived, textOf);
	const called = arrayHelpers.map((name) => aliases.get(name) ?? name).join("|");
	const start = "(?<![\\p{ID_Continue}.])";
	const patterns = numbers.map((name): [string, RegExp] => {
		const asked = `${start}${name}(?=${ASKED})`;
		return [name, new RegExp(`${asked}|(?<=${start}(?:${called})\\()${name}(?=[,)])`, "gu")];
	});
	return (text) => {
		const out = patterns.reduce(
			(written, [name, pattern]) => written.replace(pattern, `np.asarray(${name})`),
			text,
		);
		return inBrackets(out, numbers);
	};
}

/** The same for a formula in brackets that is made of such numbers alone: `(x * y).sum()`. */
function inBrackets(text: string, numbers: readonly string[]): string {
	let out = text;
	const ends = text.matchAll(new RegExp(`\\)(?=${ASKED})`, "g"));
	for (const { index: close } of [...ends].toReversed()) {
		const open = opening(out, close);
		if (/[\p{ID_Continue}.]$/u.test(out.slice(0, open))) continue;
		const inner = out.slice(open, close);
		const names = inner.match(/(?<![\d.])[\p{ID_Start}_][\p{ID_Continue}]*/gu) ?? [];
		if (/[\p{ID_Continue}.]\(/u.test(inner)) continue;
		if (names.some((name) => !numbers.includes(name))) continue;
		out = `${out.slice(0, open)}np.asarray${out.slice(open)}`;
	}
	return out;
}

/** Where the bracket opens that closes at a place. */
function opening(text: string, close: number): number {
	let depth = 0;
	for (let i = close; i >= 0; i--) {
		if (text[i] === ")") depth++;
		if (text[i] === "(" && --depth === 0) return i;
	}
	return 0;
}

/**
 * Variables that are numbers of Python's where the arguments are: scalar arguments, and what
 * operators alone make of them; and the places of loops.
 */
function plainNumbers(derived: Derived, textOf: (line: Statement) => string): string[] {
	const { arguments: args, forward, backward } = derived;
	const loops = loopsOf(derived);
	const isScalar = ({ value }: { value: Value }) => value.type.shape.length === 0;
	const found = args.filter(isScalar).map(({ name }) => name);
	found.push(...loops.map(({ index }) => index));
	// An array that is filled entry by entry is none.
	const whole = [...forward, ...backward].filter(({ at }) => at === undefined);
	for (const line of whole.filter(isScalar)) {
		const isMade = /[\p{ID_Continue}.]\(/u.test(textOf(line));
		const names = [...variablesIn(line.expression).keys()];
		if (!isMade && names.every((name) => found.includes(name))) found.push(line.variable);
	}
	return found;
}
