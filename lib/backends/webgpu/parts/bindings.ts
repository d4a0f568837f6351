import { Unsupported } from "../../backend.ts";
import type { ShaderOperand } from "../wgsl/shader.ts";
import { type Extent, extentsOf, type KernelWork, type MemoryPlace } from "./work.ts";

/** What is known of memory and what may be bound of it, in elements. */
export interface Room {
	/** The most that a binding may have, and a buffer. */
	readonly most: number;
	readonly buffer: number;
	/** How many elements some memory has. */
	readonly sizeOf: (root: number) => number;
}

/** A stretch of memory that a shader is bound to. */
export interface Binding {
	readonly root: number;
	/** Which of its buffers. */
	readonly piece: number;
	/** The first element there, at an address that devices take, and how many there are. */
	readonly first: number;
	readonly size: number;
}

/** What is copied so that a shader is bound to fewer buffers. */
export interface PackingCopy {
	readonly from: MemoryPlace;
	readonly to: MemoryPlace;
	/** In elements. */
	readonly size: number;
}

/** The operands of some work as a shader has them. */
export interface BoundWork {
	/** By their slots; some operands may lie side by side in memory made for that, root −1. */
	readonly bindings: readonly Binding[];
	readonly operands: readonly ShaderOperand[];
	/** Where each operand begins in its binding. */
	readonly places: readonly number[];
	readonly before: readonly PackingCopy[];
	readonly after: readonly PackingCopy[];
	/** The size of the memory made for that; 0: none is needed. */
	readonly room: number;
}

/** Bindings begin at multiples of so many elements: 256 bytes. */
const ALIGNED = 64;

/** Elements of some memory that one binding has to have. */
interface Slot {
	readonly root: number;
	readonly extent: Extent;
}

/**
 * Which slot each operand has. Those of one memory share one, for what is written may not be bound
 * twice; only what is read at places far apart may.
 */
function slotsOf(work: KernelWork, room: Room): { slots: readonly Slot[]; of: readonly number[] } {
	const written = new Set(work.writes.map(({ root }) => root));
	const slots: Slot[] = [];
	const extents = extentsOf(work.kernel);
	const of = [...work.reads, ...work.writes].map(({ root, offset }, i) => {
		const [from, to] = [offset + extents[i]!.from, offset + extents[i]!.to];
		for (const [at, slot] of slots.entries()) {
			if (slot.root !== root) continue;
			const { extent } = slot;
			const both = { from: Math.min(extent.from, from), to: Math.max(extent.to, to) };
			if (!written.has(root) && !fits({ root, extent: both }, room)) continue;
			slots[at] = { root, extent: both };
			return at;
		}
		return slots.push({ root, extent: { from, to } }) - 1;
	});
	return { slots, of };
}

/** Whether a binding may have all that a slot has to have. */
function fits({ root, extent }: Slot, { most, sizeOf }: Room): boolean {
	return sizeOf(root) <= most || extent.to - extent.from <= most - ALIGNED;
}

/** Memory of which work needs more than a binding may have, and how much of it. */
export function beyond(work: KernelWork, room: Room): Map<number, number> {
	const { slots } = slotsOf(work, room);
	return new Map(
		slots.flatMap((slot) => (fits(slot, room) ? [] : [[slot.root, lengthOf(slot)] as const])),
	);
}

/** How much of some memory work needs at once. */
export function needed(work: KernelWork, root: number, room: Room): number {
	const { slots } = slotsOf(work, room);
	return Math.max(0, ...slots.filter((slot) => slot.root === root).map(lengthOf));
}

function lengthOf({ extent }: Slot): number {
	return extent.to - extent.from;
}

/**
 * Work bound to at most so many buffers. What the rest would have is copied into one buffer before
 * the shader runs, and what it writes is copied back behind it.
 * @throws Unsupported where more of some memory is needed than a binding may have
 */
export function boundWork(work: KernelWork, count: number, room: Room): BoundWork {
	const { slots, of } = slotsOf(work, room);
	if (!slots.every((slot) => fits(slot, room))) {
		throw new Unsupported("it needs more of a buffer at once than a shader may be bound to");
	}
	const windows = slots.map((slot) => windowOf(slot, room));
	const isAsItLies = slots.length <= count && !windows.includes(null);
	const some = windows.flatMap((window, at) => (window === null ? [] : [at]));
	const indices = isAsItLies ? some : some.slice(0, count - 1);
	const kept = indices.map((at) => windows[at]!);
	const written = new Set(work.writes.map(({ root }) => root));
	const copies: PackingCopy[] = [];
	let end = 0;
	const firsts = slots.map(({ root, extent: { from, to } }, at) => {
		if (indices.includes(at)) return windows[at]!.first + windows[at]!.piece * room.buffer;
		copies.push({ from: { root, offset: from }, to: { root: -1, offset: end }, size: to - from });
		end += to - from;
		return from - (end - (to - from));
	});
	const packed = { root: -1, piece: 0, first: 0, size: roundedUp(end) };
	const all = [...work.reads, ...work.writes];
	const places = all.map(({ offset }, i) => offset - firsts[of[i]!]!);
	return {
		bindings: isAsItLies ? kept : [...kept, packed],
		operands: all.map(({ dtype }, i) => {
			const at = indices.indexOf(of[i]!);
			return { dtype, slot: at < 0 ? kept.length : at, aligned: places[i]! % 4 === 0 };
		}),
		places,
		before: copies,
		after: copies
			.filter(({ from }) => written.has(from.root))
			.map(({ from, to, size }) => ({ from: to, to: from, size })),
		room: end,
	};
}

/**
 * What of some memory a slot is bound to: all where it is not too much, else one of few windows, so
 * that what moves through the memory is not bound anew at each step. Null where it lies in two
 * buffers.
 */
function windowOf({ root, extent: { from, to } }: Slot, room: Room): Binding | null {
	const { most, buffer } = room;
	const size = room.sizeOf(root);
	if (size <= most) return { root, piece: 0, first: 0, size: roundedUp(size) };
	const piece = Math.floor(from / buffer);
	const start = piece * buffer;
	if (to > start + buffer) return null;
	const step = roundedDown(most / 2);
	const coarse = Math.floor((from - start) / step) * step;
	const first = to - start <= coarse + most ? coarse : roundedDown(from - start);
	const end = Math.min(buffer, roundedUp(size) - start);
	return { root, piece, first, size: Math.min(most, end - first) };
}

/** So many elements that a binding can begin behind them. */
export function roundedDown(size: number): number {
	return Math.floor(size / ALIGNED) * ALIGNED;
}

/** As many elements as there are in whole vectors; a binding has some. */
export function roundedUp(size: number): number {
	return Math.max(1, Math.ceil(size / 4)) * 4;
}
