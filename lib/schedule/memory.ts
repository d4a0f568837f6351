import { type Buffer, bytesOf } from "./buffers.ts";

/**
 * Buffers of one size, one in the place of the other, and the steps during which that is needed,
 * both ends included.
 */
export interface Lifetime {
	readonly buffers: readonly Buffer[];
	readonly from: number;
	readonly to: number;
}

/** Where each buffer begins, and how many bytes they take together. */
export interface MemoryPlan {
	readonly offsets: ReadonlyMap<Buffer, number>;
	readonly bytes: number;
}

/** Buffers begin at multiples of this: a cache line. */
export const ALIGNMENT = 64;

/** Rounded up to where the next buffer may begin. */
export function aligned(bytes: number): number {
	return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Places buffers so that no two overlap that are needed at the same time, unless one takes the
 * place of the other: the greatest first, each as low as it fits (Y. Pisarchyk and J. Lee,
 * "Efficient memory management for deep neural net inference", 2020, "greedy by size").
 */
export function planMemory(lifetimes: readonly Lifetime[]): MemoryPlan {
	const placed: (Lifetime & { readonly start: number; readonly end: number })[] = [];
	const offsets = new Map<Buffer, number>();
	const bySize = lifetimes.toSorted((a, b) => bytesIn(b) - bytesIn(a));
	for (const lifetime of bySize) {
		const bytes = aligned(bytesIn(lifetime));
		let start = 0;
		for (const other of placed) {
			const meet = other.from <= lifetime.to && lifetime.from <= other.to;
			// Those placed are in the order of their starts, so what lies between is a gap.
			if (!meet) continue;
			if (start + bytes <= other.start) break;
			start = Math.max(start, other.end);
		}
		for (const buffer of lifetime.buffers) offsets.set(buffer, start);
		placed.push({ ...lifetime, start, end: start + bytes });
		placed.sort((a, b) => a.start - b.start);
	}
	return { offsets, bytes: placed.reduce((end, { end: other }) => Math.max(end, other), 0) };
}

function bytesIn({ buffers }: Lifetime): number {
	return Math.max(...buffers.map(bytesOf));
}
