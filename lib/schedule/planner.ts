import type { DType } from "../core/dtype.ts";
import type { Instruction, Program, Value } from "../program/program.ts";
import type { Buffers } from "./buffers.ts";
import type { Expression } from "./expression.ts";
import type { Group, Use } from "./group.ts";
import type { LoopBody, Step } from "./step.ts";
import type { Reads, View } from "./view.ts";

/**
 * The axes of a product's result along which its rows, and its columns if it is one axis, lie
 * beside each other.
 */
export interface ProductAxes {
	readonly row: number;
	readonly column: number | null;
}

/** What an instruction becomes: how it runs as one with others, and the steps that it is. */
export interface Lowered {
	/**
	 * How it runs as one with a group whose results it reads one for one: it computes elements of the
	 * same places, takes slices of what loops compute, or puts elements in other places. Left out:
	 * what it reads has to be there before.
	 */
	readonly joins?: "elements" | "slices" | "places";
	/**
	 * Where elementwise instructions that read it can be computed: in its loop, or on vectors of its
	 * result, whose rows and columns lie along these axes. Left out: only when it is stored.
	 */
	readonly goesOn?: "loop" | ProductAxes;
	/** What it reads, given where its inputs lie; left out: those. */
	readonly reads?: (step: Instruction, inputs: readonly View[]) => readonly View[];
	/** Its elements as an expression of those that it reads, if it can be part of a loop. */
	readonly value?: (step: Instruction, args: readonly Expression[]) => Expression;
	/** Adds the steps of a group that it leads. */
	readonly plan: (planner: Planner, group: Group) => void;
}

/** A program that is being planned. */
export interface Planner {
	readonly viewOf: (value: Value) => View;
	readonly readsOf: Reads;
	readonly usesOf: (value: Value) => readonly Use[];
	/** What an instruction becomes: handed on, since the table of that lists those who ask. */
	readonly loweredAs: (step: Instruction) => Lowered;
	/** Plans a program whose results are stored in these dtypes, each in a buffer of its own. */
	readonly planBody: (program: Program, dtypes: readonly DType[]) => Omit<LoopBody, "places">;
	/** Whether long slices are reduced in segments. */
	readonly segments: boolean;
	readonly buffers: Buffers;
	/** What there is so far, in the order in which it runs. */
	readonly steps: Step[];
}
