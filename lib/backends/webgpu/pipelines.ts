import type { Bound } from "./commands.ts";
import { Recent } from "./recent.ts";
import type { Shader } from "./wgsl/shader.ts";

/** A shader that is ready to be dispatched. */
export interface Pipeline {
	readonly pipeline: GPUComputePipeline;
	readonly layout: GPUBindGroupLayout;
}

/** COMPUTE of GPUShaderStage. */
const COMPUTE = 0x4;
/** UNIFORM and COPY_DST of GPUBufferUsage. */
export const UNIFORM = 0x40 | 0x8;
/** A list of places begins at a multiple of so many bytes of a uniform buffer. */
export const PLACES_BYTES = 256;

/**
 * So many pipelines are remembered: what plans are bound to they keep themselves, and what is made
 * anew takes some milliseconds.
 */
const MOST = 2048;

/** The pipelines of a device, one for each text. */
export class Pipelines {
	readonly #device: GPUDevice;
	readonly #known = new Recent<Pipeline>(MOST);

	constructor(device: GPUDevice) {
		this.#device = device;
	}

	/** The pipeline of a shader. */
	of(shader: Shader): Pipeline {
		return this.#known.of(shader.code, () => this.#made(shader));
	}

	/** A shader bound to memory, its lists of places in so many bytes of `places` each. */
	bound(
		shader: Shader,
		{ places, size }: { readonly places: GPUBuffer; readonly size: number },
		buffers: readonly GPUBufferBinding[],
	): Bound {
		const { pipeline, layout } = this.of(shader);
		const group = this.#device.createBindGroup({
			layout,
			entries: [
				{ binding: 0, resource: { buffer: places, size } },
				...buffers.map((resource, i) => ({ binding: i + 1, resource })),
			],
		});
		return { pipeline, group };
	}

	#made({ code, bindings, canFail }: Shader): Pipeline {
		const device = this.#device;
		const types: GPUBufferBindingType[] = bindings.map(({ writes }) =>
			writes ? "storage" : "read-only-storage",
		);
		if (canFail) types.push("storage");
		const layout = device.createBindGroupLayout({
			entries: [
				{ binding: 0, visibility: COMPUTE, buffer: { type: "uniform", hasDynamicOffset: true } },
				...types.map((type, i) => {
					return { binding: i + 1, visibility: COMPUTE, buffer: { type } };
				}),
			],
		});
		const pipeline = device.createComputePipeline({
			layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
			compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
		});
		return { pipeline, layout };
	}
}
