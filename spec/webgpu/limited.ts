import { type DeviceBackend, webgpu } from "../../lib/webgpu.ts";
import { gpu } from "./adapter.ts";

/** UNIFORM of GPUBufferUsage. */
const UNIFORM = 0x40;

/** Bytes that a device allows. */
export interface SmallLimits {
	readonly maxStorageBufferBindingSize: number;
	readonly maxBufferSize?: number;
}

/**
 * A device that says that it allows less than it does, and that fails where more is asked for: what
 * is bound, and buffers of any kind.
 */
export async function limited(limits: SmallLimits): Promise<DeviceBackend> {
	const own = await gpu();
	const requestDevice = async (adapter: GPUAdapter) => {
		const device = await adapter.requestDevice();
		const { maxStorageBufferBindingSize, maxBufferSize = device.limits.maxBufferSize } = limits;
		const { maxStorageBuffersPerShaderStage } = device.limits;
		const allowed = { maxStorageBufferBindingSize, maxBufferSize, maxStorageBuffersPerShaderStage };
		const createBuffer = device.createBuffer.bind(device);
		const createBindGroup = device.createBindGroup.bind(device);
		Object.defineProperties(device, {
			limits: { value: allowed },
			createBuffer: {
				value: (descriptor: GPUBufferDescriptor) => {
					const { size, usage } = descriptor;
					// Where operands begin takes little beside limits of any size.
					if (size > maxBufferSize && (usage & UNIFORM) === 0)
						throw new Error(`a buffer of ${size}`);
					return createBuffer(descriptor);
				},
			},
			createBindGroup: {
				value: (descriptor: GPUBindGroupDescriptor) => {
					for (const { binding, resource } of descriptor.entries) {
						const { buffer, size = buffer.size } = resource as GPUBufferBinding;
						if (binding > 0 && size > maxStorageBufferBindingSize) {
							throw new Error(`a binding of ${size} bytes`);
						}
					}
					return createBindGroup(descriptor);
				},
			},
		});
		return device;
	};
	const small = {
		requestAdapter: async () => {
			const adapter = (await own.requestAdapter())!;
			const { limits, features, info } = adapter;
			return { limits, features, info, requestDevice: () => requestDevice(adapter) };
		},
	};
	return webgpu({ gpu: small as unknown as GPU });
}
