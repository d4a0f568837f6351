import { rowMajorStrides } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { CodedKernel } from "../../schedule/kernel.ts";
import { CommandRecording } from "./commands.ts";
import { shadersOf } from "./kernels.ts";
import { type Pipelines, PLACES_BYTES, UNIFORM } from "./pipelines.ts";
import { gridOf } from "./wgsl/shader.ts";

/** Has the device copy what a view shows of a buffer, in row-major order. */
export function copyInOrder(
	device: GPUDevice,
	pipelines: Pipelines,
	{ shape, strides, offset, dtype }: Tensor,
	from: GPUBuffer,
	to: GPUBuffer,
): void {
	const held = strides.map((stride, i) => (shape[i] === 1 ? 0 : stride));
	const kernel: CodedKernel = {
		kind: "loop",
		loop: {
			shape,
			inputs: [{ dtype, strides: held }],
			outputs: [{ dtype, strides: rowMajorStrides(shape), value: { kind: "input", index: 0 } }],
		},
	};
	const operands = [0, 1].map((slot) => ({ dtype, slot, aligned: false }));
	const recording = new CommandRecording(device);
	const places = device.createBuffer({ size: PLACES_BYTES, usage: UNIFORM });
	device.queue.writeBuffer(places, 0, Int32Array.of(offset, 0));
	for (const shader of shadersOf(kernel, operands).shaders) {
		const buffers = shader.bindings.map(({ slot }) => ({ buffer: slot === 0 ? from : to }));
		const bound = pipelines.bound(shader, { places, size: PLACES_BYTES }, buffers);
		recording.dispatch(bound, [0], gridOf(shader.workgroups));
	}
	recording.submit();
	places.destroy();
}
