import { BYTES, type DType } from "../dtype.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** A stretch of the arena that holds elements of one dtype. */
export interface Buffer {
	readonly dtype: DType;
	/** How many elements. */
	readonly size: number;
	/** What it is for: an argument, a result, a constant's elements, or what is only needed on the way. */
	readonly use:
		| { readonly kind: "input" | "output"; readonly index: number }
		| { readonly kind: "constant"; readonly tensor: Tensor }
		| { readonly kind: "scratch" };
}

/** The bytes of a buffer. */
export function bytesOf({ dtype, size }: Buffer): number {
	return size * BYTES[dtype];
}

/** A value's elements in a buffer: (i, j, …) is element offset + i·strides[0] + j·strides[1] + … of it. */
export interface Source {
	readonly buffer: Buffer;
	readonly shape: Shape;
	readonly strides: readonly number[];
	readonly offset: number;
}
