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

/** From so many lifetimes on, placing by size would take longer than compiling all else. */
const MANY = 512;

/**
 * Places buffers so that no two overlap that are needed at the same time, unless one takes the
 * place of the other. Few are placed by size, which takes the least memory but time that grows with
 * the square of their number; many in the order of time, forwards or backwards, whichever takes
 * less.
 */
export function planMemory(lifetimes: readonly Lifetime[]): MemoryPlan {
	const spans = lifetimes
		.map(({ buffers, ...time }) => ({ buffers, ...time, size: Math.max(...buffers.map(bytesOf)) }))
		.sort((a, b) => b.size - a.size)
		.map(({ size, ...lifetime }): Span => ({ ...lifetime, bytes: aligned(size), start: 0 }));
	if (spans.length <= MANY) return planned(bySize(spans));
	const forwards = planned(byTime(spans));
	const backwards = planned(byTime(spans.map((x) => ({ ...x, from: -x.to, to: -x.from }))));
	return backwards.bytes < forwards.bytes ? backwards : forwards;
}

/** A lifetime, how many bytes it takes, and where they begin. The greatest come first. */
interface Span extends Lifetime {
	readonly bytes: number;
	start: number;
}

function planned(spans: readonly Span[]): MemoryPlan {
	const offsets = new Map<Buffer, number>();
	let end = 0;
	for (const { buffers, start, bytes } of spans) {
		for (const buffer of buffers) offsets.set(buffer, start);
		end = Math.max(end, start + bytes);
	}
	return { offsets, bytes: end };
}

/**
 * The greatest first, each as low as it fits (Y. Pisarchyk and J. Lee, "Efficient memory management
 * for deep neural net inference", 2020, "greedy by size").
 */
function bySize(spans: readonly Span[]): readonly Span[] {
	/** In the order of their starts, so what lies between two is a gap. */
	const placed: Span[] = [];
	for (const span of spans) {
		for (const other of placed) {
			const meet = other.from <= span.to && span.from <= other.to;
			if (!meet) continue;
			if (span.start + span.bytes <= other.start) break;
			span.start = Math.max(span.start, other.start + other.bytes);
		}
		const above = placed.findIndex((other) => other.start > span.start);
		placed.splice(above < 0 ? placed.length : above, 0, span);
	}
	return spans;
}

/**
 * In the order in which they are needed, each in the smallest gap that is free then (D. E. Knuth,
 * "The art of computer programming", volume 1, section 2.5, "best fit").
 */
function byTime(spans: readonly Span[]): readonly Span[] {
	const free = new Gaps();
	const ending = spans.toSorted((a, b) => a.to - b.to);
	let ended = 0;
	for (const span of spans.toSorted((a, b) => a.from - b.from)) {
		for (; ending[ended]!.to < span.from; ended++) free.give(ending[ended]!);
		span.start = free.take(span.bytes);
	}
	return spans;
}

interface Gap {
	readonly start: number;
	readonly bytes: number;
}

/** The stretches of memory up to an end that nobody needs; no two touch. */
class Gaps {
	readonly #byStart = new Map<number, Gap>();
	readonly #byEnd = new Map<number, Gap>();
	readonly #bySize = new Map<number, Set<Gap>>();
	/** Ascending. */
	readonly #sizes: number[] = [];
	#end = 0;

	/** The start of so many bytes in the smallest gap that has them, or else at the end. */
	take(bytes: number): number {
		const size = this.#sizes[firstFrom(this.#sizes, bytes)];
		if (size === undefined) {
			const last = this.#byEnd.get(this.#end);
			if (last !== undefined) this.#remove(last);
			const start = last?.start ?? this.#end;
			this.#end = start + bytes;
			return start;
		}
		const gap = this.#bySize.get(size)!.values().next().value!;
		this.#remove(gap);
		this.#add(gap.start + bytes, gap.bytes - bytes);
		return gap.start;
	}

	/** Gives a stretch back, which joins the gaps beside it. */
	give({ start, bytes }: Gap): void {
		const before = this.#byEnd.get(start);
		const after = this.#byStart.get(start + bytes);
		if (before !== undefined) this.#remove(before);
		if (after !== undefined) this.#remove(after);
		const whole = bytes + (before?.bytes ?? 0) + (after?.bytes ?? 0);
		this.#add(before?.start ?? start, whole);
	}

	#add(start: number, bytes: number): void {
		if (bytes === 0) return;
		const gap = { start, bytes };
		this.#byStart.set(start, gap);
		this.#byEnd.set(start + bytes, gap);
		const alike = this.#bySize.get(bytes) ?? new Set();
		if (alike.size === 0) this.#sizes.splice(firstFrom(this.#sizes, bytes), 0, bytes);
		this.#bySize.set(bytes, alike.add(gap));
	}

	#remove(gap: Gap): void {
		this.#byStart.delete(gap.start);
		this.#byEnd.delete(gap.start + gap.bytes);
		const alike = this.#bySize.get(gap.bytes)!;
		alike.delete(gap);
		if (alike.size > 0) return;
		this.#bySize.delete(gap.bytes);
		this.#sizes.splice(firstFrom(this.#sizes, gap.bytes), 1);
	}
}

/** The position of the first number that is not less than this one, in a list of ascending ones. */
function firstFrom(ascending: readonly number[], least: number): number {
	let [from, to] = [0, ascending.length];
	while (from < to) {
		const middle = (from + to) >> 1;
		if (ascending[middle]! < least) from = middle + 1;
		else to = middle;
	}
	return from;
}
