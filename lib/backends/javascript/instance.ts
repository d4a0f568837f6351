import { allocate, type TypedArray } from "../../core/dtype.ts";
import { evaluate } from "../../core/op.ts";
import { sizeOf } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";
import { interpret } from "../../program/interpret.ts";
import { arrayOn, type Buffer, type BufferView, bytesOf } from "../../schedule/buffers.ts";
import type { KernelOf } from "../../schedule/kernel.ts";
import { lifetimesOf } from "../../schedule/lifetimes.ts";
import { planMemory } from "../../schedule/memory.ts";
import type { KernelSchedule, Result } from "../../schedule/schedule.ts";
import type { Step } from "../../schedule/step.ts";
import { type Explanation, explained, explainStep, reasonsIn } from "../explanation.ts";
import { kernelFunctions } from "./kernels.ts";
import { goingOn, repeating, roundsOf } from "./repeat.ts";

/** A schedule with its memory, ready to run. */
export class Instance {
	readonly #schedule: KernelSchedule;
	/**
	 * The elements of each buffer: those of constants and of what is needed on the way stay, those of
	 * arguments and results belong to the run that goes on.
	 */
	readonly #storages = new Map<Buffer, TypedArray>();
	readonly #steps: readonly (() => boolean)[];
	readonly #scratchBytes: number;
	#isRunning = false;
	/** The memory that it holds between runs, about. */
	readonly bytes: number;

	constructor(schedule: KernelSchedule) {
		this.#schedule = schedule;
		for (const buffer of schedule.constants) {
			if (buffer.use.kind === "constant") this.#storages.set(buffer, elements(buffer.use.tensor));
		}
		const { offsets: places, bytes } = planMemory(lifetimesOf(schedule.steps));
		const memory = allocate("bool", bytes).buffer as ArrayBuffer;
		for (const [buffer, at] of places) {
			this.#storages.set(buffer, arrayOn(memory, buffer, at));
		}
		this.#scratchBytes = bytes;
		this.bytes = bytes + sumOf(schedule.constants);
		const functionOf = kernelFunctions();
		const runnerOf = (step: Step): (() => boolean) => {
			const { kernel, bodies } = step;
			if (bodies !== undefined) {
				const runs = bodies.map((body) => roundsOf(body.steps.map(runnerOf), body, this.#storages));
				if (kernel.kind === "repeat") return repeating(kernel.count, runs[0]!);
				if (kernel.kind === "while") {
					const [holds] = bodies[0]!.outputs;
					return goingOn(kernel.most, runs, () => this.#storages.get(holds!)![0] !== 0);
				}
				const { buffer, offset } = step.reads[0]!;
				return () => runs[this.#storages.get(buffer)![offset]!]?.(0) ?? false;
			}
			const run = functionOf(kernel);
			if (run === null) return () => this.#evaluate(step);
			const all = [...step.reads, ...step.writes];
			// An empty tensor may have other axes of any size, over which no loop may go.
			if (all.every(({ shape }) => sizeOf(shape) === 0)) return () => true;
			const offsets = all.map(({ offset }) => offset);
			return () =>
				run(
					all.map(({ buffer }) => this.#storages.get(buffer)!),
					offsets,
				);
		};
		this.#steps = schedule.steps.map(runnerOf);
	}

	/**
	 * Runs the program. Its results lie in storage of their own. An op's own evaluation may call the
	 * program while it runs: that call is interpreted.
	 */
	run(args: readonly Tensor[]): Tensor[] {
		const { inputs, outputs, results, program } = this.#schedule;
		if (this.#isRunning) return interpret(program, args);
		this.#isRunning = true;
		try {
			for (const [i, buffer] of inputs.entries()) this.#storages.set(buffer, elements(args[i]!));
			for (const buffer of outputs) {
				this.#storages.set(buffer, allocate(buffer.dtype, buffer.size));
			}
			// Where something is wrong the ops' own evaluation throws the error that says what.
			if (!this.#steps.every((step) => step())) return interpret(program, args);
			return results.map((result, i) => this.#resultOf(result, i, args));
		} finally {
			this.#isRunning = false;
			for (const buffer of [...inputs, ...outputs]) this.#storages.delete(buffer);
		}
	}

	/** What runs, and in how much memory. */
	explain(notes: readonly string[]): Explanation {
		const { steps, inputs, outputs, constants } = this.#schedule;
		return explained({
			backend: "javascript",
			steps: steps.map((step) => explainStep(step, () => 1)),
			arenaBytes: this.#scratchBytes + sumOf([...constants, ...inputs, ...outputs]),
			scratchBytes: this.#scratchBytes,
			unsharedBytes: sumOf(lifetimesOf(steps).flatMap(({ buffers }) => buffers)),
			threads: 1,
			fused: false,
			notes: [...notes, ...reasonsIn(steps)],
		});
	}

	#evaluate({ kernel, reads, writes }: Step): boolean {
		const { op, params, type } = (kernel as KernelOf<"evaluation">).instruction;
		const inputs = reads.map((source) => this.#tensorOf(source));
		this.#storages.get(writes[0]!.buffer)!.set(elements(evaluate(op, inputs, params, type)));
		return true;
	}

	#tensorOf({ buffer, shape, strides, offset }: BufferView): Tensor {
		return new Tensor(this.#storages.get(buffer)!, buffer.dtype, shape, strides, offset);
	}

	#resultOf(result: Result, index: number, args: readonly Tensor[]): Tensor {
		if (result.kind === "argument") return args[result.index]!;
		if (result.kind === "constant") return result.tensor;
		const { dtype, shape } = this.#schedule.program.outputs[index]!.type;
		const storage = this.#storages.get(this.#schedule.outputs[result.index]!)!;
		return new Tensor(storage, dtype, shape);
	}
}

function sumOf(buffers: readonly Buffer[]): number {
	return buffers.reduce((sum, buffer) => sum + bytesOf(buffer), 0);
}
