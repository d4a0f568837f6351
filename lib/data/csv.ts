import * as kind from "../core/argument-kinds.ts";
import { tensor } from "../core/create.ts";
import type { DType } from "../core/dtype.ts";
import { FormatError } from "../core/error.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";

/** How a text of separated values is read. */
export interface CsvOptions {
	/** What stands between fields, one character; left out: a comma. */
	readonly separator?: string;
	/** Whether the first line names the columns; left out: yes. Without, they are called 0, 1, …. */
	readonly header?: boolean;
}

const CSV_OPTIONS: OptionKinds<CsvOptions> = {
	separator: kind.aString,
	header: kind.flag,
};

/** A table of text: columns of the same length, by name. */
export interface Table {
	/** The names of the columns, in their order. */
	readonly columns: readonly string[];
	/** How many rows there are. */
	readonly length: number;
	/**
	 * A column's fields as they stand in the text.
	 * @throws FormatError for a name that there is not
	 */
	text(column: string): readonly string[];
	/**
	 * Columns of numbers as a tensor of shape (rows×columns), or of one column, given by its name
	 * alone, (rows).
	 * @throws FormatError for a field that is no number, naming column and line
	 */
	numbers(columns: string | readonly string[], options?: { readonly dtype?: DType }): Tensor;
	/**
	 * A column of labels as the numbers of its classes, int32 (rows), and the classes in the order in
	 * which they first come.
	 */
	classes(column: string): { readonly labels: Tensor; readonly names: readonly string[] };
}

/**
 * Reads comma-separated values (RFC 4180): fields in double quotes may hold separators, line breaks
 * and doubled quotes. Lines end as on any system, with LF, CR or both. A byte order mark and empty
 * lines at the end are left out.
 * @throws FormatError for a line with more or fewer fields than the first, a name that stands
 * twice, or a quote that is not closed, naming the line
 */
export function parseCsv(text: string, options?: CsvOptions): Table {
	checkArgument("parseCsv", "the text", text, kind.aString);
	const { separator = ",", header = true } = checkOptions("parseCsv", options, CSV_OPTIONS);
	const lines = readLines(text.startsWith("\ufeff") ? text.slice(1) : text, separator);
	const columns = header
		? (lines.shift()?.fields ?? [])
		: (lines[0]?.fields ?? []).map((_, i) => `${i}`);
	const places = new Map<string, number>();
	for (const [i, name] of columns.entries()) {
		if (places.has(name)) throw new FormatError(`parseCsv: two columns are called "${name}"`);
		places.set(name, i);
	}
	for (const { fields, number } of lines) {
		if (fields.length === columns.length) continue;
		throw new FormatError(
			`parseCsv: expected ${columns.length} fields in line ${number}, got ${fields.length}`,
		);
	}
	return tableOf(columns, places, lines);
}

interface Line {
	/** In the text, from 1. */
	readonly number: number;
	readonly fields: string[];
}

function tableOf(
	columns: readonly string[],
	places: ReadonlyMap<string, number>,
	lines: readonly Line[],
): Table {
	const place = (column: string) => {
		const found = places.get(column);
		if (found !== undefined) return found;
		throw new FormatError(`parseCsv: expected a column of ${columns.join(", ")}, got "${column}"`);
	};
	const text = (column: string) => {
		const at = place(column);
		return lines.map(({ fields }) => fields[at]!);
	};
	return {
		columns,
		length: lines.length,
		text,
		numbers(wanted, { dtype } = {}) {
			const single = typeof wanted === "string";
			const chosen = (single ? [wanted] : wanted).map(place);
			const values = lines.flatMap(({ fields, number }) =>
				chosen.map((at) => toNumber(fields[at]!, columns[at]!, number)),
			);
			const shape = single ? [lines.length] : [lines.length, chosen.length];
			return tensor(values, { shape, dtype });
		},
		classes(column) {
			const all = text(column);
			const names = [...new Set(all)];
			const numbers = new Map(names.map((name, i) => [name, i]));
			const labels = tensor(
				all.map((name) => numbers.get(name)!),
				{ shape: [all.length], dtype: "int32" },
			);
			return { labels, names };
		},
	};
}

function toNumber(field: string, column: string, line: number): number {
	const value = Number(field);
	if (field.trim() !== "" && (!Number.isNaN(value) || field.trim() === "NaN")) return value;
	throw new FormatError(
		`parseCsv: expected a number in column "${column}", line ${line}, got "${field}"`,
	);
}

function readLines(text: string, separator: string): Line[] {
	if (separator.length !== 1 || separator === '"' || separator === "\n" || separator === "\r") {
		throw new FormatError(
			`parseCsv: expected a separator of one character, got ${JSON.stringify(separator)}`,
		);
	}
	const lines: Line[] = [];
	let [at, number] = [0, 1];
	while (at < text.length) {
		const line: Line = { number, fields: [] };
		for (;;) {
			const field =
				text[at] === '"' ? readQuoted(text, at, number) : readPlain(text, at, separator);
			line.fields.push(field.value);
			number += field.value.split(LINE_END).length - 1;
			at = field.end;
			if (text[at] !== separator) break;
			at++;
		}
		if (text[at] === "\r" && text[at + 1] === "\n") at++;
		if (at < text.length && !endsLine(text[at])) {
			throw new FormatError(`parseCsv: something stands behind a closing quote in line ${number}`);
		}
		at++;
		number++;
		lines.push(line);
	}
	while (lines.length > 0 && lines.at(-1)!.fields.join() === "") lines.pop();
	return lines;
}

/** Unix ends a line with one, old Macintoshes with the other, and Windows with both. */
const LINE_END = /\r\n|\n|\r/;

function endsLine(character: string | undefined): boolean {
	return character === "\n" || character === "\r";
}

interface Field {
	readonly value: string;
	/** Where the field is over. */
	readonly end: number;
}

function readPlain(text: string, start: number, separator: string): Field {
	let end = start;
	while (end < text.length && text[end] !== separator && !endsLine(text[end])) end++;
	return { value: text.slice(start, end), end };
}

function readQuoted(text: string, start: number, line: number): Field {
	let value = "";
	let from = start + 1;
	for (;;) {
		const quote = text.indexOf('"', from);
		if (quote < 0)
			throw new FormatError(`parseCsv: a quote is not closed, which opens in line ${line}`);
		value += text.slice(from, quote);
		if (text[quote + 1] !== '"') return { value, end: quote + 1 };
		value += '"';
		from = quote + 2;
	}
}
