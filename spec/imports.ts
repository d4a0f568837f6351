import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "..");

/** The TypeScript files below a folder of the repository, as paths from its root. */
export function sources(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
		.map((file) => join(folder, file));
}

/** What a file holds. */
export const text = (file: string): string => readFileSync(join(root, file), "utf8");

/**
 * The files that a file imports, and whether it does so for types alone, which load nothing when it
 * runs.
 */
export function imports(file: string): { file: string; isType: boolean }[] {
	const statements = text(file).matchAll(
		/^(?:import|export)\s(?:([^;]*?)\sfrom\s)?"(\.[^"]+)";/gms,
	);
	return [...statements].map(([, what = "", target]) => {
		const names = /^\{(.*)\}$/s.exec(what)?.[1]?.split(",");
		const isErased = (name: string) => name.trim() === "" || name.trim().startsWith("type ");
		return {
			file: relative(root, join(root, dirname(file), target!)),
			isType: what.startsWith("type ") || (names?.every(isErased) ?? false),
		};
	});
}

/** What gathers the ops of all families stands above their rooms. */
const GATHERING: readonly string[] = ["lib/ops/index.ts", "lib/ops/internal.ts"];

/** The room that a file of the library stands in; `lib/` itself is the surface. */
export function roomOf(file: string): string {
	if (GATHERING.includes(file)) return "ops/index";
	return dirname(file) === "lib" ? "surface" : dirname(file).replace("lib/", "");
}

/**
 * The groups in which everybody reaches everybody, each sorted, with more than one member (R.
 * Tarjan, "Depth-first search and linear graph algorithms", 1972).
 */
export function circles(
	all: readonly string[],
	next: (one: string) => readonly string[],
): string[][] {
	const found: string[][] = [];
	const order = new Map<string, number>();
	const lowest = new Map<string, number>();
	const open: string[] = [];
	const visit = (one: string): number => {
		const own = order.size;
		order.set(one, own);
		lowest.set(one, own);
		open.push(one);
		for (const other of next(one)) {
			if (!order.has(other)) visit(other);
			if (open.includes(other)) {
				lowest.set(one, Math.min(lowest.get(one)!, lowest.get(other)!));
			}
		}
		if (lowest.get(one) === own) found.push(open.splice(open.indexOf(one)).toSorted());
		return own;
	};
	for (const one of all) if (!order.has(one)) visit(one);
	return found.filter(({ length }) => length > 1);
}
