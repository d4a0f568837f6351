import { sizeOf } from "../../core/shape.ts";
import type { BufferView } from "../../schedule/buffers.ts";

/** An element of some memory. */
export interface MemoryPlace {
	/** Which memory. */
	readonly root: number;
	/** In elements. */
	readonly offset: number;
}

/** What is copied so that a shader is bound to fewer buffers. */
export interface PackingCopy {
	readonly from: MemoryPlace;
	readonly to: MemoryPlace;
	/** In elements. */
	readonly size: number;
}

/** Operands of which some lie side by side in memory made for that, which is root −1. */
export interface Packed {
	readonly places: readonly MemoryPlace[];
	readonly before: readonly PackingCopy[];
	readonly after: readonly PackingCopy[];
	/** The size of that memory; 0: none is needed. */
	readonly room: number;
}

/** An operand's elements in their buffer, from the first to behind the last. */
interface Extent {
	readonly from: number;
	readonly to: number;
}

/**
 * Operands of at most so many buffers. The rest is copied into one buffer before the shader runs,
 * and what it writes is copied back behind it.
 * @param reads how many of the operands are only read; the others come behind them
 */
export function packed(
	views: readonly BufferView[],
	places: readonly MemoryPlace[],
	reads: number,
	most: number,
): Packed {
	const roots = [...new Set(places.map(({ root }) => root))];
	if (roots.length <= most) return { places, before: [], after: [], room: 0 };
	const kept = new Set(roots.slice(0, most - 1));
	const extents = new Map<number, Extent>();
	for (const [i, { root, offset }] of places.entries()) {
		if (kept.has(root)) continue;
		const { from, to } = extentOf(views[i]!, offset);
		const known = extents.get(root) ?? { from, to };
		extents.set(root, { from: Math.min(known.from, from), to: Math.max(known.to, to) });
	}
	const written = new Set(places.slice(reads).map(({ root }) => root));
	let end = 0;
	const moved = new Map<number, number>();
	const copies: PackingCopy[] = [];
	for (const [root, { from, to }] of extents) {
		moved.set(root, end - from);
		copies.push({ from: { root, offset: from }, to: { root: -1, offset: end }, size: to - from });
		end += to - from;
	}
	return {
		places: places.map(({ root, offset }) =>
			kept.has(root) ? { root, offset } : { root: -1, offset: offset + moved.get(root)! },
		),
		before: copies,
		after: copies
			.filter(({ from }) => written.has(from.root))
			.map(({ from, to, size }) => ({ from: to, to: from, size })),
		room: end,
	};
}

function extentOf({ shape, strides }: BufferView, offset: number): Extent {
	if (sizeOf(shape) === 0) return { from: offset, to: offset };
	let [from, to] = [offset, offset + 1];
	for (const [axis, stride] of strides.entries()) {
		const reach = stride * (shape[axis]! - 1);
		if (reach < 0) from += reach;
		else to += reach;
	}
	return { from, to };
}
