import type { Instruction } from "../program/program.ts";
import type { BufferView } from "./buffers.ts";
import type { Kernel } from "./kernel.ts";

/** A kernel, and where it finds what it reads and puts what it computes. */
export interface Step {
	readonly kernel: Kernel;
	readonly reads: readonly BufferView[];
	readonly writes: readonly BufferView[];
	/** What of the program it computes; nothing for a copy of a result. */
	readonly members: readonly Instruction[];
}
