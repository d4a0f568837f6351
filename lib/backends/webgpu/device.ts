import { DeviceError } from "../../core/error.ts";
import { isRowMajor } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { BYTES_EACH, writeTo } from "./buffer-chain.ts";
import { type DeviceResult, deviceResultOf, givenUp } from "./call.ts";
import { forDevice } from "./elements.ts";
import { type DeviceRegion, Memory, type RegionHolder } from "./memory.ts";
import { Pipelines } from "./pipelines.ts";
import { JobQueue } from "./queue.ts";
import { type Copied, copiedOut, type Source } from "./staging.ts";
import { ViewCopies } from "./views.ts";
import { FailureWords } from "./words.ts";

/** A device as it is asked for, and asked for again where it was lost. */
export type DeviceRequest = () => Promise<GPUDevice>;

/** All that belongs to a device until it is lost. */
interface Live {
	readonly device: GPUDevice;
	readonly pipelines: Pipelines;
	readonly memory: Memory;
	readonly uploads: WeakMap<Tensor, RegionHolder>;
	readonly copies: ViewCopies;
}

/** A device, its memory, and what waits for it. */
export class Device {
	readonly queue = new JobQueue();
	readonly words = new FailureWords();
	readonly #request: DeviceRequest;
	readonly #most: number;
	#live!: Live;
	#error: DeviceError | null = null;
	#isGone = false;
	#asked: DeviceResult[] = [];
	#asking: Promise<void> | null = null;

	/** @param most how many bytes arguments and results may take */
	private constructor(request: DeviceRequest, most: number) {
		this.#request = request;
		this.#most = most;
	}

	/** A device that is ready. */
	static async requested(request: DeviceRequest, most: number): Promise<Device> {
		const device = new Device(request, most);
		await device.renew();
		return device;
	}

	/**
	 * What there is of WebGPU right now.
	 * @throws DeviceError while it is lost, or was closed
	 */
	get live(): Live {
		if (this.#isGone) throw this.#error!;
		return this.#live;
	}

	/** Asks for another device. What is on the host or can be made from it is all there again. */
	async renew(): Promise<void> {
		const before = this.#live as Live | undefined;
		const device = await this.#request();
		before?.memory.clear();
		this.#live = this.#begun(device);
		this.#error = null;
		this.#isGone = false;
		device.addEventListener("uncapturederror", ({ error }) => {
			this.#error ??= new DeviceError(`webgpu: ${error.message}`);
		});
		void device.lost.then(({ message, reason }) => {
			if (device !== this.#live.device || this.#isGone) return;
			this.#isGone = true;
			this.#error = new DeviceError(
				`webgpu: the device was lost (${message || reason}); await gpu.renew() and go on from what is on the host`,
			);
		});
	}

	#begun(device: GPUDevice): Live {
		this.words.begin(device);
		const later = (job: () => void) => this.queue.add(job);
		const live = {
			device,
			memory: new Memory(device, this.#most, later),
			pipelines: new Pipelines(device),
			uploads: new WeakMap<Tensor, RegionHolder>(),
		};
		return { ...live, copies: new ViewCopies(live) };
	}

	/** Gives all up. */
	close(): void {
		this.#isGone = true;
		this.#error = new DeviceError("webgpu: the device was closed; ask for another with webgpu()");
		this.#live.memory.clear();
		this.#live.device.destroy();
	}

	/**
	 * Where the device has a tensor's elements, in row-major order, in use until it is released; they
	 * are on their way if they were not there.
	 */
	regionOf(x: Tensor): DeviceRegion {
		const { memory } = this.live;
		const result = deviceResultOf(x);
		if (result === null || result.host() !== null) return this.#uploaded(x);
		const region = residentRegion(result);
		memory.pass(region);
		if (x.offset === 0 && x.size === result.size && isRowMajor(x.shape, x.strides)) return region;
		try {
			return this.#inOrder(x, region);
		} finally {
			this.queue.add(() => memory.release(region));
		}
	}

	/** Reads a result, together with those that are asked for in the same go. */
	readSoon(result: DeviceResult): Promise<void> {
		this.#asked.push(result);
		this.#asking ??= Promise.resolve().then(() => {
			const asked = this.#asked;
			[this.#asked, this.#asking] = [[], null];
			return this.read(asked);
		});
		// Of several, each has its own error.
		return this.#asking.catch(() => this.read([result]));
	}

	/**
	 * Reads results into themselves, with all the words that tell whether they are right.
	 * @throws what an op throws that made them, or DeviceError
	 */
	async read(wanted: readonly DeviceResult[]): Promise<void> {
		const { memory } = this.live;
		const results = wanted.filter((result) => result.host() === null);
		const regions = results.map((result) => {
			const region = residentRegion(result);
			memory.use(region);
			return region;
		});
		const doubts = [...new Set(results.map(({ doubt }) => doubt))];
		const asked = doubts.filter(({ word }) => word !== null);
		const copied = await this.#copied(
			[
				...regions.map(({ chain }, i) => ({ chain, first: 0, size: results[i]!.size })),
				...asked.map(({ word }) => {
					const { buffer, first } = this.words.placeOf(word!);
					return { chain: [buffer], first, size: 1 };
				}),
			],
			() => {
				for (const region of regions) memory.release(region);
			},
		);
		for (const { error } of doubts) if (error !== null) throw error;
		if (asked.every((_, i) => copied.word(regions.length + i) === 0)) {
			for (const doubt of asked) {
				if (doubt.word !== null) this.words.free(doubt.word);
				doubt.word = null;
			}
			for (const [i, result] of results.entries()) {
				if (result.host() === null) result.give(copied.values(i, result.dtype));
			}
			return;
		}
		for (const result of results) {
			if (result.host() !== null) continue;
			if (result.call === null) throw givenUp();
			await result.call.repeatOnHost();
		}
	}

	#copied(sources: readonly Source[], begun: () => void): Promise<Copied> {
		return this.queue.ask(() => {
			try {
				return this.copyNow(sources);
			} finally {
				begun();
			}
		});
	}

	/**
	 * Copies elements to the host when the device has done what it was given.
	 * @throws DeviceError for what the device has complained about till then
	 */
	async copyNow(sources: readonly Source[]): Promise<Copied> {
		try {
			const copied = await copiedOut(this.live.device, sources);
			if (this.#error !== null) throw this.#takenError();
			return copied;
		} catch (error) {
			throw this.#error ?? error;
		}
	}

	/** What the device complained about, once; nothing that it has computed can be relied on. */
	#takenError(): DeviceError {
		const error = this.#error!;
		if (!this.#isGone) {
			this.#error = null;
			this.#live.memory.clear();
			this.#live = this.#begun(this.#live.device);
		}
		return error;
	}

	#uploaded(x: Tensor): DeviceRegion {
		const { device, memory, uploads } = this.live;
		const known = uploads.get(x)?.region ?? null;
		if (known !== null) {
			memory.use(known);
			return known;
		}
		const values = forDevice(x);
		const region = memory.take(values.byteLength);
		const holder: RegionHolder = { region: null };
		uploads.set(x, holder);
		memory.hold(region, holder, x);
		this.queue.add(() => {
			writeTo(device, region.chain, 0, values);
		});
		return region;
	}

	/** A copy in row-major order of what a view shows. */
	#inOrder(x: Tensor, from: DeviceRegion): DeviceRegion {
		const { live } = this;
		const region = live.memory.take(x.size * BYTES_EACH);
		this.queue.add(() => live.copies.copy(x, from.chain, region.chain));
		return region;
	}
}

/** Where the device has a result, which it computes again if it had to make room. */
function residentRegion(result: DeviceResult): DeviceRegion {
	if (result.place.region === null) {
		if (result.call === null) throw givenUp();
		result.call.repeat();
	}
	return result.place.region!;
}
