import { BYTES } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import type { Instruction, Program } from "./program.ts";

/**
 * How many operations on numbers an instruction takes, as its op's record says; left out there, one
 * for each element, whatever the function, and none for a view.
 */
export function operationsOf({ op, inputs, params, type }: Omit<Instruction, "kind">): number {
	const shapes = inputs.map((input) => input.type.shape);
	const { flops, view } = op.traits ?? {};
	const elements = view ? 0 : Math.max(...[type.shape, ...shapes].map(sizeOf));
	return flops?.(shapes, type.shape, params) ?? elements;
}

/** The same of all instructions of a program. */
export function operationsIn({ instructions }: Program): number {
	return instructions.reduce((total, step) => total + operationsOf(step), 0);
}

/** The bytes of the elements of a tensor. */
export function bytesIn({ shape, dtype }: TensorType): number {
	return sizeOf(shape) * BYTES[dtype];
}
