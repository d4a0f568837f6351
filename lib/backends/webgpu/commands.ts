import { type BufferChain, BYTES_EACH, piecesOf } from "./buffer-chain.ts";

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
		from: BufferChain,
		to: BufferChain,
		command: { readonly from: number; readonly to: number; readonly size: number },
	): void {
		this.#end();
		const encoder = this.#begun();
		for (const source of piecesOf(from, command.from, command.size)) {
			for (const target of piecesOf(to, command.to + source.at, source.size)) {
				const [first, at] = [(source.first + target.at) * BYTES_EACH, target.first * BYTES_EACH];
				const bytes = target.size * BYTES_EACH;
				encoder.copyBufferToBuffer(source.buffer, first, target.buffer, at, bytes);
			}
		}
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
