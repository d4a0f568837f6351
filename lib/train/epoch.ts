import { setImmediate } from "node:timers/promises";
import { AdjointError, DomainError } from "../core/error.ts";
import { foldIn, key as keyOf } from "../random/keys.ts";
import type { Snapshot } from "./checkpoint.ts";
import { checkBatches, rowsIn, takeStep } from "./given.ts";
import { addBatch, means } from "./metrics.ts";
import type { TrainOptions } from "./options.ts";
import type { Progress } from "./progress.ts";

/** The loss became NaN or infinite. */
export class TrainError extends AdjointError {
	override name = "TrainError";
	/** The state before the step. */
	readonly state: unknown;

	constructor(message: string, state: unknown) {
		super(message);
		this.state = state;
	}
}

/** How long to compute before Ctrl-C and other events get their turn, in milliseconds. */
const TURN = 20;

/**
 * The rest of the epoch in which the run is.
 * @throws DomainError when the data give fewer batches than those that were done already
 */
export async function runEpoch<S, B>(
	{ data, step, key = keyOf(0) }: TrainOptions<S, B>,
	start: Snapshot<S>,
	progress: Progress,
	isInterrupted: () => boolean,
): Promise<Snapshot<S>> {
	let now = start;
	let turn = performance.now();
	let seen = 0;
	const epochData = data(start.epoch);
	checkBatches(epochData);
	const count = "length" in epochData ? Number(epochData.length) : undefined;
	for await (const batch of epochData) {
		// Those that were done before the run was interrupted.
		if (seen++ < start.batch) continue;
		if (isInterrupted()) break;
		const { state, numbers } = takeStep(step, now.state, batch, foldIn(key, now.step));
		if (!Number.isFinite(numbers.loss)) {
			throw new TrainError(
				`train: the loss became ${numbers.loss} in epoch ${now.epoch + 1}, batch ${now.batch + 1}; ` +
					"a smaller learning rate may help, and debug(…) around the gradient tells where it began",
				now.state,
			);
		}
		const sums = addBatch(now.sums, numbers, rowsIn(batch));
		now = { ...now, state, sums, batch: now.batch + 1, step: now.step + 1 };
		progress.batch(now.epoch, now.batch, count, means(sums));
		if (performance.now() - turn < TURN) continue;
		await setImmediate();
		turn = performance.now();
	}
	if (seen > 0 && seen >= start.batch) return now;
	if (seen > 0) {
		throw new DomainError(
			`train: ${start.batch} batches of epoch ${start.epoch + 1} were done before the run was interrupted, and data gives ${seen} now; ` +
				"give the same batches again, or train without the checkpoint",
		);
	}
	throw new DomainError(
		`train: expected data to give batches in every epoch, got none in epoch ${now.epoch + 1}; ` +
			"an iterator that was gone through once has to be made anew",
	);
}
