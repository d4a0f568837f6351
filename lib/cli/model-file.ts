import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Tensor } from "../core/tensor.ts";
import type { DeriveOptions } from "../derivation/index.ts";
import { CommandError } from "./failure.ts";

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
 * exports; its arguments, exported as `args`; and `options`, if it exports them.
 * @throws CommandError when the file or one of these is not there; whatever the file throws
 */
export async function loadModel(file: string, exported: string | null): Promise<Model> {
	const all = await exportsOf(file);
	const { args, options = {} } = all;
	const f = functionOf(file, all, exported);
	if (typeof args !== "object" || args === null || args instanceof Tensor) {
		throw new CommandError(
			`${file} has to export the arguments by name, export const args = { x: … }; ${listed(all)}`,
		);
	}
	return { f, args: args as Model["args"], options: options as DeriveOptions };
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

function listed(all: Exports): string {
	return `it exports ${Object.keys(all).join(", ") || "nothing"}`;
}

async function exportsOf(file: string): Promise<Exports> {
	const path = resolve(file);
	if (!existsSync(path)) throw new CommandError(`there is no file ${file}`);
	if (/\.[cm]?tsx?$/.test(path)) await readTypeScript();
	try {
		return await import(pathToFileURL(path).href);
	} catch (error) {
		const wayOut = WAYS_OUT[String((error as { code?: unknown } | null)?.code)];
		// The stack of a syntax error does not tell the file.
		const reason = wayOut ?? (error instanceof SyntaxError ? error.message : null);
		if (reason === null) throw error;
		throw new CommandError(`cannot load ${file}: ${reason}`);
	}
}

/** What helps against those errors of Node's which a user meets here. */
const WAYS_OUT: Readonly<Record<string, string>> = {
	ERR_UNKNOWN_FILE_EXTENSION: "this Node does not run TypeScript; npm install --save-dev tsx",
	// A CommonJS module would get a second copy of this library, with tensors of its own.
	ERR_REQUIRE_CYCLE_MODULE: 'it has to be an ES module: "type": "module" in package.json, or .mts',
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
