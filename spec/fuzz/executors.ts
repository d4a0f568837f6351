import {
	type CompileOptions,
	compile,
	javascriptBackend,
	wasmBackend,
} from "../../lib/compile/index.ts";
import type { Tensor } from "../../lib/core/tensor.ts";
import { checkpoint, debug } from "../../lib/index.ts";
import { realNumbers } from "../../lib/program/algebra.ts";
import { interpret } from "../../lib/program/interpret.ts";
import type { Program } from "../../lib/program/program.ts";
import { simplify } from "../../lib/program/simplify.ts";
import { trace } from "../../lib/program/trace.ts";

/** A function of tensors. */
export type VectorFunction = (args: readonly Tensor[]) => readonly Tensor[];

/** Another way to run a function, which has to give the same numbers as calling it. */
export interface Executor {
	readonly name: string;
	readonly prepare: (f: VectorFunction) => VectorFunction;
	/** How far results may be off, relative to the greatest; 0: the same to the last bit. */
	readonly tolerance: number;
}

/** The program of a function for arguments, rewritten and interpreted. */
const rewritten =
	(rewrite: (program: Program) => Program) =>
	(f: VectorFunction): VectorFunction =>
	(args) =>
		interpret(rewrite(trace(args, f).program), args);

/** The compiled function; its second call runs where the first one left its memory. */
function compiled(name: string, options: CompileOptions, tolerance: number): Executor {
	const prepare = (f: VectorFunction): VectorFunction => {
		const made = compile(f, options);
		return (args) => {
			made(args);
			return made(args);
		};
	};
	return { name: `the function compiled to ${name}`, prepare, tolerance };
}

/** Every way there is to run a program. */
export const executors: readonly Executor[] = [
	{ name: "debug", prepare: (f) => debug(f), tolerance: 0 },
	{ name: "checkpoint", prepare: (f) => checkpoint(f), tolerance: 0 },
	{ name: "the program, interpreted", prepare: rewritten((program) => program), tolerance: 0 },
	{
		name: "the simplified program",
		prepare: rewritten((program) => simplify(program).program),
		tolerance: 0,
	},
	{
		name: "the program simplified as for real numbers",
		prepare: rewritten((program) => simplify(program, { algebra: realNumbers() }).program),
		tolerance: 1e-10,
	},
	// Sums are made in another order, and functions of an element are rounded by themselves.
	compiled("WebAssembly", { backend: wasmBackend }, 1e-11),
	compiled("WebAssembly, in two threads", { backend: wasmBackend, threads: 2 }, 1e-11),
	// Sums of normalized slices are made in another order.
	compiled("JavaScript", { backend: javascriptBackend }, 1e-11),
];
