// Runs the steps of a program's schedule, each on the device and in JavaScript, on what the steps
// before it gave in JavaScript.

import { allocate, type TypedArray } from "../../lib/core/dtype.ts";
import { elements } from "../../lib/core/strided.ts";
import type { Tensor } from "../../lib/index.ts";
import type { Buffer, BufferView } from "../../lib/schedule/buffers.ts";
import { type CodedKernel, isCoded } from "../../lib/schedule/kernel.ts";
import { planned } from "../schedule/schedules.ts";
import { inJavaScript, onDevice, type Ran } from "./run-kernel.ts";

/** What a step gives, each way, and twice on the device. */
export interface StepRun {
	readonly kernel: CodedKernel;
	readonly device: Ran;
	readonly again: Ran;
	readonly javascript: Ran;
}

/** The steps of a function of these tensors. */
export async function stepsOf(
	f: (...args: Tensor[]) => unknown,
	...args: Tensor[]
): Promise<StepRun[]> {
	const { steps } = planned(f, ...args);
	const arrays = new Map<Buffer, TypedArray>();
	const arrayOf = (buffer: Buffer): TypedArray => {
		const { use } = buffer;
		const made =
			arrays.get(buffer) ??
			(use.kind === "input"
				? elements(args[use.index]!)
				: use.kind === "constant"
					? elements(use.tensor)
					: allocate(buffer.dtype, buffer.size));
		arrays.set(buffer, made);
		return made;
	};
	const runs: StepRun[] = [];
	for (const { kernel, reads, writes } of steps) {
		if (!isCoded(kernel)) throw new Error(`a step is a ${kernel.kind}`);
		const operand = ({ buffer, offset }: BufferView) => ({ array: arrayOf(buffer), offset });
		const [from, to] = [reads.map(operand), writes.map(operand)];
		const device = await onDevice(kernel, from, to);
		const again = await onDevice(kernel, from, to);
		const javascript = inJavaScript(kernel, from, to);
		runs.push({ kernel, device, again, javascript });
		for (const [i, { buffer }] of writes.entries()) arrays.set(buffer, javascript.outputs[i]!);
	}
	return runs;
}
