import { type BufferChain, BYTES_EACH, chainOf, writeTo } from "./buffer-chain.ts";
import type { Bound, CommandRecording } from "./commands.ts";
import { forDevice } from "./elements.ts";
import { STORAGE } from "./memory.ts";
import { type Pipelines, PLACES_BYTES, UNIFORM } from "./pipelines.ts";
import type { DeviceCommand, Plan } from "./plan.ts";

/** So many bind groups are kept for a site: arguments and results lie now here and now there. */
const MOST_GROUPS = 16;

/** A device, and what is compiled for it. */
export interface OnDevice {
	readonly device: GPUDevice;
	readonly pipelines: Pipelines;
}

/** A bind group and the buffers that it is of. */
interface Variant {
	readonly buffers: readonly GPUBuffer[];
	readonly bound: Bound;
}

/** What a plan has on a device: its own memory, pipelines and bind groups. */
export class Resources {
	readonly live: OnDevice;
	/** The word in which shaders tell that something is wrong. */
	readonly failed: GPUBuffer;
	/** The bytes between two lists of places. */
	readonly #placesStep: number;
	readonly plan: Plan;
	readonly #own: readonly BufferChain[];
	readonly #places: GPUBuffer;
	readonly #variants: readonly Variant[][];

	constructor(plan: Plan, live: OnDevice) {
		const { device, pipelines } = live;
		this.live = live;
		this.plan = plan;
		this.#own = plan.own.map((own) => {
			if (own.kind === "scratch") return chainOf(device, own.size, STORAGE);
			const values = forDevice(own.tensor);
			const chain = chainOf(device, values.length, STORAGE);
			writeTo(device, chain, 0, values);
			return chain;
		});
		const longest = Math.max(1, ...plan.places.map(({ length }) => length));
		this.#placesStep = Math.ceil((BYTES_EACH * longest) / PLACES_BYTES) * PLACES_BYTES;
		const size = this.#placesStep * Math.max(1, plan.places.length);
		this.#places = device.createBuffer({ size, usage: UNIFORM });
		const places = new Int32Array(size / BYTES_EACH);
		for (const [i, starts] of plan.places.entries()) {
			places.set(starts, (i * this.#placesStep) / BYTES_EACH);
		}
		device.queue.writeBuffer(this.#places, 0, places);
		this.failed = device.createBuffer({ size: 16, usage: STORAGE });
		// Compiled before the first call is recorded.
		for (const { shader } of plan.sites) pipelines.of(shader);
		this.#variants = plan.sites.map(() => []);
	}

	/** The memory behind each root, for arguments and results that lie there. */
	chains(given: readonly BufferChain[]): readonly BufferChain[] {
		return [...given, ...this.#own];
	}

	/** Records commands for this memory. */
	record(
		commands: readonly DeviceCommand[],
		all: readonly BufferChain[],
		recording: CommandRecording,
	): void {
		for (const command of commands) {
			if (command.kind === "dispatch") {
				const bound = this.#bound(command.site, all);
				recording.dispatch(bound, [command.places * this.#placesStep], command.grid);
			} else {
				const { from, to, size } = command;
				recording.copy(all[from.root]!, all[to.root]!, { from: from.offset, to: to.offset, size });
			}
		}
	}

	/** A site bound to this memory. */
	#bound(site: number, all: readonly BufferChain[]): Bound {
		const { bindings, shader } = this.plan.sites[site]!;
		const variants = this.#variants[site]!;
		for (const variant of variants) {
			const isBound = bindings.every(({ root, piece }, i) => {
				return variant.buffers[i] === all[root]![piece];
			});
			if (isBound) return variant.bound;
		}
		const buffers = bindings.map(({ root, piece }) => all[root]![piece]!);
		const parts = bindings.map(({ first, size }, i) => {
			return { buffer: buffers[i]!, offset: first * BYTES_EACH, size: size * BYTES_EACH };
		});
		const resources = shader.canFail ? [...parts, { buffer: this.failed }] : parts;
		const places = { places: this.#places, size: this.#placesStep };
		const bound = this.live.pipelines.bound(shader, places, resources);
		variants.unshift({ buffers, bound });
		variants.length = Math.min(variants.length, MOST_GROUPS);
		return bound;
	}
}
