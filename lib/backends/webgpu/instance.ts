import type { TypedArray } from "../../core/dtype.ts";
import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";
import { interpret } from "../../program/interpret.ts";
import { isCoded } from "../../schedule/kernel.ts";
import type { KernelSchedule, Result } from "../../schedule/schedule.ts";
import type { Step } from "../../schedule/step.ts";
import { kernelFunctions } from "../javascript/kernels.ts";
import { type BufferChain, BYTES_EACH, writeTo } from "./buffer-chain.ts";
import {
	DeviceCall,
	DeviceResult,
	type Doubt,
	deviceResultOf,
	doubtsIn,
	type Runner,
} from "./call.ts";
import { CommandRecording } from "./commands.ts";
import type { Device } from "./device.ts";
import { asWords } from "./elements.ts";
import { evaluated } from "./evaluated.ts";
import type { DeviceRegion } from "./memory.ts";
import type { MemoryPlace } from "./parts/work.ts";
import type { Plan, Stages } from "./plan.ts";
import { Resources } from "./resources.ts";

/** So many calls may have to be made again for one result; then their arguments are read. */
const MOST_CALLS = 32;

/**
 * So many arguments are being read at a time. Where more would have to be, nobody waits for the
 * device, and results of long ago are given up.
 */
const MOST_CUTTING = 64;

/** What goes on in a run: its resources, the memory of each root, and what is not submitted yet. */
interface Running {
	readonly resources: Resources;
	readonly memory: readonly BufferChain[];
	readonly recording: CommandRecording;
}

/** A schedule on a device, ready to run. */
export class Instance implements Runner {
	readonly device: Device;
	/** It may give way to another that computes the same, between calls. */
	plan: Plan;
	readonly #schedule: KernelSchedule;
	readonly #isOnDevice: boolean;
	/** What the host does in place of kernels that the device has not. */
	readonly #functionOf = kernelFunctions();
	#resources: Resources | null = null;
	#cutting = 0;

	constructor(schedule: KernelSchedule, plan: Plan, device: Device) {
		this.#schedule = schedule;
		this.plan = plan;
		this.device = device;
		this.#isOnDevice = plan.stages.every(({ kind }) => kind === "commands");
	}

	/**
	 * Has the device run the program; returns at once, with tensors whose elements are there.
	 * @throws DeviceError while the device is lost
	 */
	run(args: readonly Tensor[]): readonly Tensor[] {
		for (const x of args) this.#cutShort(x);
		const before = doubtsIn(args);
		const canFail = this.plan.canFail || !this.#isOnDevice || before.length > 0;
		const call = new DeviceCall(this, args, canFail ? this.device.words.take() : null);
		for (const { dtype, size } of this.#schedule.outputs) {
			call.results.push(new DeviceResult(dtype, size, call, this));
		}
		this.#begin(call, before);
		return this.#schedule.results.map((result, i) => this.#handOut(result, i, args, call));
	}

	read(result: DeviceResult): Promise<void> {
		return this.device.readSoon(result);
	}

	again(call: DeviceCall): void {
		call.doubt.error = null;
		this.#begin(call, doubtsIn(call.args));
	}

	/** @param before what is in doubt where the arguments are used */
	#begin(call: DeviceCall, before: readonly Doubt[]): void {
		const { memory } = this.device.live;
		memory.beginCall();
		const regions: DeviceRegion[] = [];
		const release = () => {
			for (const region of regions) memory.release(region);
		};
		try {
			for (const x of call.args) regions.push(this.device.regionOf(x));
			for (const [i, { size }] of this.#schedule.outputs.entries()) {
				const region = memory.take(BYTES_EACH * size);
				regions.push(region);
				const result = call.results[i]!;
				if (result.host() === null) memory.hold(region, result.place, result);
			}
		} catch (error) {
			release();
			throw error;
		}
		const given = regions.map(({ chain }) => chain);
		this.device.queue.add(() => {
			try {
				for (const { error } of before) if (error !== null) throw error;
				const done = this.#perform(call, given, before);
				return done?.finally(release) ?? release();
			} catch (error) {
				call.doubt.error = error;
				release();
			}
		});
	}

	onHost(args: readonly Tensor[]): readonly TypedArray[] {
		const { program, results, outputs } = this.#schedule;
		const values = interpret(program, args);
		return outputs.map((_, at) => {
			const i = results.findIndex((x) => x.kind === "output" && x.index === at);
			return elements(values[i]!);
		});
	}

	#perform(
		call: DeviceCall,
		given: readonly BufferChain[],
		before: readonly Doubt[],
	): Promise<void> | undefined {
		const { live } = this.device;
		if (this.#resources?.live !== live || this.#resources.plan !== this.plan)
			this.#resources = new Resources(this.plan, live);
		const resources = this.#resources;
		const recording = new CommandRecording(live.device);
		const running = { resources, memory: resources.chains(given), recording };
		const { word } = call.doubt;
		if (word !== null) {
			recording.clear(resources.failed, 0, 1);
			const words = before.flatMap((doubt) => doubt.word ?? []);
			if (words.length > 0) this.device.words.join(recording, words, resources.failed);
		}
		const finish = () => {
			if (word !== null) {
				const { buffer, first } = this.device.words.placeOf(word);
				recording.copy([resources.failed], [buffer], { from: 0, to: first, size: 1 });
			}
			recording.submit();
		};
		if (this.#isOnDevice) {
			for (const stage of this.plan.stages) {
				if (stage.kind === "commands") resources.record(stage.commands, running.memory, recording);
			}
			finish();
			return undefined;
		}
		return this.#performInTurns(this.plan.stages, running)
			.then(finish)
			.catch((error: unknown) => {
				call.doubt.error = error;
			});
	}

	/** Where the host takes part, it waits for the device and the device for it. */
	async #performInTurns(stages: Stages, running: Running): Promise<void> {
		const { resources, memory, recording } = running;
		for (const stage of stages) {
			switch (stage.kind) {
				case "commands":
					resources.record(stage.commands, memory, recording);
					break;
				case "host":
					await this.#onHost(stage.step, stage.operands, running);
					break;
				case "choice": {
					const which = await this.#numberAt(stage.index, running);
					const branch = stage.branches[which];
					if (branch === undefined) this.#fail(running);
					else await this.#performInTurns(branch, running);
					break;
				}
				case "while": {
					let round = 0;
					for (; round !== stage.most; round++) {
						await this.#performInTurns(stage.test[round % 2]!, running);
						if ((await this.#numberAt(stage.holds, running)) === 0) break;
						await this.#performInTurns(stage.round[round % 2]!, running);
					}
					await this.#performInTurns(stage.end[round % 2]!, running);
				}
			}
		}
	}

	/** Something is wrong, as when a shader says so. */
	#fail({ resources }: Running): void {
		resources.live.device.queue.writeBuffer(resources.failed, 0, Int32Array.of(1));
	}

	async #numberAt({ root, offset }: MemoryPlace, { memory, recording }: Running): Promise<number> {
		recording.submit();
		const source = { chain: memory[root]!, first: offset, size: 1 };
		return (await this.device.copyNow([source])).word(0);
	}

	/** Reads what a step reads, and the memory that it writes to; computes; writes. */
	async #onHost(step: Step, operands: readonly MemoryPlace[], running: Running): Promise<void> {
		const { memory, recording } = running;
		recording.submit();
		const views = [...step.reads, ...step.writes];
		const starts = operands.map(({ offset }, i) => offset - views[i]!.offset);
		const copied = await this.device.copyNow(
			views.map(({ buffer: { size } }, i) => {
				return { chain: memory[operands[i]!.root]!, first: starts[i]!, size };
			}),
		);
		const storages = views.map(({ buffer }, i) => copied.values(i, buffer.dtype));
		if (!this.#computed(step, storages)) {
			this.#fail(running);
			return;
		}
		const { device } = running.resources.live;
		for (let k = step.reads.length; k < views.length; k++) {
			const words = asWords(storages[k]!);
			writeTo(device, memory[operands[k]!.root]!, starts[k]!, words);
		}
	}

	/** Whether all was right. */
	#computed(step: Step, storages: readonly TypedArray[]): boolean {
		const { kernel, reads, writes } = step;
		if (isCoded(kernel)) {
			const offsets = [...reads, ...writes].map(({ offset }) => offset);
			return this.#functionOf(kernel)!(storages, offsets);
		}
		if (kernel.kind !== "evaluation") throw new Error(`webgpu: no step for a ${kernel.kind}`);
		storages[reads.length]!.set(elements(evaluated(kernel, step, storages)));
		return true;
	}

	/**
	 * Has an argument read that rests on too long a chain of calls, without waiting for it: as soon
	 * as it is on the host, they are not needed any more.
	 */
	#cutShort(x: Tensor): void {
		const result = deviceResultOf(x);
		if (result === null || result.isRead || (result.call?.depth ?? 0) < MOST_CALLS) return;
		if (this.#cutting >= MOST_CUTTING) {
			result.call = null;
			return;
		}
		this.#cutting++;
		const end = () => {
			this.#cutting--;
		};
		// What is wrong is told to those who read what they asked for.
		result.read().then(end, end);
	}

	#handOut(result: Result, index: number, args: readonly Tensor[], call: DeviceCall): Tensor {
		if (result.kind === "argument") return args[result.index]!;
		if (result.kind === "constant") return result.tensor;
		const { type } = this.#schedule.program.outputs[index]!;
		return new Tensor(call.results[result.index]!, type.dtype, type.shape);
	}
}
