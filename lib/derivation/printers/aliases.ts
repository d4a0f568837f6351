import { loopsOf } from "../draft/blocks.ts";
import type { Derived } from "../draft/model.ts";

/**
 * Another name for each function that a variable is called like: the variable keeps the user's
 * name, and the function that the printed program defines or imports gets an underscore.
 */
export function aliasesFor(
	functions: Iterable<string>,
	variables: ReadonlySet<string>,
): ReadonlyMap<string, string> {
	const all = [...functions];
	const aliases = new Map<string, string>();
	for (const name of all) {
		if (!variables.has(name)) continue;
		let alias = `${name}_`;
		while (variables.has(alias) || all.includes(alias)) alias += "_";
		aliases.set(name, alias);
	}
	return aliases;
}

/**
 * The text with calls and definitions of functions under their other names. Variables are never
 * called, and methods stand after a dot.
 */
export function withAliases(text: string, aliases: ReadonlyMap<string, string>): string {
	let out = text;
	for (const [name, alias] of aliases) {
		out = out.replace(new RegExp(`(?<![\\p{ID_Continue}.$])${name}(?=\\()`, "gu"), alias);
	}
	return out;
}

/** All variables of a printed derivation, those that hold sizes and places included. */
export function variablesOf(derived: Derived): ReadonlySet<string> {
	const { arguments: args, constants, forward, backward, sizes } = derived;
	return new Set([
		...[...args, ...constants].map(({ name }) => name),
		...[...forward, ...backward].map(({ variable }) => variable),
		...loopsOf(derived).map(({ index }) => index),
		...sizes.variables.values(),
	]);
}
