import type { Tensor } from "../../core/tensor.ts";
import type { CodedKernel } from "../../schedule/kernel.ts";
import type { Step } from "../../schedule/step.ts";
import { BYTES_EACH, mostIn } from "./buffer-chain.ts";
import { type Binding, roundedDown } from "./parts/bindings.ts";
import type { MemoryPlace } from "./parts/work.ts";
import type { TileChoice, Tunable } from "./tuner.ts";
import type { Shader } from "./wgsl/shader.ts";

/**
 * Memory that commands name by a number: first that of arguments, then that of results, which
 * change from call to call, then what a program has of its own.
 */
export type Own =
	| { readonly kind: "constant"; readonly tensor: Tensor }
	| { readonly kind: "scratch"; size: number };

/** A shader with the memory that it is bound to: what a bind group is made for. */
export interface Site {
	readonly shader: Shader;
	readonly bindings: readonly Binding[];
}

/** What the device does in one go. */
export type DeviceCommand =
	| {
			readonly kind: "dispatch";
			readonly site: number;
			/** Which of the plan's lists says where the operands begin. */
			readonly places: number;
			readonly grid: readonly [x: number, y: number];
	  }
	| {
			readonly kind: "copy";
			readonly from: MemoryPlace;
			readonly to: MemoryPlace;
			readonly size: number;
	  };

/** What is done one after the other: by the device, or where that cannot do it by the host. */
export type PlanStage =
	| { readonly kind: "commands"; readonly commands: DeviceCommand[] }
	/** A step on the host: an op's own evaluation, or a kernel that the device has not. */
	| { readonly kind: "host"; readonly step: Step; readonly operands: readonly MemoryPlace[] }
	/** One of several lists of stages, by the number that is read first. */
	| { readonly kind: "choice"; readonly index: MemoryPlace; readonly branches: readonly Stages[] }
	/** Bodies in even and in odd rounds. */
	| {
			readonly kind: "while";
			readonly most: number | null;
			readonly holds: MemoryPlace;
			readonly test: readonly Stages[];
			readonly round: readonly Stages[];
			readonly end: readonly Stages[];
	  };

/** Stages in their order. */
export type Stages = readonly PlanStage[];

/** A schedule as what the device and the host do, without any memory yet. */
export interface Plan {
	readonly own: readonly Own[];
	readonly sites: readonly Site[];
	/** The lists of where operands begin. */
	readonly places: readonly (readonly number[])[];
	readonly stages: Stages;
	/** Whether a shader may find that something is wrong. */
	readonly canFail: boolean;
	/** The shaders of steps, in the first round of those in loops. */
	readonly shaders: ReadonlyMap<Step, readonly Shader[]>;
	/** Kernels that there are several ways to compute. */
	readonly tunable: readonly Tunable[];
	/** The choices that were made for steps, by measuring. */
	readonly choices: ReadonlyMap<Step, TileChoice>;
	/** Why steps run on the host. */
	readonly onHost: ReadonlyMap<Step, string>;
}

/** What a device allows. */
export interface PlanLimits {
	/** Storage buffers of a shader. */
	readonly bindings: number;
	/** Elements of a storage buffer that are bound, and of a buffer. */
	readonly elements: number;
	readonly buffer: number;
	/** What was measured of a kernel; left out: nothing. */
	readonly choiceFor?: (kernel: CodedKernel) => TileChoice | undefined;
}

/** What this device allows. */
export function limitsOf(device: GPUDevice): PlanLimits {
	const { maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage } = device.limits;
	const buffer = mostIn(device);
	const bound = roundedDown(maxStorageBufferBindingSize / BYTES_EACH);
	return { bindings: maxStorageBuffersPerShaderStage, elements: Math.min(bound, buffer), buffer };
}
