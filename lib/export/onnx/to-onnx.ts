import * as kind from "../../core/argument-kinds.ts";
import { userSite } from "../../core/call-site.ts";
import { debugState } from "../../core/debug-state.ts";
import { GradientError, TraceError } from "../../core/error.ts";
import { whileNaming } from "../../core/labelled.ts";
import type { TensorType } from "../../core/op.ts";
import { checkFunction, checkOptions, type OptionKinds } from "../../core/options.ts";
import { sameShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type Flattened, flatten, isPlainObject } from "../../core/tree.ts";
import { openedWhile, openLoops } from "../../derivation/draft/open-loops.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";
import { then } from "../../program/rewrite.ts";
import { simplify } from "../../program/simplify.ts";
import { trace } from "../../program/trace.ts";
import { type GraphAtSizes, type SizePlace, withDynamicAxes } from "./dynamic-axes.ts";
import { elementOf, type FloatElement } from "./element-types.ts";
import { Graph, TensorStore } from "./graph.ts";
import { type ModelFiles, modelOf } from "./model.ts";
import { writeProgram } from "./program-writer.ts";

/** Options of `toOnnx`. */
export interface OnnxOptions {
	/** What the graph is called; left out: `step`. */
	readonly name?: string;
	/** The version of the operators, from 18 to 23; left out: 18. */
	readonly opset?: number;
	/**
	 * The type of all floats in the model, those of arguments and results included; left out: each
	 * its own.
	 */
	readonly float?: FloatElement;
	/**
	 * Names of axes of which the size is known only when the model runs, for each leaf that has them,
	 * in order, and null for those that are fixed: `{ "batch.x": ["batch"] }`. One name has one size.
	 */
	readonly dynamicAxes?: Readonly<Record<string, readonly (string | null)[]>>;
}

const OPSETS = { first: 18, last: 23 };
const FLOATS: readonly unknown[] = ["float16", "float32", "float64"] satisfies FloatElement[];

const OPTIONS: OptionKinds<OnnxOptions> = {
	name: kind.aString,
	opset: {
		expected: `a whole number from ${OPSETS.first} to ${OPSETS.last}`,
		holds: (x) =>
			Number.isInteger(x) && (x as number) >= OPSETS.first && (x as number) <= OPSETS.last,
	},
	dynamicAxes: kind.structure,
	float: { expected: "float16, float32 or float64", holds: (x) => FLOATS.includes(x) },
};

/** Arguments by their names, in the order in which the function takes them. */
export type Arguments = Readonly<Record<string, unknown>>;

/**
 * A function as an ONNX model: `toOnnx(step, { params, batch })` gives the bytes of a file that
 * ONNX Runtime runs on any device. The function is recorded once, as `compile` does, on tensors of
 * the shapes and dtypes of these arguments, with the derivatives that are taken inside: a whole
 * training step is a model too. Arguments and results are nested plain objects and arrays of
 * tensors; each tensor is an input or a result by its place, `params.w1`, and what the function
 * closes over is stored in the model. A result that stands where an argument stands is that, anew:
 * `new.params.w1`.
 *
 * Loops are `Scan` and `Loop`, branches are `If`. An index out of range, a sum beyond int32 and a
 * branch that is not there are up to who runs the model.
 *
 * @throws TraceError when the function asks for a value, or applies what ONNX has no word for, with
 * its name and the line
 * @throws GradientError for arguments or results that are no trees of tensors
 */
export function toOnnx(
	f: (...args: never[]) => unknown,
	args: Arguments,
	options: OnnxOptions = {},
): Uint8Array {
	return files("toOnnx", f, args, options, null).model;
}

/**
 * The same as files by name: `model.onnx`, and beside it `model.onnx.data` with what the function
 * closes over, which a model of more than two gigabytes cannot hold. Tensors of less than a
 * kilobyte stay in the model.
 * @throws TraceError as `toOnnx`
 * @throws GradientError as `toOnnx`
 */
export function onnxPackage(
	f: (...args: never[]) => unknown,
	args: Arguments,
	options: OnnxOptions = {},
): Record<string, Uint8Array> {
	const name = "model.onnx.data";
	const { model, data } = files("onnxPackage", f, args, options, name);
	return { "model.onnx": model, ...(data.length > 0 && { [name]: data }) };
}

function files(
	caller: string,
	f: (...args: never[]) => unknown,
	args: Arguments,
	options: OnnxOptions,
	dataFile: string | null,
): ModelFiles {
	const given = checkOptions(caller, options, OPTIONS);
	const { name = "step", opset = OPSETS.first, float = null, dynamicAxes = {} } = given;
	const graph = graphFor(caller, f, args, float, dynamicAxes);
	return modelOf(graph, { name, opset, dataFile });
}

/** At how many sizes a function is written that has dynamic axes: enough to read sums of two. */
const POINTS = 4;
/** Sizes from here on are not those of other axes. */
const LEAST_SIZE = 211;

/** The graph of a function with these dynamic axes. */
function graphFor(
	caller: string,
	f: (...args: never[]) => unknown,
	args: Arguments,
	float: FloatElement | null,
	dynamicAxes: NonNullable<OnnxOptions["dynamicAxes"]>,
): Graph {
	const places = new Map<string, SizePlace>();
	const { leaves, paths } = flatten(caller, checkedArguments(caller, args), "args");
	const names = paths.map(placeName);
	const axesOf = names.map((name, i) => {
		const axes = dynamicAxes[name] ?? [];
		for (const [axis, label] of axes.entries()) {
			if (label !== null && !places.has(label)) places.set(label, { input: i, axis });
		}
		return axes;
	});
	for (const [name, axes] of Object.entries(dynamicAxes)) {
		const rank = leaves[names.indexOf(name)]?.rank;
		if (rank !== undefined && axes.length <= rank) continue;
		const got = rank === undefined ? `the leaves are ${names.join(", ")}` : `it has ${rank}`;
		throw new GradientError(
			`${caller}: dynamicAxes names ${axes.length} axes of ${name}, and ${got}`,
		);
	}
	if (places.size === 0) return graphOf(caller, record(caller, f, args), float);
	const labels = [...places.keys()];
	const primes = primesFrom(LEAST_SIZE, POINTS * labels.length);
	const all = Array.from({ length: POINTS }, (_, point): GraphAtSizes => {
		const sizes = new Map(labels.map((label, i) => [label, primes[point * labels.length + i]!]));
		const types = leaves.map(({ shape, dtype }, i) => {
			const sized = shape.map((size, axis) => sizes.get(axesOf[i]![axis] ?? "") ?? size);
			return { shape: sized, dtype };
		});
		return { graph: graphOf(caller, record(caller, f, args, types), float), sizes };
	});
	return withDynamicAxes(caller, all, places);
}

function primesFrom(start: number, count: number): number[] {
	const primes: number[] = [];
	for (let n = start; primes.length < count; n++) {
		let divisor = 2;
		while (n % divisor !== 0) divisor++;
		if (divisor === n) primes.push(n);
	}
	return primes;
}

function checkedArguments(caller: string, args: Arguments): Arguments {
	if (isPlainObject(args)) return args;
	throw new TraceError(`${caller}: expected the arguments by name, as in { params, batch }`);
}

/** A function as it was recorded, simplified. */
export interface RecordedFunction {
	readonly program: Program;
	readonly given: Flattened<Arguments>;
	readonly result: Flattened<unknown>;
	/** What the user calls values. */
	readonly wishes: ReadonlyMap<Value, string>;
	/** The user's line that an instruction comes from, where it is known. */
	readonly siteOf: (step: Instruction) => string | undefined;
}

/** Records a function for the one that the user called, on its arguments or on those types. */
export function record(
	caller: string,
	f: (...args: never[]) => unknown,
	args: Arguments,
	types?: readonly TensorType[],
): RecordedFunction {
	checkFunction(caller, f);
	const given = flatten(caller, checkedArguments(caller, args), "args");
	let result!: Flattened<unknown>;
	const told: [Tensor, string][] = [];
	const traced = notingLines(() =>
		trace(types ?? given.leaves, (leaves) => {
			const values = Object.values(given.rebuild<Record<string, unknown>>(leaves));
			const made = whileNaming(told, () => (f as (...args: unknown[]) => unknown)(...values));
			result = flatten(caller, made, "result");
			return result.leaves;
		}),
	);
	const opened = openLoops(traced.program, openedWhile);
	const { program, after } = then(opened, simplify(opened.program));
	const wishes = new Map<Value, string>();
	const origins = new Map<Value, Instruction>();
	for (const step of traced.program.instructions) origins.set(after(step), step);
	for (const [{ node }, name] of told) {
		// What the step of a loop calls its values is not in this program.
		const value = node === null ? undefined : traced.valueOf(node);
		if (value !== undefined) wishes.set(after(value), name);
	}
	for (const step of traced.program.instructions) {
		const label = step.op.traits?.label?.(step.params);
		if (label !== undefined) wishes.set(after(step), label);
	}
	const siteOf = (step: Instruction) => {
		const origin = origins.get(step);
		return origin === undefined ? undefined : traced.siteOf(origin);
	};
	return { program, given, result, wishes, siteOf };
}

/** Runs a function while each op notes the user's line. */
function notingLines<T>(run: () => T): T {
	const outer = debugState.here;
	debugState.here = userSite;
	try {
		return run();
	} finally {
		debugState.here = outer;
	}
}

/** The graph of a recorded function. */
export function graphOf(
	caller: string,
	{ program, given, result, wishes, siteOf }: RecordedFunction,
	float: FloatElement | null,
): Graph {
	const names = given.paths.map(placeName);
	const inputs = program.inputs.map(({ type: { shape, dtype } }, i) => {
		return { wish: names[i]!, element: elementOf(dtype, float), shape };
	});
	const graph = new Graph(inputs, new TensorStore());
	const refuse = (step: Instruction): never => {
		const site = siteOf(step);
		const where = site === undefined ? "" : ` at ${site}`;
		throw new TraceError(
			`${caller}: the function applies ${step.op.name}${where}, which has no form in ONNX; ` +
				"write it with ops that have one, or leave it outside of the function",
		);
	};
	const results = writeProgram(graph, program, inputs, { float, wishes, refuse });
	graph.end(
		results,
		program.outputs.map(({ type }) => type.shape),
	);
	for (const [i, name] of resultNames(given, result).entries()) {
		// What is only a number in a list may have a name that says more.
		const own = name.startsWith("result") ? wishes.get(program.outputs[i]!) : undefined;
		graph.outputs[i]!.wish = own ?? name;
	}
	return graph;
}

/** `.layers[0].w` as `layers.0.w`. */
function placeName(path: string): string {
	return path.replaceAll(/\[(\d+)\]/g, ".$1").replace(/^\./, "");
}

/**
 * What results are called: by their places. One where something stands in an argument, of the same
 * shape, is that, anew.
 */
function resultNames(given: Flattened<Arguments>, result: Flattened<unknown>): string[] {
	const names = given.paths.map(placeName);
	const free = new Set(names.keys());
	return result.paths.map((path, i) => {
		const { shape } = result.leaves[i]!;
		const inside = placeName(path.replace(/^\[\d+\]/, ""));
		const at = [...free].find((k) => {
			const [, ...rest] = names[k]!.split(".");
			const isThere = inside !== "" && (names[k] === inside || rest.join(".") === inside);
			return isThere && sameShape(given.leaves[k]!.shape, shape);
		});
		if (at !== undefined) {
			free.delete(at);
			return `new.${names[at]}`;
		}
		const name = placeName(path);
		return name === "" ? "result" : /^\d/.test(name) ? `result.${name}` : name;
	});
}
