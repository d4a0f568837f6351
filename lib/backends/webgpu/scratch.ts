import type { Buffer } from "../../schedule/buffers.ts";
import { lifetimesOf } from "../../schedule/lifetimes.ts";
import type { Step } from "../../schedule/step.ts";

/** Rooms of memory, by number, and which buffer lies in which. */
export interface Scratch {
	readonly roomOf: ReadonlyMap<Buffer, number>;
	/** In elements. */
	readonly sizes: readonly number[];
}

/**
 * Memory for what steps need on the way: what is not needed at the same time shares a room. In the
 * order of time, each in the smallest free room that is large enough, else in the largest, which
 * grows.
 */
export function scratchOf(steps: readonly Step[]): Scratch {
	const roomOf = new Map<Buffer, number>();
	const rooms: { size: number; freeFrom: number }[] = [];
	const inBytes = new Set(steps.flatMap(memoryOfBodies));
	const lifetimes = lifetimesOf(steps)
		.filter(({ buffers }) => !inBytes.has(buffers[0]!))
		.sort((a, b) => a.from - b.from);
	for (const { buffers, from, to } of lifetimes) {
		const size = Math.max(...buffers.map((buffer) => buffer.size));
		const free = rooms.filter(({ freeFrom }) => freeFrom <= from).sort((a, b) => a.size - b.size);
		const room = free.find((one) => one.size >= size) ?? free.at(-1) ?? { size, freeFrom: 0 };
		if (free.length === 0) rooms.push(room);
		room.size = Math.max(room.size, size);
		room.freeFrom = to + 1;
		for (const buffer of buffers) roomOf.set(buffer, rooms.indexOf(room));
	}
	return { roomOf, sizes: rooms.map(({ size }) => size) };
}

/** Memory of a step's bodies, counted in bytes of the host: here they get rooms of their own. */
function memoryOfBodies({ bodies = [] }: Step): Buffer[] {
	const places = bodies.flatMap((body) => [...body.places]);
	return places.flatMap(([buffer, { starts }]) =>
		buffer.use.kind === "scratch" ? starts.map((start) => start.buffer) : [],
	);
}
