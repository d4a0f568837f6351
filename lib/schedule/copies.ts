import { rowMajorStrides } from "../core/shape.ts";
import type { Buffer, BufferView } from "./buffers.ts";
import type { ElementwiseLoop, Operand } from "./kernel.ts";
import * as operations from "./operations.ts";
import type { View } from "./view.ts";

/** How a loop reads what a view shows; along an axis of one element it stays where it is. */
export function operandOf({ base, shape, strides }: View): Operand {
	return {
		dtype: base.type.dtype,
		strides: strides.map((stride, i) => (shape[i] === 1 ? 0 : stride)),
	};
}

/** The loop that puts elements in row-major order, or where these strides say. */
export function copying(
	view: View,
	{ dtype }: Buffer,
	strides: readonly number[] = rowMajorStrides(view.shape),
): ElementwiseLoop {
	const value = { kind: "input", index: 0 } as const;
	const outputs = [{ dtype, strides, value }];
	return { shape: view.shape, inputs: [operandOf(view)], outputs };
}

/** The loop that adds elements to those that are where these strides say. */
export function adding(view: View, { dtype }: Buffer, strides: readonly number[]): ElementwiseLoop {
	const [x, sum] = [0, 1].map((index) => ({ kind: "input", index }) as const);
	const outputs = [{ dtype, strides, value: operations.sumOf(dtype, sum!, x!) }];
	return { shape: view.shape, inputs: [operandOf(view), { dtype, strides }], outputs };
}

/** The loop that fills with a number. */
export function filling(
	{ buffer: { dtype }, shape, strides }: BufferView,
	value: number,
): ElementwiseLoop {
	const outputs = [{ dtype, strides, value: { kind: "constant", value, dtype } as const }];
	return { shape, inputs: [], outputs };
}
