import { DeviceError } from "../../core/error.ts";

/**
 * WebGPU as this engine has it.
 * @throws DeviceError where there is none
 */
export async function gpuHere(): Promise<GPU> {
	const here = (globalThis.navigator as Navigator | undefined)?.gpu;
	if (here !== undefined) return here;
	// A name in a variable: bundlers leave it alone.
	const name = "webgpu";
	const found = await import(name).catch(() => null);
	if (found === null) {
		throw new DeviceError(
			'webgpu: no WebGPU here; in a browser the page must be served by https or localhost, in Node install the package webgpu, or take await webgpu({ fallback: "wasm" })',
		);
	}
	Object.assign(globalThis, found.globals);
	return found.create([]) as GPU;
}

/**
 * An adapter.
 * @throws DeviceError where there is none
 */
export async function adapterFrom(
	gpu: GPU,
	powerPreference: GPUPowerPreference | undefined,
): Promise<GPUAdapter> {
	const adapter = await gpu.requestAdapter(powerPreference && { powerPreference });
	if (adapter !== null) return adapter;
	throw new DeviceError(
		'webgpu: this machine has no adapter for WebGPU; update the driver, or take await webgpu({ fallback: "wasm" })',
	);
}

/** A device with all that the adapter allows and that is of use. */
export function deviceFrom(adapter: GPUAdapter): Promise<GPUDevice> {
	const { limits, features } = adapter;
	return adapter.requestDevice({
		requiredFeatures: features.has("timestamp-query") ? ["timestamp-query"] : [],
		requiredLimits: {
			maxBufferSize: limits.maxBufferSize,
			maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
			maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
		},
	});
}
