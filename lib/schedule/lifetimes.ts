import { type Buffer, type BufferView, bytesOf } from "./buffers.ts";
import type { Lifetime } from "./memory.ts";
import type { Step } from "./step.ts";

/**
 * For the buffers that are only needed on the way, the steps during which they are; some take the
 * place of one that has been read.
 */
export function lifetimesOf(steps: readonly Step[]): Lifetime[] {
	const lastRead = new Map<Buffer, number>();
	for (const [at, { reads }] of steps.entries()) {
		for (const { buffer } of reads) lastRead.set(buffer, at);
	}
	const lifetimes = new Map<Buffer, { buffers: Buffer[]; from: number; to: number }>();
	for (const [at, step] of steps.entries()) {
		for (const { buffer } of step.reads) {
			const lifetime = lifetimes.get(buffer);
			if (lifetime !== undefined) lifetime.to = at;
			// What is empty may have been written by no step, as the results of a loop of none.
			else if (buffer.size === 0 && buffer.use.kind === "scratch") {
				lifetimes.set(buffer, { buffers: [buffer], from: at, to: at });
			}
		}
		const free = step.reads.filter(({ buffer }) => lastRead.get(buffer) === at);
		for (const write of step.writes) {
			if (write.buffer.use.kind !== "scratch") continue;
			// Several steps may write parts of a buffer.
			const begun = lifetimes.get(write.buffer);
			if (begun !== undefined) {
				begun.to = at;
				continue;
			}
			const place = free.find(
				(read) => lifetimes.has(read.buffer) && canReplace(step, write, read),
			);
			const lifetime = place && lifetimes.get(place.buffer);
			if (lifetime === undefined) {
				lifetimes.set(write.buffer, { buffers: [write.buffer], from: at, to: at });
			} else {
				free.splice(0, free.length, ...free.filter(({ buffer }) => buffer !== place!.buffer));
				lifetime.buffers.push(write.buffer);
				lifetimes.set(write.buffer, lifetime);
			}
		}
	}
	return [...new Set(lifetimes.values())];
}

/**
 * Whether a loop may store a result where it reads an input for the last time: it reads each
 * element before it stores it, and no other.
 */
export function canReplace(step: Step, write: BufferView, read: BufferView): boolean {
	if (step.kernel.kind !== "loop" || bytesOf(write.buffer) !== bytesOf(read.buffer)) return false;
	const isInPlace = ({ buffer, strides, offset }: BufferView) =>
		buffer.size === write.buffer.size &&
		offset === 0 &&
		write.offset === 0 &&
		strides.join() === write.strides.join();
	return step.reads.every((other) => other.buffer !== read.buffer || isInPlace(other));
}
