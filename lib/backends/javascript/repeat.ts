import type { TypedArray } from "../../core/dtype.ts";
import { arrayOn, type Buffer } from "../../schedule/buffers.ts";
import { isAtRest, type LoopBody, type MovingPlace } from "../../schedule/step.ts";

/**
 * A loop as a function, which gives the buffers of its body their elements in each round; false
 * where a step says that something is wrong.
 */
export function repeating(
	count: number,
	steps: readonly (() => boolean)[],
	{ places }: LoopBody,
	storages: Map<Buffer, TypedArray>,
): () => boolean {
	const enter = (buffer: Buffer, { starts, stride }: MovingPlace, round: number) => {
		const start = starts[round % starts.length]!;
		const around = storages.get(start.buffer)!;
		const offset = start.offset + round * stride;
		const address = around.byteOffset + offset * around.BYTES_PER_ELEMENT;
		storages.set(buffer, arrayOn(around.buffer as ArrayBuffer, buffer, address));
	};
	return () => {
		for (let round = 0; round < count; round++) {
			for (const [buffer, place] of places) {
				if (round === 0 || !isAtRest(place)) enter(buffer, place, round);
			}
			if (!steps.every((step) => step())) return false;
		}
		return true;
	};
}
