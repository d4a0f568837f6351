import * as kind from "../../core/argument-kinds.ts";
import { DeviceError } from "../../core/error.ts";
import { checkOptions } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import { flatten } from "../../core/tree.ts";
import { interpret } from "../../program/interpret.ts";
import type { Program } from "../../program/program.ts";
import type { Backend } from "../backend.ts";
import { wasmBackend } from "../wasm/backend.ts";
import { deviceResultOf } from "./call.ts";
import { Device, type DeviceRequest } from "./device.ts";
import { bytesOfPlan, explanationOf, plannedFor } from "./explaining.ts";
import { Instance } from "./instance.ts";
import type { Split } from "./split.ts";

/** Options of `webgpu`. */
export interface WebGPUOptions {
	/**
	 * What `navigator.gpu` is in a page. Left out: that, or in Node that of the package `webgpu`, if it
	 * is installed.
	 */
	readonly gpu?: GPU;
	/** What the browser is asked for where a machine has several GPUs. */
	readonly powerPreference?: "low-power" | "high-performance";
	/** What to have where there is no WebGPU: WebAssembly; left out: an error. */
	readonly fallback?: "wasm";
	/** How many bytes arguments and results may take on the device; left out: 512 MB. */
	readonly memory?: number;
}

/** A device to compile for: the `backend` of `compile`. */
export interface DeviceBackend extends Backend {
	/**
	 * Waits for the elements of all tensors in nested objects and arrays, in one go; from then on the
	 * host has them, too.
	 * @returns what it was given
	 * @throws what the ops throw that made them, and DeviceError for what the device cannot do
	 */
	read<T>(tree: T): Promise<T>;
	/**
	 * Asks for another device where this one was lost. What is on the host is there, and what was made
	 * from it is made again when it is asked for.
	 * @throws DeviceError where there is none
	 */
	renew(): Promise<void>;
	/** Gives the device and its memory up; what was not read is gone. */
	close(): void;
}

const MEMORY = 2 ** 29;

/**
 * A GPU by WebGPU, in a browser, Deno or Node, to compile for: `compile(step, { backend: await
 * webgpu() })`. Calls return at once, with tensors whose elements are on the device; `await
 * gpu.read(tree)` or `await x.read()` brings them to the host. Floats are float32.
 * @throws DeviceError where there is no WebGPU or no adapter
 * @throws DomainError for an option that is none
 */
export async function webgpu(options: WebGPUOptions = {}): Promise<DeviceBackend> {
	const {
		gpu,
		powerPreference,
		fallback,
		memory = MEMORY,
	} = checkOptions("webgpu", options, {
		gpu: kind.anything,
		powerPreference: ["low-power", "high-performance"],
		fallback: ["wasm"],
		memory: kind.positive,
	});
	try {
		const found = gpu ?? (await gpuHere());
		const request = requestFrom(found, powerPreference);
		return new WebGPUBackend(await Device.requested(request, memory));
	} catch (error) {
		if (fallback === undefined || !(error instanceof DeviceError)) throw error;
		return onWasm;
	}
}

/** WebAssembly in the place of a device: all is on the host. */
const onWasm: DeviceBackend = {
	...wasmBackend,
	read: async (tree) => tree,
	renew: async () => {},
	close: () => {},
};

/** @throws DeviceError where there is none */
async function gpuHere(): Promise<GPU> {
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

function requestFrom(gpu: GPU, powerPreference: WebGPUOptions["powerPreference"]): DeviceRequest {
	return async () => {
		const adapter = await gpu.requestAdapter(powerPreference && { powerPreference });
		if (adapter === null) {
			throw new DeviceError(
				'webgpu: this machine has no adapter for WebGPU; update the driver, or take await webgpu({ fallback: "wasm" })',
			);
		}
		const { limits } = adapter;
		return adapter.requestDevice({
			requiredLimits: {
				maxBufferSize: limits.maxBufferSize,
				maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
				maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
			},
		});
	};
}

class WebGPUBackend implements DeviceBackend {
	readonly name = "webgpu";
	readonly #device: Device;

	constructor(device: Device) {
		this.#device = device;
	}

	supports(): string | null {
		return null;
	}

	compile(program: Program) {
		const bindings = this.#device.live.device.limits.maxStorageBuffersPerShaderStage;
		const { parts, schedule, plan } = plannedFor(program, { bindings });
		const instance = new Instance(schedule, plan, this.#device);
		return {
			run: (args: readonly Tensor[]) => runParts(parts, instance, args),
			explain: () => explanationOf(parts, schedule, plan),
			bytes: bytesOfPlan(plan),
		};
	}

	async read<T>(tree: T): Promise<T> {
		const { leaves } = flatten("read", tree, "tree");
		const results = leaves.flatMap((x) => deviceResultOf(x) ?? []);
		await this.#device.read([...new Set(results)]);
		return tree;
	}

	renew(): Promise<void> {
		return this.#device.renew();
	}

	close(): void {
		this.#device.close();
	}
}

/** What the host computes, and then what the device does. */
function runParts(
	{ host, hostArgs, deviceArgs, passed, results }: Split,
	instance: Instance,
	args: readonly Tensor[],
): readonly Tensor[] {
	const here = interpret(
		host,
		hostArgs.map((i) => args[i]!),
	);
	const there = instance.run([...deviceArgs.map((i) => args[i]!), ...here.slice(0, passed)]);
	return results.map(({ on, index }) => (on === "host" ? here : there)[index]!);
}
