/** A piece of code in a cell, and what the document says that it gives, if it says so. */
export interface Span {
	readonly code: string;
	/** Text such as `[1, 0]` or `float32`; `null` where the document says that it is an error. */
	readonly says?: string | null;
}

/** The columns of the tables, as their heads begin. */
export const COLUMNS = ["PyTorch", "JAX", "adjoint"] as const;

/** A column. */
export type Column = (typeof COLUMNS)[number];

/** A row of a table. */
export interface Row {
	/** The title of the section. */
	readonly section: string;
	/** What stands in the column of this library, which names the row. */
	readonly name: string;
	readonly cells: Readonly<Record<Column, readonly Span[]>>;
	/** The columns that say `—`: there is no such thing there. */
	readonly without: readonly Column[];
}

/**
 * The expressions in a cell: `` `a + b` ``, `` `a.dtype` is `float32` ``, `` `a / b` is an error
 * ``. `` `adjoint/io` `` says where something is from, and is none.
 */
function spansOf(cell: string): Span[] {
	return [...cell.matchAll(/`((?!adjoint\/)[^`]*)`(?: is (?:`([^`]*)`|(an error)))?/g)].map(
		([, code, says, error]) => {
			if (error !== undefined) return { code: code!, says: null };
			return says === undefined ? { code: code! } : { code: code!, says };
		},
	);
}

/** The rows of all tables of a document whose columns are the three libraries. */
export function rowsOf(document: string): Row[] {
	const rows: Row[] = [];
	let section = "";
	let inTable = false;
	for (const line of document.split("\n")) {
		if (line.startsWith("## ")) section = line.slice(3);
		const cells = /^\|(.*)\|$/
			.exec(line)?.[1]
			?.split("|")
			.map((cell) => cell.trim());
		if (cells === undefined) inTable = false;
		else if (COLUMNS.every((column, i) => cells[i]?.startsWith(column))) inTable = true;
		else if (inTable && !/^:?-+:?$/.test(cells[0]!)) {
			if (cells.length !== COLUMNS.length) throw new Error(`expected three cells: ${line}`);
			const of = (column: Column) => cells[COLUMNS.indexOf(column)]!;
			rows.push({
				section,
				name: of("adjoint"),
				cells: {
					PyTorch: spansOf(of("PyTorch")),
					JAX: spansOf(of("JAX")),
					adjoint: spansOf(of("adjoint")),
				},
				without: COLUMNS.filter((column) => of(column) === "—"),
			});
		}
	}
	return rows;
}
