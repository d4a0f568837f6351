import { BYTES_EACH } from "./memory.ts";

/** What a dispatch is bound to. */
export interface Bound {
	readonly pipeline: GPUComputePipeline;
	readonly group: GPUBindGroup;
}

/** Commands on their way to the device: passes with dispatches, and copies between them. */
export class CommandRecording {
	readonly #device: GPUDevice;
	#encoder: GPUCommandEncoder | null = null;
	#pass: GPUComputePassEncoder | null = null;
	#bound: Bound | null = null;

	constructor(device: GPUDevice) {
		this.#device = device;
	}

	/** Runs a shader; `places` is where the list of places begins, if it has one. */
	dispatch(bound: Bound, places: readonly number[], [x, y]: readonly [number, number]): void {
		this.#pass ??= this.#begun().beginComputePass();
		if (this.#bound?.pipeline !== bound.pipeline) this.#pass.setPipeline(bound.pipeline);
		this.#bound = bound;
		this.#pass.setBindGroup(0, bound.group, places);
		this.#pass.dispatchWorkgroups(x, y);
	}

	/** Copies elements. */
	copy(
		from: GPUBuffer,
		to: GPUBuffer,
		command: { readonly from: number; readonly to: number; readonly size: number },
	): void {
		const bytes = command.size * BYTES_EACH;
		if (bytes === 0) return;
		this.#end();
		const at = command.to * BYTES_EACH;
		this.#begun().copyBufferToBuffer(from, command.from * BYTES_EACH, to, at, bytes);
	}

	/** Makes elements 0. */
	clear(buffer: GPUBuffer, first: number, size: number): void {
		this.#end();
		this.#begun().clearBuffer(buffer, first * BYTES_EACH, size * BYTES_EACH);
	}

	/** Hands all to the device. */
	submit(): void {
		this.#end();
		if (this.#encoder === null) return;
		this.#device.queue.submit([this.#encoder.finish()]);
		this.#encoder = null;
	}

	#begun(): GPUCommandEncoder {
		this.#encoder ??= this.#device.createCommandEncoder();
		return this.#encoder;
	}

	#end(): void {
		this.#pass?.end();
		this.#pass = null;
		this.#bound = null;
	}
}
