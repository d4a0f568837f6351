import type { Tensor } from "../../core/tensor.ts";
import type { Buffer } from "../../schedule/buffers.ts";
import type { KernelSchedule } from "../../schedule/schedule.ts";
import type { LoopBody, Step } from "../../schedule/step.ts";
import type { MemoryPlace } from "./parts/work.ts";
import type { DeviceCommand, Own } from "./plan.ts";
import { scratchOf } from "./scratch.ts";

/**
 * Arguments and results of so few elements are copied: what is bound to shaders is then the same in
 * all calls, and to bind something else takes the host longer.
 */
const SMALL = 256;

/** What is planned of a schedule. */
export type PlannedSteps = Pick<KernelSchedule, "inputs" | "outputs" | "constants" | "steps">;

/** The buffers of a body in one of its rounds, within the steps around it. */
export interface Scope {
	readonly around: Scope | null;
	readonly places: LoopBody["places"];
	readonly round: number;
	/** What is only needed on the way in the body. */
	readonly scratch: ReadonlyMap<Buffer, number>;
}

/** Where the buffers of a schedule lie: in memory that is named by a number, see `Own`. */
export class MemoryMap {
	readonly own: Own[] = [];
	/** Small arguments are copied to a place of their own, and small results from one. */
	readonly before: DeviceCommand[] = [];
	readonly after: DeviceCommand[] = [];
	readonly #given: readonly Buffer[];
	readonly #roots = new Map<Buffer, number>();
	readonly #constants = new Map<Tensor, number>();
	readonly #scratchOf = new Map<LoopBody, ReadonlyMap<Buffer, number>>();
	/** The memory of a kernel between its shaders, and of what is packed for one: all share it. */
	readonly #between = new Map<string, number>();

	constructor({ inputs, outputs, constants, steps }: PlannedSteps) {
		this.#given = [...inputs, ...outputs];
		for (const [i, buffer] of this.#given.entries()) {
			const { size } = buffer;
			if (size === 0 || size > SMALL) {
				this.#roots.set(buffer, i);
				continue;
			}
			const given = { root: i, offset: 0 };
			const own = { root: this.#add({ kind: "scratch", size }), offset: 0 };
			this.#roots.set(buffer, own.root);
			if (i < inputs.length) this.before.push({ kind: "copy", from: given, to: own, size });
			else this.after.push({ kind: "copy", from: own, to: given, size });
		}
		for (const buffer of constants) {
			if (buffer.use.kind === "constant") this.#roots.set(buffer, this.constant(buffer.use.tensor));
		}
		for (const [buffer, root] of this.#scratch(steps)) this.#roots.set(buffer, root);
	}

	/** How many elements some memory has. */
	sizeOf(root: number): number {
		const given = this.#given[root];
		if (given !== undefined) return given.size;
		const own = this.own[root - this.#given.length]!;
		return own.kind === "scratch" ? own.size : own.tensor.size;
	}

	/** Memory that has the elements of a tensor, in row-major order. */
	constant(tensor: Tensor): number {
		const root = this.#constants.get(tensor) ?? this.#add({ kind: "constant", tensor });
		this.#constants.set(tensor, root);
		return root;
	}

	/** Memory for what is needed within a kernel, by its name there. */
	between(name: string, size: number): number {
		const root = this.#between.get(name) ?? this.#add({ kind: "scratch", size });
		this.#between.set(name, root);
		this.grow(root, size);
		return root;
	}

	/** Has memory of its own have so many elements at least. */
	grow(root: number, size: number): void {
		const own = this.own[root - this.#given.length]!;
		if (own.kind === "scratch") own.size = Math.max(own.size, size);
	}

	/** The buffers of a body in one of its rounds. */
	scopeOf(body: LoopBody, around: Scope | null, round: number): Scope {
		const scratch = this.#scratchOf.get(body) ?? this.#scratch(body.steps);
		this.#scratchOf.set(body, scratch);
		return { around, places: body.places, round, scratch };
	}

	/** Where an element of a buffer lies. */
	locate(buffer: Buffer, offset: number, scope: Scope | null): MemoryPlace {
		if (scope === null) {
			const root = this.#roots.get(buffer);
			if (root === undefined) throw new Error("webgpu: a buffer without a place");
			return { root, offset };
		}
		const own = scope.scratch.get(buffer);
		if (own !== undefined) return { root: own, offset };
		const place = scope.places.get(buffer);
		if (place === undefined) return this.locate(buffer, offset, scope.around);
		const start = place.starts[scope.round % place.starts.length]!;
		const by = start.offset + scope.round * place.stride;
		return this.locate(start.buffer, by + offset, scope.around);
	}

	#add(own: Own): number {
		return this.#given.length + this.own.push(own) - 1;
	}

	/** Memory for what steps need on the way. */
	#scratch(steps: readonly Step[]): Map<Buffer, number> {
		const { roomOf, sizes } = scratchOf(steps);
		const made = sizes.map((size) => this.#add({ kind: "scratch", size }));
		return new Map([...roomOf].map(([buffer, room]) => [buffer, made[room]!]));
	}
}
