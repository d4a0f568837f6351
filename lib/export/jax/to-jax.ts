import * as kind from "../../core/argument-kinds.ts";
import { TraceError } from "../../core/error.ts";
import { whileNaming } from "../../core/labelled.ts";
import { checkFunction, checkOptions } from "../../core/options.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type Flattened, flatten, isPlainObject } from "../../core/tree.ts";
import { leafName, Names } from "../../derivation/draft/names.ts";
import { openLoops } from "../../derivation/draft/open-loops.ts";
import { indented } from "../../derivation/printers/blocks.ts";
import { uniformNumber } from "../../program/builder.ts";
import { type Program, type Value, valuesRead } from "../../program/program.ts";
import { then } from "../../program/rewrite.ts";
import { simplify } from "../../program/simplify.ts";
import { trace } from "../../program/trace.ts";
import { FunctionWriter } from "./function-writer.ts";
import { allHelpers, jaxHelpers } from "./helpers.ts";
import { treeText } from "./tree-text.ts";

/** Options of `toJax`. */
export interface JaxOptions {
	/** What the function is called; left out: `step`. */
	readonly name?: string;
}

/** Arguments by the names that the function in Python gives them, in the order of ours. */
type Arguments = Readonly<Record<string, unknown>>;

/**
 * A function as a Python module for JAX: `toJax(step, { params, state, batch })`. The function is
 * recorded once, as `compile` does, on tensors of the shapes and dtypes of these arguments, with
 * the derivatives that are taken inside: the module needs neither adjoint nor `jax.grad`. Arguments
 * and results are nested plain objects and arrays of tensors; in Python they are dictionaries and
 * lists, and an array that the function returns is a tuple. Loops are `lax.scan` and
 * `lax.while_loop`, branches are `lax.cond` and `lax.switch`.
 *
 * A program with float64 in it asks JAX for 64 bits. What an index out of range or a sum beyond
 * int32 does is up to JAX, which does not throw.
 *
 * @throws TraceError when the function asks for a value, or for something that JAX has no word for,
 * with its name
 * @throws GradientError for arguments or results that are no trees of tensors
 */
export function toJax(
	f: (...args: never[]) => unknown,
	args: Arguments,
	options: JaxOptions = {},
): string {
	const { name = "step" } = checkOptions("toJax", options, { name: kind.aString });
	return writtenModule("toJax", f, args, name).text;
}

/** A module, and what its function is given and gives. */
export interface WrittenModule {
	readonly text: string;
	readonly given: Flattened<Arguments>;
	readonly result: Flattened<unknown>;
}

/** The module of a function, for the function that the user called. */
export function writtenModule(
	caller: string,
	f: (...args: never[]) => unknown,
	args: Arguments,
	name: string,
): WrittenModule {
	checkFunction(caller, f);
	if (!isPlainObject(args)) {
		throw new TraceError(`${caller}: expected the arguments by name, as in { params, batch }`);
	}
	const given = flatten(caller, args, "args");
	let result!: Flattened<unknown>;
	const told: [Tensor, string][] = [];
	const traced = trace(given.leaves, (leaves) => {
		const values = Object.values(given.rebuild<Record<string, unknown>>(leaves));
		const made = whileNaming(told, () => (f as (...args: unknown[]) => unknown)(...values));
		result = flatten(caller, made, "result");
		return result.leaves;
	});
	const { program } = traced;
	const opened = openLoops(program, true);
	const { program: written, after } = then(opened, simplify(opened.program));
	checkConstants(written);
	const wishes = new Map<Value, string>();
	for (const [{ node }, name] of told) {
		// What the step of a loop calls its values is not in this program.
		const value = node === null ? undefined : traced.valueOf(node);
		if (value !== undefined) wishes.set(after(value), name);
	}
	for (const step of program.instructions) {
		const label = step.op.traits?.label?.(step.params);
		if (label !== undefined) wishes.set(after(step), label);
	}
	return { text: moduleText(name, args, given, written, result, wishes), given, result };
}

function moduleText(
	name: string,
	args: Arguments,
	given: Flattened<Arguments>,
	program: Program,
	result: Flattened<unknown>,
	wishes: ReadonlyMap<Value, string>,
): string {
	const names = new Names();
	for (const word of ["jax", "jnp", "lax", "math", name, ...allHelpers]) names.claim(word);
	const parameters = Object.keys(args).map((argument) => names.claim(argument));
	const unpacked = unpackedLeaves(args, parameters, given, names);
	const after = new Map([...newNames(program, given, unpacked, result), ...wishes]);
	const { lines, results } = new FunctionWriter(names, after).body(program, unpacked.variables);
	const text = [
		`def ${name}(${parameters.join(", ")}):`,
		...indented([...unpacked.lines, ...lines, `return ${treeText(result, results)}`], "    "),
	]
		.join("\n")
		// A function right after another has room around it once.
		.replaceAll(/\n{3,}/g, "\n\n");
	const helpers = jaxHelpers(text);
	const whole = [...helpers, text].join("\n");
	checkCalls(whole);
	const types = [...program.inputs, ...program.instructions].map(({ type }) => type);
	const isWide = /float64/.test(whole) || types.some(({ dtype }) => dtype === "float64");
	return [
		`"""${name}, written by adjoint for JAX: forward, backward and what is made of them."""`,
		"",
		...(/\bmath\./.test(whole) ? ["import math", ""] : []),
		"import jax",
		"import jax.numpy as jnp",
		...(/\blax\./.test(whole) ? ["from jax import lax"] : []),
		"",
		...(isWide ? ['jax.config.update("jax_enable_x64", True)', ""] : []),
		...helpers.flatMap((helper) => ["", helper, ""]),
		"",
		text,
		"",
	].join("\n");
}

/** Constants of more elements belong among the arguments. */
const MOST_WRITTEN = 1000;

/** @throws TraceError for what the function closes over and nobody would want to read */
function checkConstants(program: Program): void {
	for (const value of valuesRead(program)) {
		if (value.kind !== "constant" || uniformNumber(value) !== null) continue;
		const { size, shape, dtype } = value.tensor;
		if (size <= MOST_WRITTEN) continue;
		throw new TraceError(
			`toJax: the function uses a tensor of ${dtype} ${showShape(shape)} that is no argument, and the module would hold its ${size} numbers; pass it as an argument`,
		);
	}
}

/** What Python has by itself, of what modules call. */
const BUILTIN = "abs enumerate float int isinstance len list max min range sum tuple zip".split(
	" ",
);

/** @throws TraceError where a module calls a function that it does not have */
function checkCalls(text: string): void {
	const defined = [...text.matchAll(/^ *def (\w+)\(/gm)].map(([, name]) => name!);
	const known = new Set([...defined, ...BUILTIN]);
	for (const [, name] of text.matchAll(/(?<![\w.])(?<!def )([A-Za-z_]\w*)\(/g)) {
		if (known.has(name!)) continue;
		throw new TraceError(
			`toJax: the function applies ${name}, which has no form in JAX; write it with ops that adjoint has`,
		);
	}
}

/** What stands in a result where something stands in an argument is that, anew: `new_w1`. */
function newNames(
	{ outputs }: Program,
	{ leaves }: Flattened<Arguments>,
	{ variables, places }: Unpacked,
	{ paths }: Flattened<unknown>,
): [Value, string][] {
	const free = new Set(variables.keys());
	return paths.flatMap((path, i): [Value, string][] => {
		const place = path.replace(/^\[\d+\]/, "");
		const { shape } = outputs[i]!.type;
		const at = [...free].find((k) => places[k] === place && sameShape(leaves[k]!.shape, shape));
		if (at === undefined || place === "") return [];
		free.delete(at);
		return [[outputs[i]!, `new_${variables[at]}`]];
	});
}

/** What the leaves of the arguments are called. */
interface Unpacked {
	readonly variables: readonly string[];
	/** Where each lies in its argument: `.layers[0].w`. */
	readonly places: readonly string[];
	/** The lines that take them out. */
	readonly lines: readonly string[];
}

/** A variable for each leaf of the arguments, and the lines that take them out. */
function unpackedLeaves(
	args: Arguments,
	parameters: readonly string[],
	{ leaves, paths }: Flattened<Arguments>,
	names: Names,
): Unpacked {
	const lines: string[] = [];
	const places: string[] = [];
	const keys = Object.keys(args);
	const variables = paths.map((path, i) => {
		const argument = keys.findIndex(
			(key) => path === `.${key}` || path.startsWith(`.${key}.`) || path.startsWith(`.${key}[`),
		);
		const rest = path.slice(keys[argument]!.length + 1);
		places.push(rest);
		if (rest === "") return parameters[argument]!;
		const variable = names.claim(leafName(keys[argument]!, rest));
		lines.push(
			`${variable} = ${parameters[argument]}${subscripts(rest)}  # ${typeText(leaves[i]!)}`,
		);
		return variable;
	});
	return { variables, places, lines };
}

/** `.layers[0].w` as Python takes it: `["layers"][0]["w"]`. */
function subscripts(path: string): string {
	return path.replace(/\.([^.[\]]+)/g, (_, key: string) => `[${JSON.stringify(key)}]`);
}

function typeText({ dtype, shape }: Tensor): string {
	return `${dtype} (${shape.join(", ")})`;
}
