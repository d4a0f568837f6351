import { TraceError } from "../../core/error.ts";
import { sameShape } from "../../core/shape.ts";
import type { Flattened } from "../../core/tree.ts";
import { Names } from "../../derivation/draft/names.ts";
import { indented } from "../../derivation/printers/blocks.ts";
import type { Program, Value } from "../../program/program.ts";
import {
	type NamedArgument,
	type NamedLeaf,
	resultTypeText,
	typeText,
	unpacked,
} from "./arguments.ts";
import { isReadIn } from "./block-text.ts";
import { FunctionWriter } from "./function-writer.ts";
import { allHelpers, type Engines, jaxHelpers } from "./helpers.ts";
import { laidOut } from "./layout.ts";
import { JAX_RANDOM } from "./random-helpers.ts";
import type { Readable } from "./readable.ts";
import { treeText } from "./tree-text.ts";

/** What a module is written from. */
export interface ModuleParts {
	/** What its function is called. */
	readonly name: string;
	/** Each argument by its name, in order. */
	readonly given: Readonly<Record<string, Flattened<unknown>>>;
	readonly readable: Readable;
	readonly result: Flattened<unknown>;
	readonly engines: Engines;
}

/** The text of a module. */
export function moduleText({ name, given, readable, result, engines }: ModuleParts): string {
	const { program, wishes } = readable;
	const names = new Names();
	for (const word of ["jax", "jnp", "lax", "math", "Any", name, ...allHelpers]) names.claim(word);
	const args = Object.entries(given).map(([key, tree]): NamedArgument => {
		return { key, parameter: names.claim(key), tree };
	});
	const { leaves, lines: first } = unpacked(args, names);
	const called = new Map([...newNames(program, leaves, result), ...wishes]);
	const writer = new FunctionWriter(names, engines.grad === "jax");
	const { lines, results } = writer.body(
		{ program, wishes: called },
		leaves.map(({ variable }) => variable),
	);
	// What nobody reads is not taken out of its argument.
	const taken = first.filter((line) => isReadIn([...lines, ...results], /^\w+/.exec(line)![0]));
	const parameters = args.map(({ parameter, tree }) => `${parameter}: ${typeText(tree)}`);
	const text = laidOut([
		`def ${name}(${parameters.join(", ")}) -> ${resultTypeText(result)}:`,
		...indented([...taken, ...lines, `return ${treeText(result, results)}`], "    "),
	])
		.join("\n")
		// A function right after another has room around it once, and none where a block begins.
		.replaceAll(/\n{3,}/g, "\n\n")
		.replaceAll(/:\n\n/g, ":\n");
	const helpers = jaxHelpers(text, engines);
	const whole = [...helpers, text].join("\n");
	checkCalls(whole);
	const types = [...program.inputs, ...program.instructions].map(({ type }) => type);
	const isWide = /float64/.test(whole) || types.some(({ dtype }) => dtype === "float64");
	const standard = [
		...(/\bmath\./.test(whole) ? ["import math"] : []),
		...(/\bAny\b/.test(whole) ? ["from typing import Any"] : []),
	];
	const parts =
		engines.grad === "jax"
			? "the forward pass, and JAX derives the backward pass"
			: "forward, backward and what is made of them";
	return [
		`"""${name}, written by adjoint for JAX: ${parts}."""`,
		"",
		...(standard.length > 0 ? [...standard, ""] : []),
		"import jax",
		...(/\bjnp\./.test(whole) ? ["import jax.numpy as jnp"] : []),
		...(/\blax\./.test(whole) ? ["from jax import lax"] : []),
		"",
		...(isWide ? ['jax.config.update("jax_enable_x64", True)', ""] : []),
		...helpers.flatMap((helper) => ["", helper, ""]),
		"",
		text,
		"",
	].join("\n");
}

/** What Python has by itself, of what modules call. */
const BUILTIN = "abs enumerate float int isinstance len list max min range sum tuple zip".split(
	" ",
);

/** @throws TraceError where a module calls a function that it does not have */
function checkCalls(text: string): void {
	const gradients = text.matchAll(/^ *(\w+) = jax\.\w*grad\(/gm);
	const functions = [...text.matchAll(/^ *def (\w+)\(([^)]*)\)/gm)];
	const parameters = functions.flatMap(([, , list]) => list!.match(/\w+/g) ?? []);
	const defined = [...gradients, ...functions].map(([, name]) => name!);
	const known = new Set([...defined, ...parameters, ...BUILTIN]);
	for (const [, name] of text.matchAll(/(?<![\w.])(?<!def )([A-Za-z_]\w*)\(/g)) {
		if (known.has(name!)) continue;
		throw new TraceError(
			Object.hasOwn(JAX_RANDOM, name!)
				? `toJax: the function draws ${name}, and a module has no such numbers as are drawn here; let JAX draw, by { rng: "jax" }, or pass them as an argument`
				: `toJax: the function applies ${name}, which has no form in JAX; write it with ops that adjoint has`,
		);
	}
}

/** What stands in a result where something stands in an argument is that, anew: `new_w1`. */
function newNames(
	{ outputs }: Program,
	leaves: readonly NamedLeaf[],
	{ paths }: Flattened<unknown>,
): [Value, string][] {
	const free = new Set(leaves);
	return paths.flatMap((path, i): [Value, string][] => {
		const place = path.replace(/^\[\d+\]/, "");
		const { shape } = outputs[i]!.type;
		const leaf = [...free].find((x) => x.place === place && sameShape(x.tensor.shape, shape));
		if (leaf === undefined || place === "") return [];
		free.delete(leaf);
		return [[outputs[i]!, `new_${leaf.variable}`]];
	});
}
