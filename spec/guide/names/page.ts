import * as adjoint from "../../../lib/index.ts";
import * as io from "../../../lib/io/index.ts";
import * as nn from "../../../lib/nn/index.ts";
import * as optim from "../../../lib/optim/index.ts";
import type { Names } from "./list.ts";
import { numpy } from "./numpy.ts";
import * as others from "./others.ts";

const DTYPES: readonly unknown[] = ["float64", "float32", "int32", "bool"];

/** All modules that are compared. */
export const modules: readonly Names[] = [
	numpy,
	others.linalg,
	others.fft,
	others.ops,
	others.special,
	others.nn,
	others.initializers,
	others.optax,
];

const NOT_YET = "not exported yet";

const listed = (text: string) => text.split(/\s+/).filter((name) => name !== "");
/** A name of theirs as it would be here. */
export const camelCase = (name: string) =>
	name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

/** Whether we have what a row says: an export, a property of tensors, a dtype. */
function isThere(ours: string): boolean {
	if (ours.startsWith(".")) return ours.slice(1) in adjoint.tensor(0);
	if (ours.startsWith('"')) return DTYPES.includes(JSON.parse(ours));
	const path = ours.split(".");
	const entries = { ...adjoint, io, nn, optim } as Record<string, unknown>;
	const found = path.reduce<unknown>(
		(at, name) => (at as Record<string, unknown>)?.[name],
		entries,
	);
	return found !== undefined;
}

/** A name of theirs: what we have for it, or why we do not. */
export interface NameRow {
	readonly theirs: string;
	readonly kind: "ours" | "missing" | "apart";
	/** Our name, or the reason. */
	readonly says: string;
}

/** The rows of a module; what is not exported yet is missing for that reason. */
export function rowsOf({ ours, missing, apart }: Names): NameRow[] {
	const had = listed(ours).map((entry): NameRow => {
		const [theirs, name = camelCase(theirs!)] = entry.split(":");
		if (isThere(name)) return { theirs: theirs!, kind: "ours", says: name };
		return { theirs: theirs!, kind: "missing", says: NOT_YET };
	});
	const reasoned = (kind: "missing" | "apart", reasons: Readonly<Record<string, string>>) =>
		Object.entries(reasons).flatMap(([says, names]) =>
			listed(names).map((theirs): NameRow => ({ theirs, kind, says })),
		);
	return [...had, ...reasoned("missing", missing), ...reasoned("apart", apart)];
}

/** How many names we have and lack, and what share we have. */
export function countsOf(rows: readonly NameRow[]): { had: number; lacked: number; share: string } {
	const had = rows.filter(({ kind }) => kind === "ours").length;
	const lacked = rows.filter(({ kind }) => kind === "missing").length;
	return { had, lacked, share: `${Math.round((100 * had) / (had + lacked))} %` };
}

const PREFACE = `# Names in JAX and Optax

What \`npm run guide:names\` writes, from the tables in \`spec/guide/names/\`: it asks Python for the public names of these modules and
fails if a name is in no row, or in two. What this library has is checked against what it exports. Names that make no sense here, such as types of
Python's, are not counted. How the functions differ, where they do, is told in [Coming from PyTorch or JAX](coming-from-pytorch-or-jax.md).
`;

/** docs/names.md. */
export function namesPage(): string {
	const all = modules.map((names) => ({ module: names.module, rows: rowsOf(names) }));
	const total = countsOf(all.flatMap(({ rows }) => rows));
	const line = (module: string, { had, lacked, share }: typeof total) =>
		`| ${module} | ${had} | ${lacked} | ${share} |`;
	const summary = [
		"| module | here | missing | share |",
		"| --- | --- | --- | --- |",
		...all.map(({ module, rows }) => line(`\`${module}\``, countsOf(rows))),
		line("all", total),
	];
	return [
		PREFACE,
		...summary,
		...all.flatMap(({ module, rows }) => section(module, rows)),
		"",
	].join("\n");
}

const codes = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");

function section(module: string, rows: readonly NameRow[]): string[] {
	const had = rows.filter(({ kind }) => kind === "ours");
	const isAlike = ({ theirs, says }: NameRow) => says === camelCase(theirs);
	const alike = had.filter(isAlike).map(({ says }) => says);
	const table = (kind: "missing" | "apart") => {
		const own = rows.filter((row) => row.kind === kind);
		return [...new Set(own.map(({ says }) => says))].map((reason) => {
			const names = own.filter(({ says }) => says === reason).map(({ theirs }) => theirs);
			return `| ${kind === "missing" ? "missing" : "not counted"} | ${reason} | ${codes(names)} |`;
		});
	};
	const reasons = [...table("missing"), ...table("apart")];
	const others = had.filter((row) => !isAlike(row));
	return [
		"",
		`## ${module}`,
		"",
		...(alike.length > 0 ? [`Under the same name, in camelCase: ${codes(alike)}.`, ""] : []),
		...(others.length > 0 ? ["| there | here |", "| --- | --- |", ...others.map(asRow), ""] : []),
		...(reasons.length > 0 ? ["| | why | names |", "| --- | --- | --- |", ...reasons] : []),
	];
}

function asRow({ theirs, says }: NameRow): string {
	return `| ${codes([theirs])} | ${codes([says.startsWith(".") ? `x${says}` : says])} |`;
}
