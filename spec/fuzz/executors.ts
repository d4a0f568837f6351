import { compile } from "../../lib/compile/index.ts";
import { checkpoint, debug } from "../../lib/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { trace } from "../../lib/program/trace.ts";
import type { Tensor } from "../../lib/tensor.ts";

/** A function of tensors. */
export type VectorFunction = (args: readonly Tensor[]) => readonly Tensor[];

/** Another way to run a function, which has to give the same numbers as calling it. */
export interface Executor {
	readonly name: string;
	readonly prepare: (f: VectorFunction) => VectorFunction;
	/** How far results may be off, relative to the greatest; 0: the same to the last bit. */
	readonly tolerance: number;
}

/** Every way there is to run a program. */
export const executors: readonly Executor[] = [
	{ name: "debug", prepare: (f) => debug(f), tolerance: 0 },
	{ name: "checkpoint", prepare: (f) => checkpoint(f), tolerance: 0 },
	{
		name: "the traced program, interpreted",
		prepare: (f) => (args) => interpret(trace(args, f).program, args),
		tolerance: 0,
	},
	{
		name: "compiled",
		prepare: (f) => compile((args: readonly Tensor[]) => f(args)),
		// Sums are made in another order, and functions of an element are rounded by themselves.
		tolerance: 1e-11,
	},
];
