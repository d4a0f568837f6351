import * as adjoint from "../../lib/index.ts";

/** The function of a printed program, its types taken off, applied to arguments by name. */
export function runPrinted(program: string, given: Map<string, unknown>): Record<string, unknown> {
	const start = program.indexOf("\n) {\n");
	const [head, body] = [program.slice(0, start), program.slice(start + 5)];
	const names = [...head.matchAll(/^ {2}(\w+): (?:Tensor|Float64Array|number),/gm)].map(
		([, name]) => name!,
	);
	const imported = Object.fromEntries(
		[...head.matchAll(/\b(\w+)\b(?=[^{}]*\} from)/g)].map(([, name]) => [
			name,
			(adjoint as never)[name!],
		]),
	);
	const f = new Function(
		...Object.keys(imported),
		...names,
		`"use strict";\n${body.replace(/\}\s*$/, "").replaceAll("]!;", "];")}`,
	);
	return f(...Object.values(imported), ...names.map((name) => given.get(name)));
}
