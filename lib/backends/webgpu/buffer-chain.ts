import { roundedDown, roundedUp } from "./parts/bindings.ts";

/** Bytes of an element on the device. */
export const BYTES_EACH = 4;

/**
 * Some memory of a device: a buffer, or, where one may not be so large, several of which each goes
 * on where the one before it ends.
 */
export type BufferChain = readonly GPUBuffer[];

/** Elements of a chain that lie in one of its buffers. */
interface Piece {
	readonly buffer: GPUBuffer;
	/** The first of them in the buffer. */
	readonly first: number;
	/** How many of those that were asked for lie before them. */
	readonly at: number;
	readonly size: number;
}

/** How many elements a buffer of a device may have. */
export function mostIn({ limits }: GPUDevice): number {
	return roundedDown(limits.maxBufferSize / BYTES_EACH);
}

/** Memory for so many elements, and for the rest of the last vector of four. */
export function chainOf(device: GPUDevice, size: number, usage: number): BufferChain {
	const [whole, each] = [roundedUp(size), mostIn(device)];
	return Array.from({ length: Math.ceil(whole / each) }, (_, i) => {
		const bytes = Math.min(each, whole - i * each) * BYTES_EACH;
		return device.createBuffer({ size: bytes, usage });
	});
}

/** The pieces of which elements consist. */
export function piecesOf(chain: BufferChain, first: number, size: number): Piece[] {
	const each = chain.length === 1 ? Number.POSITIVE_INFINITY : chain[0]!.size / BYTES_EACH;
	const pieces: Piece[] = [];
	for (let at = 0; at < size; at += pieces.at(-1)!.size) {
		const which = Math.floor((first + at) / each);
		const inside = which === 0 ? first + at : (first + at) % each;
		const more = Math.min(size - at, each - inside);
		pieces.push({ buffer: chain[which]!, first: inside, at, size: more });
	}
	return pieces;
}

/** Has elements of the host written to a chain. */
export function writeTo(
	{ queue }: GPUDevice,
	chain: BufferChain,
	first: number,
	words: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
): void {
	for (const { buffer, first: from, at, size } of piecesOf(chain, first, words.length)) {
		queue.writeBuffer(buffer, from * BYTES_EACH, words, at, size);
	}
}
