// WebGPU in Node, by the package in `native/`, and Deno's own. Without a GPU it runs on
// SwiftShader, which comes with Chromium and needs Debian's libvulkan1.
import { existsSync } from "node:fs";
import { join } from "node:path";

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

let made: Promise<GPU> | undefined;

/** What `navigator.gpu` is in a browser. */
export function gpu(): Promise<GPU> {
	made ??= load();
	return made;
}

/** A device of the first adapter. */
export async function gpuDevice(): Promise<GPUDevice> {
	const adapter = await (await gpu()).requestAdapter();
	if (adapter === null) throw new Error("no adapter: install chromium and libvulkan1");
	return adapter.requestDevice();
}

async function load(): Promise<GPU> {
	if (process.env.VK_ICD_FILENAMES === undefined && existsSync(SWIFTSHADER)) {
		process.env.VK_ICD_FILENAMES = SWIFTSHADER;
	}
	const own = (globalThis.navigator as Navigator | undefined)?.gpu;
	if (own !== undefined) return own;
	const path = join(import.meta.dirname, "native/node_modules/webgpu/index.js");
	if (!existsSync(path)) throw new Error("no WebGPU for Node: npm run webgpu:install");
	const { create, globals } = (await import(path)) as {
		create(options: string[]): GPU;
		globals: object;
	};
	Object.assign(globalThis, globals);
	return create([]);
}
