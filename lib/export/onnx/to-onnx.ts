import * as kind from "../../core/argument-kinds.ts";
import { checkOptions, type OptionKinds } from "../../core/options.ts";
import { placeName } from "../../core/place-name.ts";
import type { Flattened } from "../../core/tree.ts";
import { flatten } from "../../core/tree.ts";
import {
	checkAxisNames,
	checkedArguments,
	type NamedArguments,
} from "../arguments/named-arguments.ts";
import { type SizePlace, withDynamicAxes } from "./dynamic-axes.ts";
import { FLOAT_ELEMENTS, type FloatElement } from "./element-types.ts";
import type { Graph } from "./graph.ts";
import { type ModelFiles, modelOf } from "./model.ts";
import { graphOf, record } from "./recording.ts";

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
	 * Whether single numbers in products and quotients may be multiplied with each other first, and
	 * what is divided by one multiplied by 1 over it: fewer passes over large tensors, as in the
	 * update of Adam. Last digits then differ: 49 / 49 need not be 1. In float16, which has too small
	 * a range for that, all stays as it is. Left out: no.
	 */
	readonly regroup?: boolean;
	/**
	 * Names of axes of which the size is known only when the model runs, for each leaf that has them,
	 * in order, and null for those that are fixed: `{ "batch.x": ["batch"] }`. One name has one size.
	 */
	readonly dynamicAxes?: Readonly<Record<string, readonly (string | null)[]>>;
}

const OPSETS = { first: 18, last: 23 };

/** What the options may be. */
export const ONNX_OPTIONS: OptionKinds<OnnxOptions> = {
	name: kind.aString,
	opset: {
		expected: `a whole number from ${OPSETS.first} to ${OPSETS.last}`,
		holds: (x) =>
			Number.isInteger(x) && (x as number) >= OPSETS.first && (x as number) <= OPSETS.last,
	},
	dynamicAxes: kind.structure,
	regroup: kind.flag,
	float: FLOAT_ELEMENTS,
};

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
	args: NamedArguments,
	options: OnnxOptions = {},
): Uint8Array {
	return modelFiles("toOnnx", f, args, options, null).model;
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
	args: NamedArguments,
	options: OnnxOptions = {},
): Record<string, Uint8Array> {
	const name = "model.onnx.data";
	const { model, data } = modelFiles("onnxPackage", f, args, options, name);
	return { "model.onnx": model, ...(data.length > 0 && { [name]: data }) };
}

/** The files of a model, and the tree of what the function gives. */
export interface WrittenModelFiles extends ModelFiles {
	readonly result: Flattened<unknown>;
}

/** The model of a function, for the one that the user called. */
export function modelFiles(
	caller: string,
	f: (...args: never[]) => unknown,
	args: NamedArguments,
	options: OnnxOptions,
	dataFile: string | null,
): WrittenModelFiles {
	const given = checkOptions(caller, options, ONNX_OPTIONS);
	const { name = "step", opset = OPSETS.first } = given;
	const { graph, result } = graphFor(caller, f, args, given);
	return { ...modelOf(graph, { name, opset, dataFile }), result };
}

/** At how many sizes a function is written that has dynamic axes: enough to read sums of two. */
const POINTS = 4;
/** Sizes from here on are not those of other axes. */
const LEAST_SIZE = 211;

/** The graph of a function with these dynamic axes. */
function graphFor(
	caller: string,
	f: (...args: never[]) => unknown,
	args: NamedArguments,
	options: OnnxOptions,
): { graph: Graph; result: Flattened<unknown> } {
	const { regroup = false, dynamicAxes = {} } = options;
	const float = options.float ?? null;
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
	const tensors = new Map(names.map((name, i) => [name, leaves[i]!]));
	checkAxisNames(caller, "dynamicAxes", dynamicAxes, tensors, (rank, count) => count <= rank);
	if (places.size === 0) {
		const recorded = record(caller, f, args);
		return { graph: graphOf(caller, recorded, float, regroup), result: recorded.result };
	}
	const labels = [...places.keys()];
	const primes = primesFrom(LEAST_SIZE, POINTS * labels.length);
	const all = Array.from({ length: POINTS }, (_, point) => {
		const sizes = new Map(labels.map((label, i) => [label, primes[point * labels.length + i]!]));
		const types = leaves.map(({ shape, dtype }, i) => {
			const sized = shape.map((size, axis) => sizes.get(axesOf[i]![axis] ?? "") ?? size);
			return { shape: sized, dtype };
		});
		return { recorded: record(caller, f, args, types), sizes };
	});
	const atSizes = (isTuned: boolean) =>
		all.map(({ recorded, sizes }) => {
			return { graph: graphOf(caller, recorded, float, regroup, isTuned), sizes };
		});
	return { graph: withDynamicAxes(caller, atSizes, places), result: all[0]!.recorded.result };
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
