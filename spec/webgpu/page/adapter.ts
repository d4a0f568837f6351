/** The page's own WebGPU. */
export async function gpu(): Promise<GPU> {
	if (navigator.gpu === undefined) throw new Error("no WebGPU in this page");
	return navigator.gpu;
}

/** A device of the first adapter. */
export async function gpuDevice(): Promise<GPUDevice> {
	const adapter = await (await gpu()).requestAdapter();
	if (adapter === null) throw new Error("no adapter in this page");
	return adapter.requestDevice();
}
