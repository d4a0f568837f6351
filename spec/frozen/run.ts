// Shows what a change of the library changes: for random programs and some models, the printed
// program, what `explain()` says, the emitted module, and every result to the last bit, eager and
// compiled, as hashes beside those kept in frozen.json. `npm run frozen` compares, `npm run frozen
// -- --write` keeps what is; with `--ops` programs are drawn anew, of all ops that there are now.
// What is compiled is reproducible: a fused product has the bits of its engine. Modules are those
// of one engine, Node 20.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { programs } from "../../lib/check/programs.ts";
import { records } from "../../lib/check/records.ts";
import { compile } from "../../lib/compile/index.ts";
import { elements } from "../../lib/core/strided.ts";
import { flatten } from "../../lib/core/tree.ts";
import { ones, type Tensor, vjp } from "../../lib/index.ts";
import { printProgram } from "../../lib/program/print.ts";
import { trace } from "../../lib/program/trace.ts";
import { type Frozen, models } from "./models.ts";

const file = join(import.meta.dirname, "frozen.json");
const RANDOM = 200;

type Hashes = Record<"program" | "explanation" | "module" | "eager" | "compiled", string>;

const hash = (...parts: readonly (string | Uint8Array)[]): string => {
	const sum = createHash("sha256");
	for (const part of parts) sum.update(part);
	return sum.digest("hex").slice(0, 10);
};

/** Every bit of the results, but that one NaN is like another. */
function bits(result: unknown): string {
	const { leaves } = flatten("frozen", result, "result");
	return hash(
		...leaves.flatMap((x: Tensor) => {
			const values = Float64Array.from(elements(x), (v) => (Number.isNaN(v) ? Number.NaN : v));
			return [`${x.dtype} ${x.shape}`, new Uint8Array(values.buffer)];
		}),
	);
}

/** The modules that are made while something runs. */
function modulesOf(run: () => void): Uint8Array[] {
	const made: Uint8Array[] = [];
	const { Module } = WebAssembly;
	WebAssembly.Module = new Proxy(Module, {
		construct: (target, [bytes]) => {
			made.push(new Uint8Array(bytes));
			return new target(bytes);
		},
	});
	try {
		run();
	} finally {
		WebAssembly.Module = Module;
	}
	return made;
}

function hashesOf({ f, args }: Frozen): Hashes {
	const { leaves, rebuild } = flatten("frozen", args, "arguments");
	const { program } = trace(leaves, (tracked) => {
		return flatten("frozen", f(...(rebuild(tracked) as unknown[])), "result").leaves;
	});
	const compiled = compile(f, { reproducible: true });
	let explanation = "";
	const modules = modulesOf(() => {
		explanation = String(compiled.explain(...args));
	});
	return {
		program: hash(printProgram(program)),
		explanation: hash(explanation),
		module: hash(...modules),
		eager: bits(f(...args)),
		compiled: bits(compiled(...args)),
	};
}

const isWriting = process.argv.includes("--write");
const kept = JSON.parse(readFileSync(file, "utf8")) as {
	readonly ops: readonly string[];
	readonly programs: Record<string, Hashes>;
};
// A new op would change what is drawn, so the ops to draw from are kept too.
const names = process.argv.includes("--ops") ? records.map(({ name }) => name) : kept.ops;
const ops = names.flatMap((name) => records.filter((op) => op.name === name));
const random = fc.sample(programs({ ops }), { numRuns: RANDOM, seed: 2026 }).map(
	({ run, args }): Frozen => ({
		f: (...x) => {
			const [y, pull] = vjp(run, x as Tensor[]);
			return [y, pull(y.map((value) => ones(value.shape)))];
		},
		args,
	}),
);
const all = { ...models, ...Object.fromEntries(random.map((one, i) => [`random ${i}`, one])) };
// The engine is probed before anything is looked at.
compile((x: Tensor) => x.neg())(ones([2]));

const now = Object.fromEntries(Object.entries(all).map(([name, one]) => [name, hashesOf(one)]));
if (isWriting) {
	const lines = Object.entries(now).map(([name, h]) => `\t\t"${name}": ${JSON.stringify(h)}`);
	const text = `{\n\t"ops": ${JSON.stringify(names)},\n\t"programs": {\n${lines.join(",\n")}\n\t}\n}\n`;
	writeFileSync(file, text);
	console.log(`kept ${lines.length} programs`);
} else {
	const engine = process.versions.node.startsWith("20.");
	const changed: Record<string, string[]> = {};
	for (const name of new Set([...Object.keys(kept.programs), ...Object.keys(now)])) {
		for (const what of ["program", "explanation", "module", "eager", "compiled"] as const) {
			if (!engine && (what === "explanation" || what === "module")) continue;
			if (kept.programs[name]?.[what] === now[name]?.[what]) continue;
			changed[what] ??= [];
			changed[what].push(name);
		}
	}
	for (const [what, names] of Object.entries(changed)) {
		console.log(`${what} changed in ${names.length}: ${names.join(", ")}`);
	}
	if (Object.keys(changed).length > 0) process.exit(1);
	console.log(`${Object.keys(now).length} programs as they were kept`);
}
