import type { DType, TypedArray } from "../../core/dtype.ts";
import { DeviceError } from "../../core/error.ts";
import { type BufferChain, chainOf } from "./buffer-chain.ts";
import { CommandRecording } from "./commands.ts";
import { forHost } from "./elements.ts";

/** MAP_READ and COPY_DST of GPUBufferUsage, and READ of GPUMapMode. */
const STAGING = 0x1 | 0x8;
const READ = 0x1;

/** Elements of some memory of a device. */
export interface Source {
	readonly chain: BufferChain;
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
	const staging = chainOf(device, elements, STAGING);
	try {
		const recording = new CommandRecording(device);
		let to = 0;
		const firsts = sources.map(({ chain, first, size }) => {
			const at = to;
			recording.copy(chain, staging, { from: first, to, size });
			to += size;
			return at;
		});
		recording.submit();
		await Promise.all(staging.map((buffer) => buffer.mapAsync(READ))).catch((error: unknown) => {
			throw new DeviceError(`webgpu: the elements could not be read: ${String(error)}`);
		});
		const words = joined(staging.map((buffer) => buffer.getMappedRange()));
		return {
			values: (i, dtype) => forHost(dtype, words, firsts[i]!, sources[i]!.size),
			word: (i) => new Int32Array(words)[firsts[i]!]!,
		};
	} finally {
		for (const buffer of staging) buffer.destroy();
	}
}

/** A copy of all bytes, one behind the other. */
function joined(parts: readonly ArrayBuffer[]): ArrayBuffer {
	if (parts.length === 1) return parts[0]!.slice(0);
	const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(new Uint8Array(part), at);
		at += part.byteLength;
	}
	return whole.buffer;
}
