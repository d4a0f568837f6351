import type { Bound } from "./commands.ts";
import type { Device } from "./device.ts";
import { forDevice } from "./elements.ts";
import { BYTES_EACH, STORAGE } from "./memory.ts";
import { PLACES_BYTES, UNIFORM } from "./pipelines.ts";
import type { Plan } from "./plan.ts";

/** So many bind groups are kept for a site: arguments and results lie now here and now there. */
const MOST_GROUPS = 16;

/** A bind group and the buffers that it is of. */
interface Variant {
	readonly buffers: readonly GPUBuffer[];
	readonly bound: Bound;
}

/** What a plan has on a device: its own memory, pipelines and bind groups. */
export class Resources {
	readonly live: Device["live"];
	/** The word in which shaders tell that something is wrong. */
	readonly failed: GPUBuffer;
	/** The bytes between two lists of places. */
	readonly placesStep: number;
	readonly plan: Plan;
	readonly #own: readonly GPUBuffer[];
	readonly #places: GPUBuffer;
	readonly #variants: readonly Variant[][];

	constructor(plan: Plan, live: Device["live"]) {
		const { device, pipelines } = live;
		this.live = live;
		this.plan = plan;
		this.#own = plan.own.map((own) => {
			if (own.kind === "scratch") {
				return device.createBuffer({ size: bytesFor(own.size), usage: STORAGE });
			}
			const values = forDevice(own.tensor);
			const buffer = device.createBuffer({ size: bytesFor(values.length), usage: STORAGE });
			device.queue.writeBuffer(buffer, 0, values);
			return buffer;
		});
		const longest = Math.max(1, ...plan.places.map(({ length }) => length));
		this.placesStep = Math.ceil((BYTES_EACH * longest) / PLACES_BYTES) * PLACES_BYTES;
		const size = this.placesStep * Math.max(1, plan.places.length);
		this.#places = device.createBuffer({ size, usage: UNIFORM });
		const places = new Int32Array(size / BYTES_EACH);
		for (const [i, starts] of plan.places.entries()) {
			places.set(starts, (i * this.placesStep) / BYTES_EACH);
		}
		device.queue.writeBuffer(this.#places, 0, places);
		this.failed = device.createBuffer({ size: 16, usage: STORAGE });
		// Compiled before the first call is recorded.
		for (const { shader } of plan.sites) pipelines.of(shader);
		this.#variants = plan.sites.map(() => []);
	}

	/** The memory behind each root, for arguments and results in these buffers. */
	buffers(given: readonly GPUBuffer[]): readonly GPUBuffer[] {
		return [...given, ...this.#own];
	}

	/** A site bound to these buffers. */
	bound(site: number, all: readonly GPUBuffer[]): Bound {
		const { bindings, shader } = this.plan.sites[site]!;
		const variants = this.#variants[site]!;
		for (const variant of variants) {
			if (bindings.every(({ root }, i) => variant.buffers[i] === all[root])) return variant.bound;
		}
		const buffers = bindings.map(({ root }) => all[root]!);
		const parts = bindings.map(({ first, size }, i) => {
			return { buffer: buffers[i]!, offset: first * BYTES_EACH, size: size * BYTES_EACH };
		});
		const resources = shader.canFail ? [...parts, { buffer: this.failed }] : parts;
		const places = { places: this.#places, size: this.placesStep };
		const bound = this.live.pipelines.bound(shader, places, resources);
		variants.unshift({ buffers, bound });
		variants.length = Math.min(variants.length, MOST_GROUPS);
		return bound;
	}
}

function bytesFor(size: number): number {
	return Math.max(1, Math.ceil(size / 4)) * 4 * BYTES_EACH;
}
