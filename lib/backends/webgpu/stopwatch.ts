/** QUERY_RESOLVE and COPY_SRC, MAP_READ and COPY_DST of GPUBufferUsage, and READ of GPUMapMode. */
const RESOLVED = 0x200 | 0x4;
const STAGING = 0x1 | 0x8;
const READ = 0x1;

/** What the device measures by itself: two times in nanoseconds, before and after a pass. */
interface Timestamps {
	readonly queries: GPUQuerySet;
	readonly resolved: GPUBuffer;
	readonly staging: GPUBuffer;
}

/** Measures how long a device takes: by its own clock where it has one, else by the host's. */
export class Stopwatch {
	readonly #device: GPUDevice;
	readonly #timestamps: Timestamps | null;

	constructor(device: GPUDevice) {
		this.#device = device;
		this.#timestamps = device.features.has("timestamp-query")
			? {
					queries: device.createQuerySet({ type: "timestamp", count: 2 }),
					resolved: device.createBuffer({ size: 16, usage: RESOLVED }),
					staging: device.createBuffer({ size: 16, usage: STAGING }),
				}
			: null;
	}

	/** The seconds that a pass takes. */
	async seconds(record: (pass: GPUComputePassEncoder) => void): Promise<number> {
		const encoder = this.#device.createCommandEncoder();
		const times = this.#timestamps;
		const timestampWrites = times && {
			querySet: times.queries,
			beginningOfPassWriteIndex: 0,
			endOfPassWriteIndex: 1,
		};
		const pass = encoder.beginComputePass(timestampWrites ? { timestampWrites } : {});
		record(pass);
		pass.end();
		if (times !== null) {
			encoder.resolveQuerySet(times.queries, 0, 2, times.resolved, 0);
			encoder.copyBufferToBuffer(times.resolved, 0, times.staging, 0, 16);
		}
		const start = performance.now();
		this.#device.queue.submit([encoder.finish()]);
		await this.#device.queue.onSubmittedWorkDone();
		const waited = (performance.now() - start) / 1e3;
		if (times === null) return waited;
		await times.staging.mapAsync(READ);
		const [from, to] = new BigUint64Array(times.staging.getMappedRange().slice(0));
		times.staging.unmap();
		return Number(to! - from!) / 1e9;
	}

	/** Gives its memory back. */
	close(): void {
		this.#timestamps?.queries.destroy();
		this.#timestamps?.resolved.destroy();
		this.#timestamps?.staging.destroy();
	}
}
