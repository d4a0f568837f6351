import type { Tiles } from "../../asm/tile.ts";
import type { TypedArray } from "../../core/dtype.ts";
import { evaluate } from "../../core/op.ts";
import { isRowMajor } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";
import { interpret } from "../../program/interpret.ts";
import { type Buffer, type BufferView, bytesOf } from "../../schedule/buffers.ts";
import type { KernelOf } from "../../schedule/kernel.ts";
import { lifetimesOf } from "../../schedule/lifetimes.ts";
import type { KernelSchedule, Result } from "../../schedule/schedule.ts";
import { allSteps, type Step } from "../../schedule/step.ts";
import { type Explanation, explained, explainStep, reasonsIn } from "../explanation.ts";
import { Arena, type Region } from "./arena.ts";
import { callOf, LazyResult, RepeatableCall } from "./lazy-result.ts";
import { FAILED } from "./math/failure.ts";
import { compiled, workspaceBytes } from "./module.ts";
import { isWorthThreads, nameInMath } from "./stages.ts";
import { startWorkers, type Workers, workerHost } from "./workers.ts";

/** Results up to this many bytes are copied out at once. */
const SMALL = 4096;
/**
 * A result that nobody reads can be computed again, from at most so many calls and bytes of
 * arguments.
 */
const MOST_CALLS = 128;
const MOST_BYTES = 2 ** 25;

/** Where the elements of a tensor are in the arena, as long as the region holds this. */
interface Place {
	readonly region: Region;
}

/** What an engine makes of a byte of a module, and what a worker takes, about. */
const BYTES_OF_CODE = 8;
const BYTES_OF_WORKER = 2 ** 23;

/** A schedule with its arena, ready to run. */
export class Instance {
	readonly #schedule: KernelSchedule;
	readonly #arena: Arena;
	/** Those of arguments; results know theirs, since it takes long to put them into a map. */
	readonly #places = new WeakMap<Tensor, Place>();
	/** The elements of each buffer in the run that goes on. */
	readonly #storages = new Map<Buffer, TypedArray>();
	readonly #stages: readonly (() => void)[];
	readonly #threadsOf: (step: Step) => number;
	readonly #fuses: boolean;
	readonly #failed: Int32Array;
	readonly #workers: Workers | null;
	#runs = 0;
	#isRunning = false;
	/** The memory that it holds, about. */
	readonly bytes: number;

	/** @param wanted how many threads run the program, where there are such */
	constructor(schedule: KernelSchedule, tiles: Tiles, wanted: number) {
		this.#schedule = schedule;
		// Engines are slower at memory that is shared.
		const threads = isWorthThreads(schedule.steps) ? wanted : 1;
		this.#fuses = tiles.fused;
		this.#arena = new Arena(schedule, workspaceBytes(schedule, tiles, threads), threads);
		const { locations, memory } = this.#arena;
		this.#failed = new Int32Array(memory.buffer, FAILED, 1);
		for (const [buffer, address] of locations.addresses) {
			this.#storages.set(buffer, this.#arena.view(buffer, address));
		}
		const made = compiled(schedule, this.#arena, threads, tiles);
		const { bytes, stages, shared } = made;
		const calls = [...made.called].map(([name, step]) => {
			return [name, () => this.#evaluateInside(step)] as const;
		});
		const imports = { ...made.imports, ...Object.fromEntries(calls) };
		const module = new WebAssembly.Module(bytes);
		const { exports } = new WebAssembly.Instance(module, { env: { memory, ...imports } });
		const workers = shared.size === 0 ? 0 : threads - 1;
		this.bytes =
			memory.buffer.byteLength + BYTES_OF_CODE * bytes.length + BYTES_OF_WORKER * workers;
		const host = shared.size === 0 ? null : workerHost();
		const names = Object.entries(imports).map(([name, f]) => [name, nameInMath(f)] as const);
		this.#workers =
			host === null ? null : startWorkers(this, workers, host, { module, memory, names });
		this.#threadsOf = (step) => (shared.has(step) ? 1 + (this.#workers?.count() ?? 0) : 1);
		this.#stages = stages.map((stage) => {
			if ("evaluation" in stage) return () => this.#evaluate(stage.evaluation);
			return exports[stage.export] as () => void;
		});
	}

	/**
	 * Runs the program. Arguments that are in the arena are not copied, and large results stay there
	 * until somebody reads them. An op's own evaluation may ask for a run inside of one, whose
	 * elements are in the arena: it calls the program, or reads a result that has to be computed
	 * again. That run is interpreted.
	 */
	run(args: readonly Tensor[]): Tensor[] {
		if (this.#isRunning) return interpret(this.#schedule.program, args);
		for (const x of args) if (this.#regionOf(x) === null || isFar(x)) settle(x);
		this.#isRunning = true;
		try {
			return this.#runInArena(args);
		} finally {
			this.#isRunning = false;
		}
	}

	#runInArena(args: readonly Tensor[]): Tensor[] {
		const { inputs, outputs, results } = this.#schedule;
		const run = ++this.#runs;
		for (const x of args) {
			const region = this.#regionOf(x);
			if (region !== null) region.run = run;
		}
		let copied = 0;
		for (const [i, buffer] of inputs.entries()) copied += this.#enter(args[i]!, buffer, run);
		const regions = outputs.map((buffer) => this.#arena.claim(buffer, run));
		for (const [i, region] of regions.entries()) this.#put(outputs[i]!, region);
		for (const stage of this.#stages) {
			stage();
			if (this.#failed[0] !== 0) return this.#interpreted(args);
		}
		const call = new RepeatableCall((again) => this.#repeat(again), args, copied);
		const computed = regions.map((region) => this.#resultIn(region, call));
		return results.map((result, i) => this.#handOut(result, i, args, computed, call));
	}

	/**
	 * What the program gives by the ops' own evaluation, which says what is wrong where the module
	 * only knows that something is.
	 */
	#interpreted(args: readonly Tensor[]): Tensor[] {
		this.#failed[0] = 0;
		return interpret(this.#schedule.program, args);
	}

	/** What runs where. */
	explain(notes: readonly string[]): Explanation {
		const { steps } = this.#schedule;
		const threads = allSteps(steps).map(this.#threadsOf);
		const scratch = lifetimesOf(steps).flatMap(({ buffers }) => buffers.map(bytesOf));
		return explained({
			backend: "wasm",
			steps: steps.map((step) => explainStep(step, this.#threadsOf)),
			arenaBytes: this.#arena.bytes,
			scratchBytes: this.#arena.scratchBytes,
			unsharedBytes: scratch.reduce((sum, bytes) => sum + bytes, 0),
			threads: Math.max(1, ...threads),
			fused: this.#fuses && allSteps(steps).some(isProduct),
			notes: [...notes, ...(this.#workers?.notes() ?? []), ...reasonsIn(steps)],
		});
	}

	/**
	 * Runs again what has run before, for values that have been overwritten; those that are not yet
	 * read are saved from that.
	 */
	#repeat(args: readonly Tensor[]): Tensor[] {
		for (const { holds } of this.#arena.regions) if (holds instanceof LazyResult) holds.host();
		return this.run(args);
	}

	#regionOf(x: Tensor): Region | null {
		const { storage } = x;
		if (storage instanceof LazyResult && storage.mark === this.#arena.mark) {
			const region = this.#arena.regions[storage.index]!;
			if (region.holds === storage && isWhole(x, region)) return region;
		}
		const place = this.#places.get(x);
		return place !== undefined && place.region.holds === place ? place.region : null;
	}

	/**
	 * Sees to it that the elements of an argument are in the arena; returns how many bytes were
	 * copied there.
	 */
	#enter(x: Tensor, buffer: Buffer, run: number): number {
		const there = this.#regionOf(x);
		const region = there ?? this.#arena.claim(buffer, run);
		this.#put(buffer, region);
		if (there !== null) return 0;
		region.storage.set(elements(x));
		const place: Place = { region };
		region.holds = place;
		this.#places.set(x, place);
		return bytesOf(buffer);
	}

	/** Has an argument or a result lie in a region during this run. */
	#put(buffer: Buffer, region: Region): void {
		this.#storages.set(buffer, region.storage);
		this.#arena.place(buffer, region);
	}

	#evaluate({ kernel, reads, writes }: Step): void {
		const { op, params, type } = (kernel as KernelOf<"evaluation">).instruction;
		const inputs = reads.map((source) => this.#tensorOf(source));
		this.#storageOf(writes[0]!.buffer).set(elements(evaluate(op, inputs, params, type)));
	}

	/** The same in a loop or a branch; where something is wrong already, values may be anything. */
	#evaluateInside(step: Step): void {
		if (this.#failed[0] === 0) this.#evaluate(step);
	}

	#tensorOf({ buffer, shape, strides, offset }: BufferView): Tensor {
		return new Tensor(this.#storageOf(buffer), buffer.dtype, shape, strides, offset);
	}

	/** The elements of a buffer; those inside of a loop or a branch are now here and now there. */
	#storageOf(buffer: Buffer): TypedArray {
		const known = this.#storages.get(buffer);
		if (known !== undefined) return known;
		const startOf = (around: Buffer) => this.#storages.get(around)!.byteOffset;
		return this.#arena.view(buffer, this.#arena.addressInside(buffer, startOf));
	}

	/** The result that a region holds from now on. */
	#resultIn(region: Region, call: RepeatableCall): LazyResult {
		const result = new LazyResult(this.#arena.mark, region, call);
		region.holds = result;
		if (result.byteLength <= SMALL) result.host();
		return result;
	}

	#handOut(
		result: Result,
		index: number,
		args: readonly Tensor[],
		computed: readonly LazyResult[],
		call: RepeatableCall,
	): Tensor {
		if (result.kind === "argument") return args[result.index]!;
		if (result.kind === "constant") return result.tensor;
		const storage = computed[result.index]!;
		call.results[index] = storage;
		const { type } = this.#schedule.program.outputs[index]!;
		return new Tensor(storage, type.dtype, type.shape);
	}
}

/** Whether a tensor has all elements of a region in their order. */
function isWhole({ offset, size, shape, strides }: Tensor, { storage }: Region): boolean {
	return offset === 0 && size === storage.length && isRowMajor(shape, strides);
}

/** Whether the step adds products up. */
function isProduct({ kernel }: Step): boolean {
	return kernel.kind === "product" || kernel.kind === "convolution";
}

/** Whether computing the tensor again would take too long a chain of calls. */
function isFar(x: Tensor): boolean {
	const call = callOf(x);
	return call !== null && (call.depth >= MOST_CALLS || call.bytes >= MOST_BYTES);
}

/** Has the values of a tensor copied out, or computed again, if they are not there. */
function settle(x: Tensor): void {
	void x.array;
}
