import type { DType, TypedArray } from "../../core/dtype.ts";
import { DeviceError } from "../../core/error.ts";
import { CommandRecording } from "./commands.ts";
import { forHost } from "./elements.ts";
import { BYTES_EACH } from "./memory.ts";

/** MAP_READ and COPY_DST of GPUBufferUsage, and READ of GPUMapMode. */
const STAGING = 0x1 | 0x8;
const READ = 0x1;

/** Elements of some memory of a device. */
export interface Source {
	readonly buffer: GPUBuffer;
	readonly first: number;
	readonly size: number;
}

/** What was copied to the host, by the number of the source. */
export interface Copied {
	values(i: number, dtype: DType): TypedArray;
	/** The first word, as it is. */
	word(i: number): number;
}

/**
 * Copies elements to the host, in one go, when the device has done all before.
 * @throws DeviceError where the device cannot
 */
export async function copiedOut(device: GPUDevice, sources: readonly Source[]): Promise<Copied> {
	const elements = sources.reduce((sum, { size }) => sum + size, 0);
	const staging = device.createBuffer({ size: BYTES_EACH * Math.max(1, elements), usage: STAGING });
	try {
		const recording = new CommandRecording(device);
		let to = 0;
		const firsts = sources.map(({ buffer, first, size }) => {
			const at = to;
			recording.copy(buffer, staging, { from: first, to, size });
			to += size;
			return at;
		});
		recording.submit();
		await staging.mapAsync(READ).catch((error: unknown) => {
			throw new DeviceError(`webgpu: the elements could not be read: ${String(error)}`);
		});
		const words = staging.getMappedRange().slice(0);
		return {
			values: (i, dtype) => forHost(dtype, words, firsts[i]!, sources[i]!.size),
			word: (i) => new Int32Array(words)[firsts[i]!]!,
		};
	} finally {
		staging.destroy();
	}
}
