import type { TypedArray } from "../../core/dtype.ts";
import { BYTES } from "../../core/dtype.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import { bodiesOf, type Program, type Value } from "../../program/program.ts";
import { arrayOn, type Buffer, bytesOf } from "../../schedule/buffers.ts";
import { lifetimesOf } from "../../schedule/lifetimes.ts";
import { aligned, planMemory } from "../../schedule/memory.ts";
import type { KernelSchedule } from "../../schedule/schedule.ts";
import { allSteps, isAtRest } from "../../schedule/step.ts";
import type { Locations } from "./locations.ts";
import { CONTROL } from "./work-queue.ts";

const PAGE = 65536;
/** Code compares addresses as signed numbers. */
const LARGEST = 2 ** 31 - PAGE;
/** Vectors may be read a little beyond the end of a buffer. */
const MARGIN = 64;

/** Says that a program needs more memory than there is. */
export class MemoryLimit extends Error {}

/**
 * A stretch of the arena for an argument or a result of some type. Whose elements it holds changes
 * from run to run.
 */
export interface Region {
	/** Which of the arena it is. */
	readonly index: number;
	/** In bytes. */
	readonly address: number;
	readonly storage: TypedArray;
	/** The last run that used it. */
	run: number;
	/** What has its elements here: a result, or what stands for an argument. */
	holds: object | null;
}

/** The regions for tensors of one type, as many as there are arguments and results of it. */
interface Pool {
	readonly regions: Region[];
	/** The region that is claimed next, unless this run uses it. */
	next: number;
}

/**
 * The memory in which a schedule runs: constants, what is needed on the way, and regions for
 * arguments and results.
 */
export class Arena {
	readonly memory: WebAssembly.Memory;
	readonly bytes: number;
	/** Those of what is needed on the way. */
	readonly scratchBytes: number;
	readonly locations: Locations;
	readonly pages: number;
	/** The addresses of arguments and results, which the module reads. */
	readonly table: Int32Array;
	readonly regions: readonly Region[];
	/** Stands for the arena where it must not be kept alive. */
	readonly mark = {};
	readonly #pools = new Map<string, Pool>();
	readonly #poolOf = new Map<Buffer, Pool>();

	/**
	 * @param workspaceBytes what products and convolutions need in each thread
	 * @throws MemoryLimit where there is not so much memory
	 */
	constructor(schedule: KernelSchedule, workspaceBytes: number, threads: number) {
		const values = valuesIn(schedule.program);
		if (values.some(({ type }) => isEndless(type.shape))) {
			throw new MemoryLimit("an empty tensor with axes of more than 2 GB");
		}
		const addresses = new Map<Buffer, number>();
		const table = CONTROL;
		const count = schedule.inputs.length + schedule.outputs.length;
		const places = new Map(
			allSteps(schedule.steps).flatMap(({ bodies = [] }) => bodies.flatMap((x) => [...x.places])),
		);
		const moving = [...places].filter(([, place]) => !isAtRest(place));
		const slots = new Map(moving.map(([buffer], i) => [buffer, table + 4 * (count + i)]));
		const workspace = aligned(table + 4 * (count + slots.size));
		const ownBytes = aligned(workspaceBytes);
		let end = workspace + threads * ownBytes;
		const append = (buffer: Buffer): number => {
			const address = end;
			end += aligned(bytesOf(buffer));
			return address;
		};
		for (const buffer of schedule.constants) addresses.set(buffer, append(buffer));
		const scratch = planMemory(lifetimesOf(schedule.steps));
		for (const [buffer, offset] of scratch.offsets) addresses.set(buffer, end + offset);
		end += scratch.bytes;
		this.scratchBytes = scratch.bytes;
		// As many regions as there are arguments and results: results never lie where an argument of
		// the same run does.
		const regions = [...schedule.inputs, ...schedule.outputs].map(
			(buffer) => [buffer, append(buffer)] as const,
		);
		this.bytes = end + MARGIN;
		if (this.bytes > LARGEST) throw new MemoryLimit("an arena of more than 2 GB");
		this.pages = Math.ceil(this.bytes / PAGE);
		this.memory = memoryOf(this.pages, threads > 1);
		const inputs = schedule.inputs.length;
		this.locations = {
			table,
			inputs,
			workspace,
			workspaceBytes: ownBytes,
			addresses,
			places,
			slots,
		};
		this.table = new Int32Array(this.memory.buffer, table, count);
		for (const buffer of schedule.constants) {
			if (buffer.use.kind !== "constant") continue;
			this.view(buffer, addresses.get(buffer)!).set(elements(buffer.use.tensor));
		}
		this.regions = regions.map(([buffer, address], index) => {
			const storage = this.view(buffer, address);
			const region = { index, address, storage, run: 0, holds: null };
			const type = `${buffer.dtype} ${buffer.size}`;
			const pool = this.#pools.get(type) ?? { regions: [], next: 0 };
			pool.regions.push(region);
			this.#pools.set(type, pool);
			this.#poolOf.set(buffer, pool);
			return region;
		});
	}

	/** The elements of a buffer that begins at an address, as a typed array on the memory. */
	view(buffer: Buffer, address: number): TypedArray {
		return arrayOn(this.memory.buffer, buffer, address);
	}

	/**
	 * Where a buffer of a loop's body or of a branch begins at this moment.
	 * @param startOf the same for a buffer of the whole program
	 */
	addressInside(buffer: Buffer, startOf: (buffer: Buffer) => number): number {
		const { slots, places } = this.locations;
		const slot = slots.get(buffer);
		if (slot !== undefined) return new Int32Array(this.memory.buffer, slot, 1)[0]!;
		const place = places.get(buffer);
		if (place === undefined) return startOf(buffer);
		const [{ buffer: around, offset }] = place.starts;
		return this.addressInside(around, startOf) + offset * BYTES[around.dtype];
	}

	/**
	 * A region for a buffer that this run has not used: the one claimed longest ago. A run goes
	 * around each pool at most once, so it looks at each region once, however many there are.
	 */
	claim(buffer: Buffer, run: number): Region {
		const pool = this.#poolOf.get(buffer)!;
		const { regions } = pool;
		while (regions[pool.next]!.run === run) pool.next = (pool.next + 1) % regions.length;
		const region = regions[pool.next]!;
		pool.next = (pool.next + 1) % regions.length;
		region.run = run;
		region.holds = null;
		return region;
	}

	/** Tells the module in which region an argument or a result lies. */
	place({ use }: Buffer, { address }: Region): void {
		const { inputs } = this.locations;
		if (use.kind === "input") this.table[use.index] = address;
		if (use.kind === "output") this.table[inputs + use.index] = address;
	}
}

/** The values of a program, and of those inside of it. */
function valuesIn({ inputs, instructions }: Program): Value[] {
	const inside = instructions.flatMap(({ op }) => bodiesOf(op).flatMap(valuesIn));
	return [...inputs, ...instructions.flatMap((value) => [value, ...value.inputs]), ...inside];
}

/** Whether an empty tensor has strides that code cannot count with: those of its other axes. */
function isEndless(shape: Shape): boolean {
	const others = shape.filter((size) => size > 0);
	return others.length < shape.length && sizeOf(others) * BYTES.float64 > LARGEST;
}

function memoryOf(pages: number, shared: boolean): WebAssembly.Memory {
	try {
		return new WebAssembly.Memory({ initial: pages, ...(shared && { maximum: pages, shared }) });
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw new MemoryLimit(error.message);
	}
}
