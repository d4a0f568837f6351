import type { TypedArray } from "../../core/dtype.ts";
import { DeviceError } from "../../core/error.ts";
import { isRowMajor, rowMajorStrides, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { CodedKernel } from "../../schedule/kernel.ts";
import { callsBefore, type DeviceCall } from "./call.ts";
import { Recording } from "./commands.ts";
import { forDevice, forHost } from "./elements.ts";
import { shadersOf } from "./kernels.ts";
import { Memory, type Region, type RegionHolder } from "./memory.ts";
import { Pipelines } from "./pipelines.ts";
import { BYTES_EACH } from "./plan.ts";
import { JobQueue } from "./queue.ts";
import { type DeviceResult, givenUp, resultOf } from "./result.ts";
import { gridOf } from "./shader.ts";
import { Words } from "./words.ts";

/** MAP_READ and COPY_DST of GPUBufferUsage, READ of GPUMapMode, UNIFORM and COPY_DST. */
const STAGING = 0x1 | 0x8;
const READ = 0x1;
export const UNIFORM = 0x40 | 0x8;

/** Where operands begin takes a multiple of so many bytes of a uniform buffer. */
export const PLACES_BYTES = 256;

/** A device as it is asked for, and asked for again where it was lost. */
export type DeviceRequest = () => Promise<GPUDevice>;

/** All that belongs to a device until it is lost. */
interface Live {
	readonly device: GPUDevice;
	readonly pipelines: Pipelines;
	readonly memory: Memory;
	readonly words: Words;
	readonly uploads: WeakMap<Tensor, RegionHolder>;
}

/** A device, its memory, and what waits for it. */
export class Device {
	readonly queue = new JobQueue();
	readonly #request: DeviceRequest;
	readonly #most: number;
	#live!: Live;
	#error: DeviceError | null = null;
	#isGone = false;
	#waiting = 0;
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

	/** Bytes of arguments, results and what is being read. */
	get bytes(): number {
		return this.#live.memory.bytes + this.#waiting;
	}

	/** Whether so much is being read that no more should be. */
	get isBusyReading(): boolean {
		return this.#waiting > this.#most;
	}

	/** Asks for another device. What is on the host or can be made from it is all there again. */
	async renew(): Promise<void> {
		const before = this.#live as Live | undefined;
		const device = await this.#request();
		const later = (job: () => void) => this.queue.add(job);
		const memory = new Memory(device, this.#most, later);
		const live = {
			device,
			memory,
			pipelines: new Pipelines(device),
			words: new Words(device),
			uploads: new WeakMap(),
		};
		before?.memory.clear();
		this.#live = live;
		this.#error = null;
		this.#isGone = false;
		device.addEventListener("uncapturederror", ({ error }) => {
			this.#error ??= new DeviceError(`webgpu: ${error.message}`);
		});
		void device.lost.then(({ message, reason }) => {
			if (live !== this.#live || this.#isGone) return;
			this.#isGone = true;
			this.#error = new DeviceError(
				`webgpu: the device was lost (${message || reason}); await gpu.renew() and go on from what is on the host`,
			);
		});
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
	regionOf(x: Tensor): Region {
		const { memory } = this.live;
		const result = resultOf(x);
		if (result === null || result.host() !== null) return this.#uploaded(x);
		if (result.place.region === null) {
			if (result.call === null) throw givenUp();
			result.call.repeat();
		}
		const region = result.place.region!;
		memory.use(region);
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
		const { memory, words } = this.live;
		const results = wanted.filter((result) => result.host() === null);
		const regions = results.map((result) => {
			if (result.place.region === null) {
				if (result.call === null) throw givenUp();
				result.call.repeat();
			}
			const region = result.place.region!;
			memory.use(region);
			return region;
		});
		const calls = callsUpTo(results);
		const doubtful = calls.filter(({ word }) => word !== null);
		const numbers = doubtful.map(({ word }) => word!);
		const copied = await this.#copied(
			[
				...regions.map(({ buffer }, i) => ({ buffer, first: 0, size: results[i]!.size })),
				...numbers.map((word) => ({ ...words.placeOf(word), size: 1 })),
			],
			() => {
				for (const region of regions) memory.release(region);
			},
		);
		const wrong = calls.find(({ error }) => error !== null);
		if (wrong !== undefined) throw wrong.error;
		const right = numbers.every((_, i) => copied.word(regions.length + i) === 0);
		if (right) {
			for (const call of doubtful) words.free(call);
			for (const [i, result] of results.entries()) {
				if (result.host() === null) result.give(copied.values(i, result.dtype));
			}
			return;
		}
		// The ancestors' own words tell which went wrong when their results are read.
		for (const result of results) if (result.host() === null) await result.call!.repeatOnHost();
	}

	/** The first elements of some memory, when all before is done. */
	async elementsAt(
		dtype: Tensor["dtype"],
		buffer: GPUBuffer,
		first: number,
		size: number,
	): Promise<TypedArray> {
		const copied = await this.#copyNow([{ buffer, first, size }]);
		return copied.values(0, dtype);
	}

	#copied(sources: readonly Source[], begun: () => void): Promise<Copied> {
		return this.queue.ask(() => {
			try {
				return this.#copyNow(sources);
			} finally {
				begun();
			}
		});
	}

	async #copyNow(sources: readonly Source[]): Promise<Copied> {
		const { device } = this.live;
		const sizes = sources.map(({ size }) => size);
		const bytes = Math.max(BYTES_EACH, BYTES_EACH * sizes.reduce((sum, size) => sum + size, 0));
		const staging = device.createBuffer({ size: bytes, usage: STAGING });
		this.#waiting += bytes;
		try {
			const recording = new Recording(device);
			let to = 0;
			const firsts = sources.map(({ buffer, first, size }) => {
				const at = to;
				recording.copy(buffer, staging, { from: first, to, size });
				to += size;
				return at;
			});
			recording.submit();
			await staging.mapAsync(READ).catch((error: unknown) => {
				throw this.#error ?? new DeviceError(`webgpu: ${String(error)}`);
			});
			if (this.#error !== null) throw this.#takenError();
			const words = staging.getMappedRange().slice(0);
			return {
				values: (i, dtype) => forHost(dtype, words, firsts[i]!, sizes[i]!),
				word: (i) => new Int32Array(words)[firsts[i]!]!,
			};
		} finally {
			this.#waiting -= bytes;
			staging.destroy();
		}
	}

	/** What the device complained about, once; nothing that it has computed can be relied on. */
	#takenError(): DeviceError {
		const error = this.#error!;
		if (!this.#isGone) {
			this.#error = null;
			this.#live.memory.clear();
		}
		return error;
	}

	#uploaded(x: Tensor): Region {
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
			if (values.length > 0)
				device.queue.writeBuffer(region.buffer, 0, values as Float32Array<ArrayBuffer>);
		});
		return region;
	}

	/** A copy in row-major order of what a view shows. */
	#inOrder({ shape, strides, offset, dtype }: Tensor, from: Region): Region {
		const { device, memory, pipelines } = this.live;
		const region = memory.take(sizeOf(shape) * BYTES_EACH);
		if (sizeOf(shape) === 0) return region;
		const held = strides.map((stride, i) => (shape[i] === 1 ? 0 : stride));
		const kernel: CodedKernel = {
			kind: "loop",
			loop: {
				shape,
				inputs: [{ dtype, strides: held }],
				outputs: [{ dtype, strides: rowMajorStrides(shape), value: { kind: "input", index: 0 } }],
			},
		};
		const operands = [0, 1].map((slot) => ({ dtype, slot, aligned: false }));
		const { shaders } = shadersOf(kernel, operands);
		this.queue.add(() => {
			const recording = new Recording(device);
			const places = device.createBuffer({ size: PLACES_BYTES, usage: UNIFORM });
			device.queue.writeBuffer(places, 0, Int32Array.of(offset, 0));
			for (const shader of shaders) {
				const { pipeline, layout } = pipelines.of(shader);
				const buffers = shader.bindings.map(({ slot }) => [from, region][slot]!.buffer);
				const group = device.createBindGroup({
					layout,
					entries: [
						{ binding: 0, resource: { buffer: places, size: PLACES_BYTES } },
						...buffers.map((buffer, i) => ({ binding: i + 1, resource: { buffer } })),
					],
				});
				recording.dispatch({ pipeline, group }, 0, gridOf(shader.workgroups));
			}
			recording.submit();
			places.destroy();
		});
		return region;
	}
}

/** Elements of some memory. */
interface Source {
	readonly buffer: GPUBuffer;
	readonly first: number;
	readonly size: number;
}

/** What was copied to the host, by the number of the source. */
interface Copied {
	values(i: number, dtype: Tensor["dtype"]): TypedArray;
	word(i: number): number;
}

/** The calls on which these results rest, and that still may matter. */
function callsUpTo(results: readonly DeviceResult[]): DeviceCall[] {
	const seen = new Set<DeviceCall>();
	const visit = (call: DeviceCall | null): void => {
		if (call === null || seen.has(call)) return;
		seen.add(call);
		callsBefore(call.args).forEach(visit);
	};
	for (const { call } of results) visit(call);
	return [...seen];
}
