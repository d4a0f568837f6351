import { notRun, otherDtypes } from "./exceptions.ts";
import { COLUMNS, type Column, type Row } from "./table.ts";
import { difference, isAsSaid, type Outcome, show, type Value } from "./values.ts";

/** What an expression of a column gave. */
export type OutcomeOf = (column: Column, code: string) => Outcome;

/** What a comparison of a row has found, and how much it has compared. */
export interface Comparison {
	readonly faults: readonly string[];
	readonly values: number;
	readonly gradients: number;
}

/** Why a row cannot be compared as it stands, or null: nothing is passed over in silence. */
export function unfit(row: Row): string | null {
	if (row.name in notRun) return null;
	const silent = COLUMNS.filter(
		(column) => row.cells[column].length === 0 && !row.without.includes(column),
	);
	if (silent.length > 0) return `no expression for ${silent.join(" and ")}`;
	if (row.without.length > 1) return "nothing to compare with";
	const said = COLUMNS.flatMap((column) => row.cells[column]).map(({ says }) => says !== undefined);
	return new Set(said).size > 1 ? "either all expressions say what they give, or none" : null;
}

/** The values of a list, each once, in their order: a cell may name two ways to the same thing. */
function distinct<T>(values: readonly T[], differ: (a: T, b: T) => string | null): T[] {
	return values.filter((value, i) => values.findIndex((one) => differ(one, value) === null) === i);
}

/**
 * Compares the columns of a row: what each of its expressions gives is what the document says, or
 * else the columns give the same values in the same order, and these have the same gradients.
 */
export function compareRow(row: Row, outcomeOf: OutcomeOf): Comparison {
	const faults: string[] = [];
	const columns = COLUMNS.filter((column) => row.cells[column].length > 0);
	const all = columns.map((column) =>
		row.cells[column].map(({ code, says }) => ({ code, says, ...outcomeOf(column, code) })),
	);
	for (const { code, says, value, error } of all.flat()) {
		if (says === null && error === undefined) faults.push(`${code} is no error`);
		if (says !== null && error !== undefined) faults.push(`${code}: ${error}`);
		if (typeof says === "string" && value !== undefined && !isAsSaid(value, says)) {
			faults.push(`${code} is ${show(value)}, not ${says}`);
		}
	}
	if (faults.length > 0) return { faults, values: 0, gradients: 0 };
	if (all.flat().some(({ says }) => says !== undefined)) {
		return { faults, values: all.flat().length, gradients: 0 };
	}

	const differ = (a: Value, b: Value) => difference(a, b, { dtypes: !(row.name in otherDtypes) });
	const values = all.map((spans) =>
		distinct(
			spans.map(({ value }) => value!),
			differ,
		),
	);
	for (const [i, column] of columns.entries()) {
		const why = differ(values[i]!, values.at(-1)!);
		if (why !== null) faults.push(`the value of ${column}: ${why}`);
	}
	// Gradients are compared between all expressions of the same value.
	let gradients = 0;
	for (const value of values.at(-1)!) {
		const same = all.flat().filter((span) => differ(span.value!, value) === null);
		const [first, ...others] = same.filter(({ gradient }) => gradient != null);
		for (const { code, gradient } of others) {
			gradients++;
			for (const [name, by] of Object.entries(first!.gradient!)) {
				const why = difference(gradient![name]!, by);
				if (why !== null) faults.push(`the gradient of ${code} by ${name}: ${why}`);
			}
		}
	}
	return { faults, values: all.flat().length, gradients };
}
