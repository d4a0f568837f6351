import { narrowed } from "../../lib/backends/webgpu/narrow.ts";
import type { RandomProgram } from "../../lib/check/random-program.ts";
import { type Tensor, vjp } from "../../lib/index.ts";
import { interpret } from "../../lib/program/interpret.ts";

const single = (x: Tensor) => (x.dtype === "float64" ? x.astype("float32") : x);

/** A function of tensors, and arguments for it. */
export interface SingleFunction {
	readonly f: (args: readonly Tensor[]) => readonly Tensor[];
	readonly args: readonly Tensor[];
}

/** The values of a program in float32, and its gradients with a cotangent of them. */
export function singleFunction(
	{ program, args }: RandomProgram,
	cotangents: Tensor[],
): SingleFunction {
	const made = narrowed(program);
	const run = (x: readonly Tensor[]) => interpret(made, x);
	const u = cotangents.map(single);
	const f = (x: readonly Tensor[]) => [...run(x), ...vjp(run, x)[1](u)];
	return { f, args: args.map(single) };
}
