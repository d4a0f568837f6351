import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What the library may weigh: the size of each entry and program, bundled and gzipped, in kB; and
 * the lines of each room. A number is raised only with a reason, which the commit that raises it
 * gives.
 */
export const budget = JSON.parse(
	readFileSync(join(import.meta.dirname, "budget.json"), "utf8"),
) as { readonly gzipped: Record<string, number>; readonly lines: Record<string, number> };

/** What is over its budget, or has none, in words. */
export function over(
	measured: Readonly<Record<string, number>>,
	allowed: Readonly<Record<string, number>>,
): string[] {
	const grown = Object.entries(measured).flatMap(([name, size]) =>
		size <= (allowed[name] ?? 0) ? [] : [`${name}: ${size}, budget ${allowed[name] ?? "none"}`],
	);
	const gone = Object.keys(allowed).filter((name) => !(name in measured));
	return [...grown, ...gone.map((name) => `${name}: is not there`)];
}
