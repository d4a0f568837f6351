import type { Op } from "../core/op.ts";
import type { Program, Value } from "../program/program.ts";
import type { LoopParams } from "./model.ts";

/** The loop that a loop takes cotangents back through. */
export interface PulledLoop {
	/** Its step, as the user wrote it. */
	readonly body: Program;
	/** Which inputs and outputs of that step vary. */
	readonly inputs: readonly boolean[];
	readonly outputs: readonly boolean[];
	/** How many of those inputs are closed over, and how many are handed on. */
	readonly closed: number;
	readonly carried: number;
	/** Which of its own inputs the loop kept: those that it reads. */
	readonly needed: readonly boolean[];
}

/** A loop of a number of steps that is known, which does the same as one that ends by a test. */
export interface BoundedLoop {
	readonly op: Op<"scan", LoopParams>;
	readonly params: LoopParams;
}

const steps = new WeakMap<Op, Program>();
const pulled = new WeakMap<Op, PulledLoop>();
const layerNames = new WeakMap<Value, string>();
const bounded = new WeakMap<Op, () => BoundedLoop>();

/** The step of a loop that gives more than its step does, as it was before. */
export function stepOf(op: Op): Program | undefined {
	return steps.get(op);
}

/** What a loop takes cotangents back through; undefined for any other op. */
export function pulledBy(op: Op): PulledLoop | undefined {
	return pulled.get(op);
}

/** What a loop with a test and a greatest number of steps does; undefined for any other op. */
export function boundedLoop(op: Op): BoundedLoop | undefined {
	return bounded.get(op)?.();
}

/** What a layer called a value of a step, or what the carry that it is has as its key. */
export function layerNameOf(value: Value): string | undefined {
	return layerNames.get(value);
}

/** Keeps in mind what a loop was made from, for those who print it. */
export const remember = {
	step: (op: Op, body: Program): void => void steps.set(op, body),
	pulled: (op: Op, loop: PulledLoop): void => void pulled.set(op, loop),
	bounded: (op: Op, loop: () => BoundedLoop): void => void bounded.set(op, loop),
	name: (value: Value, name: string): void => void layerNames.set(value, name),
};
