import * as adjoint from "../../lib/index.ts";

/** The function of a printed program, its types taken off, applied to arguments by name. */
export function runPrinted(program: string, given: Map<string, unknown>): Record<string, unknown> {
	const from = program.indexOf("export function");
	const start = program.indexOf("\n) {\n", from);
	const [head, body] = [program.slice(0, start), program.slice(start + 5)];
	const helpers = [...program.slice(0, from).matchAll(/^function [\s\S]*?^\}$/gm)].map(([text]) =>
		text.replace(/^.*$/m, (signature) =>
			signature.replace(/: (?:number|boolean|(?:Float64|Int32)Array)(?:\[\])?/g, ""),
		),
	);
	const names = [...head.matchAll(/^ {2}(\w+): (?:Tensor|Float64Array|number),/gm)].map(
		([, name]) => name!,
	);
	const imports = [...head.matchAll(/^import \{ (.*) \} from/gm)].flatMap(([, list]) =>
		list!.split(", ").filter((each) => !each.startsWith("type ")),
	);
	const imported = Object.fromEntries(
		imports.map((each) => {
			const [name, alias = name] = each.split(" as ");
			return [alias!, (adjoint as never)[name!]];
		}),
	);
	for (const [, list] of head.matchAll(/^const \{ (.*) \} = internal;$/gm)) {
		for (const each of list!.split(", ")) {
			const [name, alias = name] = each.split(": ");
			imported[alias!] = (adjoint.internal as never)[name!];
		}
	}
	const f = new Function(
		...Object.keys(imported),
		...names,
		`"use strict";\n${helpers.join("\n")}\n${body.replace(/\}\s*$/, "")}`,
	);
	return f(...Object.values(imported), ...names.map((name) => given.get(name)));
}
