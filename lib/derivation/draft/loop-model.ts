import type { PulledLoop } from "../../control/loop-origins.ts";
import type { GradientProgram } from "../../program/gradient.ts";
import type { Instruction, Value } from "../../program/program.ts";
import type { Rewritten } from "../../program/rewrite.ts";

/** The step of a loop, and that of its derivative backward, as they are written. */
export interface WrittenStep extends Rewritten {
	readonly recorded: GradientProgram;
	/** So many outputs are those of the step; the others are gradients of its inputs that vary. */
	readonly results: number;
	/** The loop that takes cotangents back; null for a step that is written without. */
	readonly pull: Pull | null;
}

/** The loop that takes cotangents back through another. */
export interface Pull extends Pick<PulledLoop, "inputs" | "outputs"> {
	readonly loop: Instruction;
	/** What it starts from: a cotangent of each carry that varies. */
	readonly carries: readonly Value[];
	/** The cotangents of those results of all steps that vary; null where none is read. */
	readonly ys: readonly (Value | null)[];
}
