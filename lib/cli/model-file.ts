import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Tensor } from "../core/tensor.ts";
import type { DeriveOptions } from "../derivation/index.ts";
import { CommandError } from "./failure.ts";
import { parameterNames } from "./parameter-names.ts";

/** What a file exports to be derived. */
export interface Model {
	readonly f: (...args: unknown[]) => unknown;
	/** By name. */
	readonly args: Readonly<Record<string, unknown>>;
	readonly options: DeriveOptions;
}

type Exports = Readonly<Record<string, unknown>>;

/**
 * Loads a file: the function called `exported`, or the default export, or the only function that it
 * exports; its arguments, exported as `args`, by name, or as a list in the order of the function's
 * parameters; and `options`, if it exports them. Arguments may be a promise, since a CommonJS file
 * can load this library in no other way than by `import()`.
 * @throws CommandError when the file or one of these is not there; whatever the file throws
 */
export async function loadModel(file: string, exported: string | null): Promise<Model> {
	const all = await exportsOf(file);
	const f = functionOf(file, all, exported);
	return {
		f,
		args: await argumentsOf(file, all, f),
		options: (all.options ?? {}) as DeriveOptions,
	};
}

function functionOf(file: string, all: Exports, exported: string | null): Model["f"] {
	const functions = Object.keys(all).filter((name) => typeof all[name] === "function");
	const only = functions.length === 1 ? functions[0]! : "default";
	const f = all[exported ?? ("default" in all ? "default" : only)];
	if (typeof f === "function") return f as Model["f"];
	const wanted = exported === null ? "default function" : `function ${exported}`;
	const way = exported === null && functions.length > 1 ? "; choose one with --export" : "";
	throw new CommandError(`${file} exports no ${wanted}; ${listed(all)}${way}`);
}

async function argumentsOf(file: string, all: Exports, f: Model["f"]): Promise<Model["args"]> {
	const args: unknown = await all.args;
	if (Array.isArray(args) && args.length > 0) {
		const names = parameterNames(f);
		const known = names?.length === args.length ? names : null;
		return Object.fromEntries(args.map((arg, i) => [known?.[i] ?? `arg${i + 1}`, arg]));
	}
	const isByName = typeof args === "object" && args !== null && !(args instanceof Tensor);
	if (isByName && Object.keys(args).length > 0) return args as Model["args"];
	throw new CommandError(
		`${file} has to export the arguments by name, export const args = { x: … }; ${listed(all)}`,
	);
}

function listed(all: Exports): string {
	return `it exports ${Object.keys(all).sort().join(", ") || "nothing"}`;
}

async function exportsOf(file: string): Promise<Exports> {
	const path = resolve(file);
	if (!existsSync(path)) throw new CommandError(`there is no file ${file}`);
	if (/\.[cm]?tsx?$/.test(path)) await readTypeScript();
	try {
		return withoutWrapper(await import(pathToFileURL(path).href));
	} catch (error) {
		const code = String((error as { code?: unknown } | null)?.code);
		const wayOut = NOT_IN_CACHE.test(String(error)) ? ES_MODULE : WAYS_OUT[code];
		// The stack of a syntax error does not tell the file.
		const reason = wayOut ?? (error instanceof SyntaxError ? error.message : null);
		if (reason === null) throw error;
		throw new CommandError(`cannot load ${file}: ${reason}`);
	}
}

/** The exports of a CommonJS file, which `import` gives as one object, the default export. */
function withoutWrapper(namespace: Exports): Exports {
	const { default: whole, "module.exports": _, ...named } = namespace;
	if (whole === undefined) return named;
	if (typeof whole !== "object" || whole === null) return { ...named, default: whole };
	return { ...named, ...whole };
}

const ES_MODULE = 'it has to be an ES module: "type": "module" in package.json, .mjs or .mts';

/** What Node says, without a code, of a CommonJS file in TypeScript that imports ES modules. */
const NOT_IN_CACHE = /^Error: request for .* is not in cache$/;

/** What helps against those errors of Node's which a user meets here. */
const WAYS_OUT: Readonly<Record<string, string>> = {
	ERR_UNKNOWN_FILE_EXTENSION: "this Node does not run TypeScript; npm install --save-dev tsx",
	// A CommonJS module would get a second copy of this library, with tensors of its own.
	ERR_REQUIRE_CYCLE_MODULE: ES_MODULE,
	ERR_REQUIRE_ESM: ES_MODULE,
};

/** Lets Node import TypeScript by way of tsx, where that is installed. */
async function readTypeScript(): Promise<void> {
	try {
		const { register } = await import("tsx/esm/api");
		register();
	} catch (error) {
		if ((error as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
	}
}
