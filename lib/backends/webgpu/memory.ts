import { type BufferChain, BYTES_EACH, chainOf } from "./buffer-chain.ts";

/** Memory of the device that is given and taken as a whole. */
export interface DeviceRegion {
	readonly chain: BufferChain;
	readonly bytes: number;
	/** What has its elements here; null: nobody. */
	holder: RegionHolder | null;
	/** How many calls and reads need it right now. */
	uses: number;
	/** The number of the last call that used it. */
	lastCall: number;
}

/** What has elements in a region. */
export interface RegionHolder {
	/** Null as soon as they are not there any more. */
	region: DeviceRegion | null;
}

/** STORAGE, COPY_SRC and COPY_DST of WebGPU's GPUBufferUsage. */
export const STORAGE = 0x80 | 0x4 | 0x8;

/**
 * For so many calls results that were arguments stay where they are: what is an argument again and
 * again, as parameters are while they are tried, is not made anew.
 */
const CALLS_KEPT = 4;

/**
 * Buffers for arguments and results, up to so many bytes: then the one that was not used for
 * longest gives its place. A finalizer gives back what nobody has any more, but none runs in a loop
 * without `await`, so nothing relies on that.
 */
export class Memory {
	readonly #device: GPUDevice;
	readonly #most: number;
	readonly #later: (job: () => void) => void;
	/** In the order of last use. */
	readonly #regions = new Set<DeviceRegion>();
	readonly #free = new Map<number, DeviceRegion[]>();
	readonly #forgotten = new FinalizationRegistry<DeviceRegion>((region) => this.#forget(region));
	/** Regions by size whose results were arguments: a step that goes on from them is the rule. */
	readonly #passed = new Map<number, Set<DeviceRegion>>();
	#bytes = 0;
	#calls = 0;

	/** @param later does something when all that was begun before is on its way */
	constructor(device: GPUDevice, most: number, later: (job: () => void) => void) {
		this.#device = device;
		this.#most = most;
		this.#later = later;
	}

	/** Another call begins. */
	beginCall(): void {
		this.#calls++;
	}

	/** A region for so many bytes that nothing uses, in use from now on. */
	take(wanted: number): DeviceRegion {
		const bytes = roundedUp(wanted);
		const region =
			this.#freeOne(bytes) ?? this.#passedOn(bytes) ?? this.#replaced(bytes) ?? this.#made(bytes);
		region.uses = 1;
		region.lastCall = this.#calls;
		this.#regions.add(region);
		return region;
	}

	/** Uses a result as an argument; its place is among the first to be given to others later. */
	pass(region: DeviceRegion): void {
		this.use(region);
		const alike = this.#passed.get(region.bytes) ?? new Set();
		alike.delete(region);
		this.#passed.set(region.bytes, alike.add(region));
	}

	/**
	 * Has the elements of `owner` lie in a region, as long as that lives or until the place is
	 * needed. The holder must not lead to the owner, which would never be forgotten then.
	 */
	hold(region: DeviceRegion, holder: RegionHolder, owner: object): void {
		if (region.holder !== null) this.#forgotten.unregister(region.holder);
		region.holder = holder;
		holder.region = region;
		this.#forgotten.register(owner, region, holder);
	}

	/** Counts as used now, and is not given away until `release`. */
	use(region: DeviceRegion): void {
		region.uses++;
		region.lastCall = this.#calls;
		this.#regions.delete(region);
		this.#regions.add(region);
	}

	/** Ends a use. */
	release(region: DeviceRegion): void {
		region.uses--;
		if (region.uses === 0 && region.holder === null) this.#give(region);
	}

	/** Nobody has elements here any more, and the buffers are gone. */
	clear(): void {
		for (const region of this.#regions) {
			if (region.holder !== null) region.holder.region = null;
			region.holder = null;
			for (const buffer of region.chain) buffer.destroy();
		}
		this.#regions.clear();
		this.#free.clear();
		this.#passed.clear();
		this.#bytes = 0;
	}

	/** Nobody asks for its elements any more. */
	#forget(region: DeviceRegion): void {
		if (region.holder !== null) region.holder.region = null;
		region.holder = null;
		if (region.uses === 0) this.#give(region);
	}

	#give(region: DeviceRegion): void {
		if (!this.#regions.delete(region)) return;
		this.#passed.get(region.bytes)?.delete(region);
		const alike = this.#free.get(region.bytes) ?? [];
		alike.push(region);
		this.#free.set(region.bytes, alike);
	}

	#freeOne(bytes: number): DeviceRegion | undefined {
		return this.#free.get(bytes)?.pop();
	}

	/** One whose result was an argument some calls ago, and of none since. */
	#passedOn(bytes: number): DeviceRegion | undefined {
		for (const region of this.#passed.get(bytes) ?? []) {
			if (region.lastCall > this.#calls - CALLS_KEPT) return undefined;
			if (region.uses > 0) continue;
			this.#vacate(region);
			return region;
		}
		return undefined;
	}

	/** One of this size that was not used for longest, where there may be no more. */
	#replaced(bytes: number): DeviceRegion | undefined {
		if (this.#bytes + bytes <= this.#most) return undefined;
		for (const region of this.#regions) {
			if (region.uses > 0 || region.bytes !== bytes) continue;
			this.#vacate(region);
			return region;
		}
		return undefined;
	}

	/** A new one; where there may be no more, others go. */
	#made(bytes: number): DeviceRegion {
		for (const [size, regions] of this.#free) {
			if (this.#bytes + bytes <= this.#most) break;
			for (const region of regions) this.#destroy(region);
			this.#free.delete(size);
		}
		for (const region of this.#regions) {
			if (this.#bytes + bytes <= this.#most) break;
			if (region.uses > 0) continue;
			this.#vacate(region);
			this.#destroy(region);
		}
		const chain = chainOf(this.#device, bytes / BYTES_EACH, STORAGE);
		this.#bytes += bytes;
		return { chain, bytes, holder: null, uses: 0, lastCall: 0 };
	}

	#vacate(region: DeviceRegion): void {
		this.#regions.delete(region);
		this.#passed.get(region.bytes)?.delete(region);
		if (region.holder === null) return;
		this.#forgotten.unregister(region.holder);
		region.holder.region = null;
		region.holder = null;
	}

	/** What was begun before may still need it. */
	#destroy({ chain, bytes }: DeviceRegion): void {
		this.#bytes -= bytes;
		this.#later(() => {
			for (const buffer of chain) buffer.destroy();
		});
	}
}

/** So many bytes that regions of about one size can take each other's place. */
function roundedUp(bytes: number): number {
	const least = Math.max(bytes, 16);
	const step = Math.max(16, 2 ** (Math.ceil(Math.log2(least)) - 3));
	return Math.ceil(least / step) * step;
}
