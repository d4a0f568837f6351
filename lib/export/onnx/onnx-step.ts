import * as kind from "../../core/argument-kinds.ts";
import type { DType, TypedArray } from "../../core/dtype.ts";
import { DeviceError, GradientError } from "../../core/error.ts";
import { checkOptions } from "../../core/options.ts";
import { placeName } from "../../core/place-name.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";
import { flatten } from "../../core/tree.ts";
import { modelFiles, ONNX_OPTIONS, type OnnxOptions } from "./to-onnx.ts";

/** A tensor as ONNX Runtime has it. */
interface RuntimeTensor {
	readonly type: string;
	readonly data: unknown;
	readonly dims: readonly number[];
}

/** What is used of a session of ONNX Runtime. */
interface RuntimeSession {
	readonly inputNames: readonly string[];
	readonly outputNames: readonly string[];
	run(feeds: Record<string, RuntimeTensor>): Promise<Readonly<Record<string, RuntimeTensor>>>;
	release(): Promise<void>;
}

/** What is used of ONNX Runtime: the module `onnxruntime-node`, or another of its packages. */
export interface OnnxRuntime {
	readonly InferenceSession: {
		create(model: Uint8Array, options?: object): Promise<unknown>;
	};
	readonly Tensor: new (type: never, data: never, dims: never) => unknown;
}

/** Options of `onnxStep`. */
export interface OnnxStepOptions extends Pick<OnnxOptions, "dynamicAxes" | "opset" | "regroup"> {
	/**
	 * The runtime, as `await import("onnxruntime-web")`; left out: `onnxruntime-node`, which has to
	 * be installed.
	 */
	readonly runtime?: OnnxRuntime;
	/** Options for the session, as ONNX Runtime has them: threads, providers. */
	readonly session?: object;
}

/** A function that ONNX Runtime runs. */
export interface OnnxStep<Args extends readonly unknown[], Result> {
	(...args: Args): Promise<Result>;
	/** Gives back what the session holds; the step cannot be called any more. */
	close(): Promise<void>;
}

/**
 * A function that ONNX Runtime runs by its native code: `const train = await onnxStep(step, {
 * params, batch })`, and then `[params, loss] = await train(params, batch)`. It is recorded once,
 * as `toOnnx` does, and takes the same arguments as before, of the same shapes but for dynamic
 * axes. Several steps in a call are a `scan` or `fori` in the function, which saves what a call
 * costs: it takes all arguments in and gives all results anew. `onnxruntime-node` computes on the
 * thread that calls it.
 * @throws DeviceError where there is no ONNX Runtime
 * @throws TraceError as `toOnnx`
 * @throws GradientError for a call with other arguments than it was recorded for
 */
export async function onnxStep<Args extends readonly unknown[], Result>(
	f: (...args: Args) => Result,
	args: Readonly<Record<string, unknown>>,
	options: OnnxStepOptions = {},
): Promise<OnnxStep<Args, Result>> {
	const { runtime, session, ...rest } = checkOptions("onnxStep", options, {
		dynamicAxes: ONNX_OPTIONS.dynamicAxes,
		opset: ONNX_OPTIONS.opset,
		regroup: ONNX_OPTIONS.regroup,
		runtime: kind.structure,
		session: kind.structure,
	});
	const given = flatten("onnxStep", args, "args");
	const { model, result } = modelFiles("onnxStep", f as never, args, rest, null);
	const found = runtime ?? (await installedRuntime());
	const running = (await found.InferenceSession.create(model, session)) as RuntimeSession;
	const names = Object.keys(args);
	const step = async (...values: Args): Promise<Result> => {
		const told = Object.fromEntries(names.map((name, i) => [name, values[i]]));
		const { leaves, paths } = flatten("onnxStep", told, "args");
		checkLeaves({ leaves, paths }, given, rest.dynamicAxes ?? {});
		const feeds = leaves.map((x, i) => {
			return [running.inputNames[i]!, runtimeTensor(found, x)] as const;
		});
		const made = await running.run(Object.fromEntries(feeds));
		return result.rebuild(running.outputNames.map((name) => tensorFrom(made[name]!)));
	};
	return Object.assign(step, { close: () => running.release() });
}

/** @throws DeviceError where it is not installed */
async function installedRuntime(): Promise<OnnxRuntime> {
	// A name in a variable: bundlers leave it alone.
	const name = "onnxruntime-node";
	const found = await import(name).catch(() => null);
	if (found === null) {
		throw new DeviceError(
			'onnxStep: there is no ONNX Runtime; install the package onnxruntime-node, or pass another one, { runtime: await import("onnxruntime-web") }',
		);
	}
	return (found.default ?? found) as OnnxRuntime;
}

/** Tensors of a tree, and where they lie. */
interface Leaves {
	readonly leaves: readonly Tensor[];
	readonly paths: readonly string[];
}

/** @throws GradientError for other tensors than the function was recorded for */
function checkLeaves(
	{ leaves, paths }: Leaves,
	given: Leaves,
	dynamicAxes: NonNullable<OnnxOptions["dynamicAxes"]>,
): void {
	const other = paths.find((path, i) => path !== given.paths[i]) ?? given.paths[paths.length];
	if (other !== undefined) {
		throw new GradientError(
			`onnxStep: expected the tensors that the step was recorded for, ${given.paths.map(placeName).join(", ")}, got ${paths.map(placeName).join(", ")}`,
		);
	}
	for (const [i, { dtype, shape }] of leaves.entries()) {
		const like = given.leaves[i]!;
		const name = placeName(paths[i]!);
		const axes = dynamicAxes[name] ?? [];
		const fixed = shape.map((size, axis) => (axes[axis] == null ? size : like.shape[axis]!));
		if (dtype === like.dtype && sameShape(fixed, like.shape)) continue;
		throw new GradientError(
			`onnxStep: expected ${name} to be ${like.dtype} ${showShape(like.shape)}, got ${dtype} ${showShape(shape)}`,
		);
	}
}

function runtimeTensor({ Tensor: Made }: OnnxRuntime, x: Tensor): RuntimeTensor {
	const made = new Made(x.dtype as never, elements(x) as never, [...x.shape] as never);
	return made as RuntimeTensor;
}

function tensorFrom({ type, data, dims }: RuntimeTensor): Tensor {
	return new Tensor(data as TypedArray, type as DType, dims.map(Number));
}
