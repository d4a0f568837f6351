import type { Instruction } from "../program/program.ts";
import type { Buffer, BufferView } from "./buffers.ts";
import type { Kernel } from "./kernel.ts";

/** A kernel, and where it finds what it reads and puts what it computes. */
export interface Step {
	readonly kernel: Kernel;
	readonly reads: readonly BufferView[];
	readonly writes: readonly BufferView[];
	/** What of the program it computes; nothing for a copy of a result. */
	readonly members: readonly Instruction[];
	/** What a loop repeats, or what is chosen from; only kernels of these kinds have it. */
	readonly bodies?: readonly LoopBody[];
}

/** Steps inside of one, such as those that a loop repeats, between buffers of their own. */
export interface LoopBody {
	readonly inputs: readonly Buffer[];
	readonly outputs: readonly Buffer[];
	/** Those of the whole schedule have them too. */
	readonly constants: readonly Buffer[];
	readonly steps: readonly Step[];
	/** Where each of its buffers lies, but for constants. */
	readonly places: ReadonlyMap<Buffer, MovingPlace>;
}

/**
 * Where a buffer of a body lies: in one that the step around it reads or writes, from an element
 * on that moves by so many from round to round. With two starts, it takes turns between them.
 */
export interface MovingPlace {
	readonly starts: readonly [PlaceIn] | readonly [PlaceIn, PlaceIn];
	readonly stride: number;
}

/** A buffer, and which of its elements comes first. */
export interface PlaceIn {
	readonly buffer: Buffer;
	readonly offset: number;
}

/** Whether it is the same in all rounds. */
export function isAtRest({ starts, stride }: MovingPlace): boolean {
	return starts.length === 1 && stride === 0;
}

/** The steps, and those inside of them. */
export function allSteps(steps: readonly Step[]): Step[] {
	const inside = ({ bodies = [] }: Step) => bodies.flatMap((body) => allSteps(body.steps));
	return steps.flatMap((step) => [step, ...inside(step)]);
}
