import { rowMajorStrides, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Buffer } from "../../schedule/buffers.ts";
import type { Step } from "../../schedule/step.ts";
import { type BufferChain, BYTES_EACH } from "./buffer-chain.ts";
import { CommandRecording } from "./commands.ts";
import { limitsOf } from "./plan.ts";
import { planOf } from "./planning.ts";
import { Recent } from "./recent.ts";
import { type OnDevice, Resources } from "./resources.ts";

/** So many kinds of views are remembered. */
const MOST = 64;

/** Copies what views show of results, in row-major order. */
export class ViewCopies {
	readonly #live: OnDevice;
	readonly #known = new Recent<Resources>(MOST);

	constructor(live: OnDevice) {
		this.#live = live;
	}

	/** Has the device copy what a view shows. */
	copy(x: Tensor, from: BufferChain, to: BufferChain): void {
		const size = from.reduce((sum, buffer) => sum + buffer.size / BYTES_EACH, 0);
		const key = JSON.stringify([x.dtype, x.shape, x.strides, x.offset, size]);
		const resources = this.#known.of(key, () => this.#made(x, size));
		const recording = new CommandRecording(this.#live.device);
		const memory = resources.chains([from, to]);
		for (const stage of resources.plan.stages) {
			if (stage.kind === "commands") resources.record(stage.commands, memory, recording);
		}
		recording.submit();
	}

	#made({ dtype, shape, strides, offset }: Tensor, size: number): Resources {
		const from: Buffer = { dtype, size, use: { kind: "input", index: 0 } };
		const to: Buffer = { dtype, size: sizeOf(shape), use: { kind: "output", index: 0 } };
		const held = strides.map((stride, i) => (shape[i] === 1 ? 0 : stride));
		const inOrder = rowMajorStrides(shape);
		const value = { kind: "input", index: 0 } as const;
		const inputs = [{ dtype, strides: held }];
		const outputs = [{ dtype, strides: inOrder, value }];
		const copy: Step = {
			kernel: { kind: "loop", loop: { shape, inputs, outputs } },
			reads: [{ buffer: from, shape, strides: held, offset }],
			writes: [{ buffer: to, shape, strides: inOrder, offset: 0 }],
			members: [],
		};
		const steps = { inputs: [from], outputs: [to], constants: [], steps: [copy] };
		return new Resources(planOf(steps, limitsOf(this.#live.device)), this.#live);
	}
}
