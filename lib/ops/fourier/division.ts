import { allocate, type TypedArray } from "../../core/dtype.ts";
import type { TensorType } from "../../core/op.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";

// The transforms as ops on one real tensor. Complex numbers lie as (…×2×n): a row of real parts
// above one of imaginary parts. The transform runs along the last axis.

/**
 * What the transform, and the one back, are divided by: 1 and n; √n and √n; n and 1. As in NumPy.
 */
export type FourierNorm = "backward" | "ortho" | "forward";

/** The words for it. */
export const FOURIER_NORMS: readonly FourierNorm[] = ["backward", "ortho", "forward"];

/** The same division, of the transform in the other direction. */
export const otherNorm = { backward: "forward", ortho: "ortho", forward: "backward" } as const;

/** What a transform of n numbers in this direction is divided by. */
export function divisorOf(n: number, inverse: boolean, norm: FourierNorm): number {
	if (norm === "ortho") return Math.sqrt(n);
	return (norm === "backward") === inverse ? n : 1;
}

/** The result of a kernel. */
export function transformed(
	x: Tensor,
	{ shape, dtype }: TensorType,
	transform: (values: TypedArray, out: TypedArray) => void,
): Tensor {
	const out = allocate(dtype, sizeOf(shape));
	transform(elements(x), out);
	return new Tensor(out, dtype, shape);
}

/** About 5·n·log₂ n operations for each line of n complex numbers. */
export const flopsOf = (shape: Shape, n: number) =>
	(sizeOf(shape) / n) * 2.5 * n * Math.log2(Math.max(n, 2));

/** `norm="ortho"` for Python, unless it is what is left out. */
export const printNorm = (norm: FourierNorm) => (norm === "backward" ? "" : `, norm="${norm}"`);
/** The option for TypeScript, likewise. */
export const givenNorm = (norm: FourierNorm) => (norm === "backward" ? undefined : norm);

/** The angle of term j of number k of n, in plain JavaScript. */
export const angleOf = (j: string, k: string, n: number) =>
	`2 * Math.PI * ((${j} * ${k}) % ${n}) / ${n}`;
/** A division in plain JavaScript. */
export const dividedBy = (divisor: number) => (divisor === 1 ? "" : ` / ${divisor}`);
