import * as kind from "../../core/argument-kinds.ts";
import { zeros } from "../../core/create.ts";
import { GradientError } from "../../core/error.ts";
import { checkOptions } from "../../core/options.ts";
import { placeName } from "../../core/place-name.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import type { Flattened } from "../../core/tree.ts";
import { encodeState } from "../../io/state.ts";
import { checkAxisNames } from "../arguments/named-arguments.ts";
import { enginesOf, type JaxOptions, type RecordedStep, writtenModule } from "./to-jax.ts";
import { trainingScript } from "./training-script.ts";

/** Options of `jaxPackage`. */
export interface JaxPackageOptions extends Pick<JaxOptions, "grad" | "rng"> {
	/**
	 * Names of the axes of a leaf, by its place: `{ "params.w1": ["in", "hidden"] }`. Devices are
	 * shared out by these names.
	 */
	readonly axes?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A folder that trains a step in JAX, file by file: `model.py` with the step (`toJax`), `train.py`,
 * which runs it on one device, on many or on several hosts, and `start.safetensors`, what training
 * starts from. The last argument of the step is a batch; those before are handed on from step to
 * step: `step(params, state, batch)` returns `[params, state, loss]`. Checkpoints are files that
 * `load` reads.
 * @throws GradientError where the step does not return what it hands on and a loss, and for names
 * of axes that fit no leaf
 * @throws TraceError as `toJax`
 */
export function jaxPackage(
	step: (...args: never[]) => unknown,
	args: Readonly<Record<string, unknown>>,
	options: JaxPackageOptions = {},
): Record<string, string | Uint8Array> {
	const {
		axes = {},
		grad = "adjoint",
		rng = "adjoint",
	} = checkOptions("jaxPackage", options, { axes: kind.structure, ...enginesOf });
	const { text, given, result } = writtenModule("jaxPackage", step, args, "step", { grad, rng });
	const names = Object.keys(args);
	const [carried, batch] = [names.slice(0, -1), names.at(-1)!];
	checkHandedOn(carried, given, result);
	checkAxes("jaxPackage", given, axes);
	const state = Object.fromEntries(carried.map((name) => [name, args[name]]));
	return {
		"model.py": text,
		"train.py": trainingScript({ carried, batch, axes }),
		"start.safetensors": encodeState({ ...state, step: zeros([], { dtype: "int32" }) }),
	};
}

/** @throws GradientError for names of axes that fit no leaf */
export function checkAxes(
	caller: string,
	given: RecordedStep["given"],
	axes: Readonly<Record<string, readonly string[]>>,
): void {
	const leaves = new Map(
		Object.entries(given).flatMap(([name, tree]) =>
			tree.paths.map((path, i) => [placeName(name + path), tree.leaves[i]!]),
		),
	);
	checkAxisNames(caller, "axes", axes, leaves, (rank, count) => count === rank);
}

/** @throws GradientError unless the results are the arguments but for the batch, and a scalar */
function checkHandedOn(
	carried: readonly string[],
	given: RecordedStep["given"],
	{ leaves, paths }: Flattened<unknown>,
): void {
	const wanted = carried.flatMap((name, i) => {
		const tree = given[name]!;
		return tree.paths.map((path, k) => ({ path: `[${i}]${path}`, like: tree.leaves[k]! }));
	});
	const order = [...carried, "loss"].join(", ");
	const fail = (why: string): never => {
		throw new GradientError(`jaxPackage: expected the step to return [${order}], ${why}`);
	};
	if (leaves.length !== wanted.length + 1) {
		fail(`of ${wanted.length + 1} tensors, got ${leaves.length}`);
	}
	for (const [i, { path, like }] of wanted.entries()) {
		const at = paths.indexOf(path);
		if (at < 0) fail(`and there is nothing at ${path}`);
		const { shape, dtype } = leaves[at]!;
		if (at === i && dtype === like.dtype && sameShape(shape, like.shape)) continue;
		fail(
			`with ${like.dtype} ${showShape(like.shape)} at ${path}, got ${dtype} ${showShape(shape)}`,
		);
	}
	if (leaves.at(-1)!.rank !== 0) fail(`got a loss of shape ${showShape(leaves.at(-1)!.shape)}`);
}
