// Runs one kernel on the device and by the backend in JavaScript, which says what is right.

import { kernelFunctions } from "../../lib/backends/javascript/kernels.ts";
import { shadersOf } from "../../lib/backends/webgpu/kernels.ts";
import { Pipelines } from "../../lib/backends/webgpu/pipelines.ts";
import {
	gridOf,
	type ShaderOperand,
	type ShaderPlan,
	wgslType,
} from "../../lib/backends/webgpu/wgsl/shader.ts";
import { ARRAYS, type TypedArray } from "../../lib/core/dtype.ts";
import type { CodedKernel } from "../../lib/schedule/kernel.ts";
import { gpuDevice } from "./adapter.ts";

/** What a kernel reads or writes. */
export interface KernelArray {
	readonly array: TypedArray;
	readonly offset?: number;
}

const STORAGE = 0x80 | 0x4 | 0x8;
const MAP_READ = 0x1 | 0x8;
const UNIFORM = 0x40 | 0x8;

let pipelines: Promise<{ device: GPUDevice; pipelines: Pipelines }> | undefined;

function ready() {
	pipelines ??= gpuDevice().then((device) => ({ device, pipelines: new Pipelines(device) }));
	return pipelines;
}

/** What the outputs hold afterwards, and whether something was wrong. */
export interface Ran {
	readonly outputs: readonly TypedArray[];
	readonly fits: boolean;
}

/** By the backend in JavaScript; the outputs that are given are not changed. */
export function inJavaScript(
	kernel: CodedKernel,
	reads: readonly KernelArray[],
	writes: readonly KernelArray[],
): Ran {
	const outputs = writes.map(({ array }) => array.slice());
	const run = kernelFunctions()(kernel)!;
	const arrays = [...reads.map(({ array }) => array), ...outputs];
	const fits = run(
		arrays,
		[...reads, ...writes].map(({ offset = 0 }) => offset),
	);
	return { outputs, fits };
}

/** On the device, by the shaders that the backend chooses or by others. */
export async function onDevice(
	kernel: CodedKernel,
	reads: readonly KernelArray[],
	writes: readonly KernelArray[],
	plan = (operands: readonly ShaderOperand[]): ShaderPlan => shadersOf(kernel, operands),
): Promise<Ran> {
	const { device, pipelines } = await ready();
	const all = [...reads, ...writes];
	const operands = all.map(({ array, offset = 0 }, slot): ShaderOperand => {
		return { dtype: dtypeOf(array), slot, aligned: offset % 4 === 0 };
	});
	const { shaders, temporaries = [] } = plan(operands);
	const sizes = [...all.map(({ array }) => array.length), ...temporaries.map(({ size }) => size)];
	const buffers = sizes.map((size) =>
		device.createBuffer({ size: Math.max(16, Math.ceil(size / 4) * 16), usage: STORAGE }),
	);
	for (const [k, { array }] of all.entries()) {
		const type = wgslType(operands[k]!.dtype) === "f32" ? Float32Array : Int32Array;
		if (array.length > 0) device.queue.writeBuffer(buffers[k]!, 0, type.from(array));
	}
	const failed = device.createBuffer({ size: 4, usage: STORAGE });
	const places = device.createBuffer({ size: 256, usage: UNIFORM });
	device.queue.writeBuffer(
		places,
		0,
		Int32Array.from(all, ({ offset = 0 }) => offset),
	);
	device.pushErrorScope("validation");
	const encoder = device.createCommandEncoder();
	const pass = encoder.beginComputePass();
	for (const shader of shaders) {
		const operands = shader.bindings.map(({ slot }) => buffers[slot]!);
		const all = (shader.canFail ? [...operands, failed] : operands).map((buffer) => ({ buffer }));
		const { pipeline, group } = pipelines.bound(shader, { places, size: 256 }, all);
		pass.setPipeline(pipeline);
		pass.setBindGroup(0, group, [0]);
		const [x, y] = gridOf(shader.workgroups);
		pass.dispatchWorkgroups(x, y);
	}
	pass.end();
	const read = [...writes.map((_, i) => buffers[reads.length + i]!), failed].map((buffer) => {
		const copy = device.createBuffer({ size: buffer.size, usage: MAP_READ });
		encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
		return copy;
	});
	device.queue.submit([encoder.finish()]);
	const error = await device.popErrorScope();
	if (error !== null) {
		throw new Error(`${error.message}\n${shaders.map(({ code }) => code).join("\n")}`);
	}
	const words = await Promise.all(
		read.map(async (copy) => {
			await copy.mapAsync(1);
			return copy.getMappedRange().slice(0);
		}),
	);
	for (const buffer of [...buffers, ...read, failed, places]) buffer.destroy();
	const outputs = writes.map(({ array }, i) => {
		const dtype = dtypeOf(array);
		const type = wgslType(dtype) === "f32" ? Float32Array : Int32Array;
		return ARRAYS[dtype].from(new type(words[i]!).subarray(0, array.length));
	});
	return { outputs, fits: new Uint32Array(words.at(-1)!)[0] === 0 };
}

function dtypeOf(array: TypedArray): ShaderOperand["dtype"] {
	if (array instanceof Float32Array) return "float32";
	if (array instanceof Float64Array) return "float64";
	return array instanceof Int32Array ? "int32" : "bool";
}
