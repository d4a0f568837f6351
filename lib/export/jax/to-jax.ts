import * as kind from "../../core/argument-kinds.ts";
import { TraceError } from "../../core/error.ts";
import { checkFunction, checkOptions } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type Flattened, flatten, isPlainObject } from "../../core/tree.ts";
import { leafName, Names } from "../../derivation/draft/names.ts";
import { openLoops } from "../../derivation/draft/open-loops.ts";
import type { Program } from "../../program/program.ts";
import { simplify } from "../../program/simplify.ts";
import { trace } from "../../program/trace.ts";
import { FunctionWriter } from "./function-writer.ts";
import { allHelpers, helpersFor } from "./helpers.ts";
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
	checkFunction("toJax", f);
	const { name = "step" } = checkOptions("toJax", options, { name: kind.aString });
	if (!isPlainObject(args)) {
		throw new TraceError("toJax: expected the arguments by name, as in { params, batch }");
	}
	const given = flatten("toJax", args, "args");
	let result!: Flattened<unknown>;
	const { program } = trace(given.leaves, (leaves) => {
		const values = Object.values(given.rebuild<Record<string, unknown>>(leaves));
		const made = (f as (...args: unknown[]) => unknown)(...values);
		result = flatten("toJax", made, "result");
		return result.leaves;
	});
	return moduleText(name, args, given, simplify(openLoops(program, true).program).program, result);
}

function moduleText(
	name: string,
	args: Arguments,
	given: Flattened<Arguments>,
	program: Program,
	result: Flattened<unknown>,
): string {
	const names = new Names();
	for (const word of ["jax", "jnp", "lax", "math", name, ...allHelpers]) names.claim(word);
	const parameters = Object.keys(args).map((argument) => names.claim(argument));
	const unpacked = unpackedLeaves(args, parameters, given, names);
	const writer = new FunctionWriter(names);
	const body = writer.body(program, unpacked.variables, 1);
	const returned = treeText(result, body.results);
	const text = [
		`def ${name}(${parameters.join(", ")}):`,
		...unpacked.lines.map((line) => `    ${line}`),
		...body.lines,
		`    return ${returned}`,
	].join("\n");
	const helpers = helpersFor(text);
	const whole = [text, ...helpers].join("\n");
	const types = [...program.inputs, ...program.outputs].map(({ type }) => type);
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

/** A variable for each leaf of the arguments, and the lines that take them out. */
function unpackedLeaves(
	args: Arguments,
	parameters: readonly string[],
	{ leaves, paths }: Flattened<Arguments>,
	names: Names,
): { variables: string[]; lines: string[] } {
	const lines: string[] = [];
	const keys = Object.keys(args);
	const variables = paths.map((path, i) => {
		const argument = keys.findIndex(
			(key) => path === `.${key}` || path.startsWith(`.${key}.`) || path.startsWith(`.${key}[`),
		);
		const rest = path.slice(keys[argument]!.length + 1);
		if (rest === "") return parameters[argument]!;
		const variable = names.claim(leafName(keys[argument]!, rest));
		lines.push(
			`${variable} = ${parameters[argument]}${subscripts(rest)}  # ${typeText(leaves[i]!)}`,
		);
		return variable;
	});
	return { variables, lines };
}

/** `.layers[0].w` as Python takes it: `["layers"][0]["w"]`. */
function subscripts(path: string): string {
	return path.replace(/\.([^.[\]]+)/g, (_, key: string) => `[${JSON.stringify(key)}]`);
}

function typeText({ dtype, shape }: Tensor): string {
	return `${dtype} (${shape.join(", ")})`;
}
