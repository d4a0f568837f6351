import * as kind from "../../core/argument-kinds.ts";
import { DeviceError } from "../../core/error.ts";
import { checkOptions } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import { flatten } from "../../core/tree.ts";
import { astype } from "../../ops/cast.ts";
import { interpret } from "../../program/interpret.ts";
import type { Program } from "../../program/program.ts";
import type { Backend } from "../backend.ts";
import { wasmBackend } from "../wasm/backend.ts";
import { deviceResultOf } from "./call.ts";
import { Device } from "./device.ts";
import { bytesOfPlan, explanationOf, plannedFor } from "./explaining.ts";
import { Instance } from "./instance.ts";
import { limitsOf, type PlanLimits } from "./plan.ts";
import { planOf } from "./planning.ts";
import { adapterFrom, deviceFrom, gpuHere } from "./request.ts";
import type { ProgramSplit } from "./split.ts";
import { Tuner } from "./tuner.ts";

/** Options of `webgpu`. */
export interface WebGPUOptions {
	/**
	 * What `navigator.gpu` is in a page. Left out: that, or in Node that of the package `webgpu`, if
	 * it is installed.
	 */
	readonly gpu?: GPU;
	/** What the browser is asked for where a machine has several GPUs. */
	readonly powerPreference?: "low-power" | "high-performance";
	/** What to have where there is no WebGPU: WebAssembly; left out: an error. */
	readonly fallback?: "wasm";
	/**
	 * Whether the ways to compute a product are tried on the device when its shape is new; all give
	 * the same bits. Left out: not where the GPU is software.
	 */
	readonly tune?: boolean;
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
	 * Asks for another device where this one was lost. What is on the host is there, and what was
	 * made from it is made again when it is asked for.
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
		tune,
	} = checkOptions("webgpu", options, {
		gpu: kind.anything,
		tune: kind.flag,
		powerPreference: ["low-power", "high-performance"],
		fallback: ["wasm"],
		memory: kind.positive,
	});
	try {
		const found = gpu ?? (await gpuHere());
		let isSoftware = false;
		const request = async () => {
			const adapter = await adapterFrom(found, powerPreference);
			isSoftware = adapter.info.isFallbackAdapter;
			return deviceFrom(adapter);
		};
		const device = await Device.requested(request, memory);
		return new WebGPUBackend(device, (tune ?? !isSoftware) ? new Tuner() : null);
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

class WebGPUBackend implements DeviceBackend {
	readonly name = "webgpu";
	readonly #device: Device;
	readonly #tuner: Tuner | null;

	constructor(device: Device, tuner: Tuner | null) {
		this.#device = device;
		this.#tuner = tuner;
	}

	supports(): string | null {
		return null;
	}

	compile(program: Program) {
		const tuner = this.#tuner;
		const limits: PlanLimits = {
			...limitsOf(this.#device.live.device),
			...(tuner && { choiceFor: (kernel) => tuner.choiceFor(kernel) }),
		};
		const { parts, schedule, plan } = plannedFor(program, limits);
		const instance = new Instance(schedule, plan, this.#device);
		if (tuner !== null && plan.tunable.length > 0) {
			this.#device.queue.add(async () => {
				try {
					const { device, pipelines } = this.#device.live;
					await tuner.measure(device, pipelines, plan.tunable);
					instance.plan = planOf(schedule, limits);
				} catch {
					// Where the device is lost the guess stays, and whoever reads is told.
				}
			});
		}
		return {
			run: (args: readonly Tensor[]) => runParts(parts, instance, args),
			explain: () => explanationOf(parts, schedule, instance.plan),
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
	{ host, hostArgs, deviceArgs, passed, results }: ProgramSplit,
	instance: Instance,
	args: readonly Tensor[],
): readonly Tensor[] {
	const here = interpret(
		host,
		hostArgs.map((i) => args[i]!),
	);
	// Where the device goes on with a number of float64, it does so in float32.
	const given = here
		.slice(0, passed)
		.map((x) => (x.dtype === "float64" ? astype(x, "float32") : x));
	const there = instance.run([...deviceArgs.map((i) => args[i]!), ...given]);
	return results.map(({ on, index }) => (on === "host" ? here : there)[index]!);
}
