import { allocate, type TypedArray } from "../../core/dtype.ts";
import { evaluate } from "../../core/op.ts";
import { sizeOf } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import type { KernelOf } from "../../schedule/kernel.ts";
import type { Step } from "../../schedule/step.ts";

/** What an op's own evaluation gives for what a step reads. */
export function evaluated(
	{ instruction }: KernelOf<"evaluation">,
	{ reads }: Step,
	storages: readonly TypedArray[],
): Tensor {
	const { op, params, type } = instruction;
	const inputs = reads.map(({ buffer, shape, strides, offset }, i) => {
		return new Tensor(storages[i]!, buffer.dtype, shape, strides, offset);
	});
	return evaluate(op, inputs, params, type);
}

/** The same of empty tensors, as sums of them are; null where there are others, or an error. */
export function evaluatedOfNothing(kernel: KernelOf<"evaluation">, step: Step): Tensor | null {
	if (step.reads.length === 0 || step.reads.some(({ shape }) => sizeOf(shape) > 0)) return null;
	try {
		const nothing = step.reads.map(({ buffer: { dtype } }) => allocate(dtype, 0));
		return evaluated(kernel, step, nothing);
	} catch {
		// Whoever reads is told.
		return null;
	}
}
