import * as kind from "../core/argument-kinds.ts";
import { DomainError, ShapeError } from "../core/error.ts";
import { broadcastNumber } from "../core/lift.ts";
import type { TensorType } from "../core/op.ts";
import { checkArgument, checkOptions } from "../core/options.ts";
import { placeName } from "../core/place-name.ts";
import { type Shape, sameShape } from "../core/shape.ts";
import { flatten } from "../core/tree.ts";
import { bytesIn, operationsIn } from "../program/cost.ts";
import type { Program } from "../program/program.ts";
import { checkAxes } from "./jax/jax-package.ts";
import { recordedStep } from "./jax/to-jax.ts";

/** What `trainingCost` has to know of the step and of the devices. */
export interface TrainingCostOptions {
	/** Names of the axes of leaves, as for `jaxPackage`: `{ "batch.x": ["batch", "in"] }`. */
	readonly axes: Readonly<Record<string, readonly string[]>>;
	/** The axis that devices share out: each has as much of it as the arguments have. */
	readonly shared: string;
	/** Operations on numbers that a device takes a second in such a step. */
	readonly flops: number;
	/** Bytes that a device sends a second, while others send to it. */
	readonly bandwidth: number;
	/** Seconds until a message arrives, however short it is. */
	readonly latency: number;
}

/** What a step costs on so many devices. */
export interface CostOn {
	readonly devices: number;
	/** Bytes that each device sends, and gets. */
	readonly bytes: number;
	/** Seconds that a step takes, and of these the ones in which devices wait for each other. */
	readonly seconds: number;
	readonly waiting: number;
}

/** What a training step costs where devices share an axis of its batch out. */
export class TrainingCost {
	/** Operations of each device in a step. */
	readonly flops: number;
	/** What is summed over the axis, and so over all devices: the gradients and the loss. */
	readonly sums: readonly TensorType[];
	/** The bytes of these sums. */
	readonly bytes: number;
	private readonly machine: Pick<TrainingCostOptions, "flops" | "bandwidth" | "latency">;

	/** @internal */
	constructor(flops: number, sums: readonly TensorType[], machine: TrainingCost["machine"]) {
		this.flops = flops;
		this.sums = sums;
		this.bytes = sums.reduce((total, type) => total + bytesIn(type), 0);
		this.machine = machine;
	}

	/**
	 * What a step costs on so many devices. Sums of B bytes over n devices take 2⌈log₂ n⌉ messages
	 * one after the other, and each device sends 2B(n − 1)/n bytes (R. Thakur, R. Rabenseifner and
	 * W. Gropp, "Optimization of collective communication operations in MPICH", 2005). That devices
	 * compute meanwhile is not counted, nor that messages meet on one wire.
	 * @throws DomainError unless it is a whole number of at least 1
	 */
	on(devices: number): CostOn {
		checkArgument("TrainingCost.on", "devices", devices, kind.whole);
		if (devices < 1) throw new DomainError("TrainingCost.on: expected at least one device, got 0");
		const { flops, bandwidth, latency } = this.machine;
		const bytes = (2 * this.bytes * (devices - 1)) / devices;
		const waiting = 2 * Math.ceil(Math.log2(devices)) * latency + bytes / bandwidth;
		return { devices, bytes, seconds: this.flops / flops + waiting, waiting };
	}

	/** A table for 1, 8, 256 and 4,096 devices. */
	toString(): string {
		const number = (x: number) => x.toLocaleString("en", { maximumSignificantDigits: 4 });
		const rows = [1, 8, 256, 4096].map((devices) => {
			const { bytes, seconds, waiting } = this.on(devices);
			const share = `${((100 * waiting) / seconds).toFixed(1)} %`;
			return [number(devices), number(bytes), `${number(seconds * 1e6)} µs`, share];
		});
		const table = [["devices", "bytes sent", "step", "waiting"], ...rows];
		const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
		return table.map((row) => row.map((x, i) => x.padStart(widths[i]!)).join("  ")).join("\n");
	}
}

/**
 * What a training step costs where devices share an axis of its batch out, each with as much of it
 * as the arguments have: what each computes, what is summed over all of them, and from these the
 * time of a step on any number of devices. Summed is what has the axis where it is read and lacks
 * it in the result; of the results of a loop each once. JAX makes one all-reduce of all sums.
 * @throws ShapeError where the step is another one for another size of the axis
 * @throws DomainError for an axis that no leaf has, and for what is no speed
 * @throws TraceError and GradientError as `toJax`
 */
export function trainingCost(
	step: (...args: never[]) => unknown,
	args: Readonly<Record<string, unknown>>,
	options: TrainingCostOptions,
): TrainingCost {
	const { axes, shared, ...machine } = checkOptions(
		"trainingCost",
		options,
		{
			axes: kind.structure,
			shared: kind.aString,
			flops: kind.positive,
			bandwidth: kind.positive,
			latency: kind.notNegative,
		},
		["axes", "shared", "flops", "bandwidth", "latency"],
	);
	const { readable, given } = recordedStep("trainingCost", step, args, "adjoint");
	checkAxes("trainingCost", given, axes);
	const own = readable.program;
	const longer = recordedStep("trainingCost", step, withTwice(args, axes, shared), "adjoint");
	return new TrainingCost(operationsIn(own), summed(own, longer.readable.program, shared), machine);
}

/** The arguments with twice as much along the axes of this name. */
function withTwice(
	args: Readonly<Record<string, unknown>>,
	axes: TrainingCostOptions["axes"],
	shared: string,
): Record<string, unknown> {
	let found = false;
	const entries = Object.entries(args).map(([key, tree]): [string, unknown] => {
		const { leaves, paths, rebuild } = flatten("trainingCost", tree, `args.${key}`);
		const longer = leaves.map(({ shape, dtype }, i) => {
			const names = axes[placeName(key + paths[i]!)] ?? [];
			found ||= names.includes(shared);
			const next: Shape = shape.map((size, axis) => (names[axis] === shared ? 2 * size : size));
			return broadcastNumber("trainingCost", 0, dtype, next);
		});
		return [key, rebuild(longer)];
	});
	if (found) return Object.fromEntries(entries);
	const known = [...new Set(Object.values(axes).flat())].join(", ");
	throw new DomainError(`trainingCost: no axis is called ${shared}; there are ${known || "none"}`);
}

/** What has an axis where it is read and lacks it in the result, by what it is of another size. */
function summed(own: Program, longer: Program, shared: string): TensorType[] {
	const others = longer.instructions;
	const isSame =
		others.length === own.instructions.length &&
		own.instructions.every(({ op }, i) => op.name === others[i]!.op.name);
	if (!isSame) {
		throw new ShapeError(
			`trainingCost: the step is another one where ${shared} is twice as long, so what it sums over ${shared} cannot be told; do without its size in the step`,
		);
	}
	return own.instructions.flatMap(({ type, inputs }, i) => {
		const other = others[i]!;
		const reads = inputs.some((x, k) => !sameShape(x.type.shape, other.inputs[k]!.type.shape));
		return reads && sameShape(type.shape, other.type.shape) ? [type] : [];
	});
}
