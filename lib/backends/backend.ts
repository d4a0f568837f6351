import type { Tensor } from "../core/tensor.ts";
import type { Program } from "../program/program.ts";
import type { Explanation } from "./explanation.ts";

/** What a program may be compiled with. */
export interface BackendOptions {
	/** How many threads may run it. */
	readonly threads: number;
	/** Whether products have to be the same to the last bit in every engine and on every machine. */
	readonly reproducible: boolean;
}

/** A program that is ready to run. */
export interface Executable {
	/**
	 * The results for arguments of the program's types. They never change, and what the ops throw
	 * passes through.
	 */
	run(args: readonly Tensor[]): readonly Tensor[];
	/** What runs where. */
	explain(): Explanation;
	/** The memory that it holds, about. */
	readonly bytes: number;
}

/**
 * What runs programs. It plans them by the library of `lib/schedule/` and knows how to do what the
 * kernels of a schedule say; nothing above it knows how.
 */
export interface Backend {
	readonly name: string;
	/** Why it does not work here; null where it does. */
	supports(): string | null;
	/**
	 * Makes a program of ops that are not made of others ready to run.
	 * @throws Unsupported for a program that it cannot run
	 */
	compile(program: Program, options: BackendOptions): Executable;
}

/** Says why a backend cannot run a program. */
export class Unsupported extends Error {}
