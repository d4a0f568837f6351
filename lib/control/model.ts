import type { TensorType } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Program } from "../program/program.ts";

/** What a loop takes besides tensors. */
export type LoopParams = {
	/** How many steps it takes. */
	readonly length: number;
	/** How many of its inputs are the same at each step; they come first. */
	readonly closed: number;
	/** How many are handed on from step to step; what is read step by step comes last. */
	readonly carried: number;
	/** Whether it begins with the last entries of what it reads. */
	readonly reverse: boolean;
	/** Whether a derivative runs it again, rather than keep what it computes on the way. */
	readonly again: boolean;
};

/** A loop: its step as a program, and what it runs on. */
export interface Recurrence extends Omit<LoopParams, "closed" | "carried"> {
	/** Takes what is closed over, the carry, and an entry of each of `xs`; gives carry and `ys`. */
	readonly body: Program;
	readonly closed: readonly Tensor[];
	readonly carry: readonly Tensor[];
	readonly xs: readonly Tensor[];
}

/** The types of the last carry, and of the results of all steps. */
export function resultTypes({ outputs }: Program, { length, carried }: LoopParams): TensorType[] {
	return outputs.map(({ type: { shape, dtype } }, i) =>
		i < carried ? { shape, dtype } : { shape: [length, ...shape], dtype },
	);
}
