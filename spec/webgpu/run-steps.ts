// Runs the steps of a program's schedule, each on the device and in JavaScript, on what the steps
// before it gave in JavaScript.

import * as assert from "uvu/assert";
import { allocate, type TypedArray } from "../../lib/core/dtype.ts";
import { elements } from "../../lib/core/strided.ts";
import type { Tensor } from "../../lib/index.ts";
import type { BufferView, Buffer as StepBuffer } from "../../lib/schedule/buffers.ts";
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
	const arrays = new Map<StepBuffer, TypedArray>();
	const arrayOf = (buffer: StepBuffer): TypedArray => {
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

/**
 * Asserts that each step of a function of tensors gives on the device what it gives in JavaScript,
 * elements of float32 within `allowed` of their size, and the same bits again.
 */
export async function agrees(
	f: (...args: Tensor[]) => unknown,
	args: readonly Tensor[],
	allowed: number,
): Promise<void> {
	for (const { kernel, device, again, javascript } of await stepsOf(f, ...args)) {
		assert.is(device.fits, javascript.fits, kernel.kind);
		if (!javascript.fits) continue;
		for (const [i, expected] of javascript.outputs.entries()) {
			const actual = device.outputs[i]!;
			close(actual, expected, expected instanceof Float32Array ? allowed : 0);
			assert.ok(sameBits(actual, again.outputs[i]!), `${kernel.kind}: other bits the second time`);
		}
	}
}

/** Asserts that elements differ by this part of their size at most; NaN is NaN. */
export function close(actual: TypedArray, expected: TypedArray, allowed: number): void {
	assert.is(actual.length, expected.length);
	for (const [i, y] of expected.entries()) {
		const x = actual[i]!;
		if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
		if (Math.abs(x - y) <= allowed * Math.abs(y)) continue;
		assert.unreachable(`element ${i}: expected ${y}, got ${x} (allowed ${allowed} of it)`);
	}
}

function sameBits(a: TypedArray, b: TypedArray): boolean {
	const bytes = (x: TypedArray) => new Uint8Array(x.buffer, x.byteOffset, x.byteLength);
	const [left, right] = [bytes(a), bytes(b)];
	return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
