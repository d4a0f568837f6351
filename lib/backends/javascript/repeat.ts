import type { TypedArray } from "../../core/dtype.ts";
import { arrayOn, type Buffer } from "../../schedule/buffers.ts";
import { isAtRest, type LoopBody, type MovingPlace } from "../../schedule/step.ts";

/** Runs steps; false where one says that something is wrong. */
type Run = () => boolean;

/** Runs the steps of a body in one of its rounds; in the `first` one it has no elements yet. */
type Round = (round: number, first?: boolean) => boolean;

/** The steps of a body as a function, which gives its buffers their elements in each round. */
export function roundsOf(
	steps: readonly Run[],
	{ places }: LoopBody,
	storages: Map<Buffer, TypedArray>,
): Round {
	const enter = (buffer: Buffer, { starts, stride }: MovingPlace, round: number) => {
		const start = starts[round % starts.length]!;
		const around = storages.get(start.buffer)!;
		const offset = start.offset + round * stride;
		const address = around.byteOffset + offset * around.BYTES_PER_ELEMENT;
		storages.set(buffer, arrayOn(around.buffer as ArrayBuffer, buffer, address));
	};
	return (round, first = round === 0) => {
		for (const [buffer, place] of places) {
			if (first || !isAtRest(place)) enter(buffer, place, round);
		}
		return steps.every((step) => step());
	};
}

/** A loop of so many rounds as a function. */
export function repeating(count: number, body: Round): Run {
	return () => {
		for (let round = 0; round < count; round++) if (!body(round)) return false;
		return true;
	};
}

/** A loop as a function: rounds as long as a test says so, up to so many, and then the end. */
export function goingOn(
	most: number | null,
	[test, body, end]: readonly Round[],
	holds: () => boolean,
): Run {
	return () => {
		let round = 0;
		for (; round !== most; round++) {
			if (!test!(round)) return false;
			if (!holds()) break;
			if (!body!(round)) return false;
		}
		return end!(round, true);
	};
}
