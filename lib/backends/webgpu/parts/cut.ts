import type { CodedKernel, KernelOperand } from "../../../schedule/kernel.ts";
import type { Room } from "./bindings.ts";
import { furtherOn, type KernelWork } from "./work.ts";

/** Memory that is known, and that is made for what parts leave for each other. */
export interface PartRoom extends Room {
	/** New memory, which has no elements yet. */
	readonly make: () => number;
	/** The same, where others may have memory that was made in another such one. */
	readonly inside: () => PartRoom;
	/** Has memory that was made so have so many elements, if it has fewer. */
	readonly grow: (root: number, size: number) => void;
}

/**
 * Along what some work can be cut. Parts are done in their order; those of independent ones write
 * to places of their own.
 */
export interface Cut {
	/** How long it is. */
	readonly size: number;
	/** What is done for some of it: number `i` of the parts. */
	readonly part: (first: number, count: number, i: number) => readonly KernelWork[];
	/** How many elements each part leaves for what puts them together; left out: none. */
	readonly leaves?: number;
	/** What puts so many parts together in the end. */
	readonly together?: (parts: number) => readonly KernelWork[];
}

/** Along an axis of a loop in which all operands move by their strides. */
export function alongAxis(
	{ reads, writes }: Omit<KernelWork, "kernel">,
	shape: readonly number[],
	axis: number,
	operands: readonly Pick<KernelOperand, "strides">[],
	kernelOf: (shape: readonly number[]) => CodedKernel,
): Cut {
	const by = operands.map(({ strides }) => strides[axis]!);
	return {
		size: shape[axis]!,
		part: (first, count) => [
			{
				kernel: kernelOf(shape.with(axis, count)),
				reads: reads.map((operand, i) => furtherOn(operand, first * by[i]!)),
				writes: writes.map((operand, i) => furtherOn(operand, first * by[reads.length + i]!)),
			},
		],
	};
}
