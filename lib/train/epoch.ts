import { setImmediate } from "node:timers/promises";
import { AdjointError, DomainError } from "../core/error.ts";
import type { Tensor } from "../core/tensor.ts";
import { key as keyOf } from "../random/keys.ts";
import type { Snapshot } from "./checkpoint.ts";
import { checkBatches, rowsIn } from "./given.ts";
import { addBatch, means } from "./metrics.ts";
import type { TrainOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { formOf, type TakeSteps } from "./steps.ts";

/** The loss became NaN or infinite. */
export class TrainError extends AdjointError {
	override name = "TrainError";
	/** The state before the step, or before the call in which it was one of several. */
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
	{ data, key = keyOf(0), stepsPerCall = 1 }: TrainOptions<S, B>,
	takeSteps: TakeSteps<S, B>,
	start: Snapshot<S>,
	progress: Progress,
	isInterrupted: () => boolean,
): Promise<Snapshot<S>> {
	let now = start;
	let turn = performance.now();
	let seen = 0;
	let waiting: B[] = [];
	const epochData = data(start.epoch);
	checkBatches(epochData);
	const count = "length" in epochData ? Number(epochData.length) : undefined;
	const call = async () => {
		if (waiting.length === 0) return;
		now = takenFrom(now, waiting, takeSteps, key);
		waiting = [];
		progress.batch(now.epoch, now.batch, count, means(now.sums));
		if (performance.now() - turn < TURN) return;
		await setImmediate();
		turn = performance.now();
	};
	for await (const batch of epochData) {
		// Those that were done before the run was interrupted.
		if (seen++ < start.batch) continue;
		if (isInterrupted()) break;
		if (waiting.length > 0 && formOf(batch) !== formOf(waiting[0])) await call();
		waiting.push(batch);
		if (waiting.length === stepsPerCall) await call();
	}
	if (!isInterrupted()) await call();
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

/**
 * The run after a step for each of these batches.
 * @throws TrainError when the loss of one of them is NaN or infinite
 */
function takenFrom<S, B>(
	before: Snapshot<S>,
	batches: readonly B[],
	takeSteps: TakeSteps<S, B>,
	key: Tensor,
): Snapshot<S> {
	const { state, metrics } = takeSteps(before.state, batches, key, before.step);
	let now = before;
	for (const [i, numbers] of metrics.entries()) {
		if (!Number.isFinite(numbers.loss)) {
			throw new TrainError(
				`train: the loss became ${numbers.loss} in epoch ${now.epoch + 1}, batch ${now.batch + 1}; ` +
					"a smaller learning rate may help, and debug(…) around the gradient tells where it began",
				before.state,
			);
		}
		const sums = addBatch(now.sums, numbers, rowsIn(batches[i]));
		now = { ...now, sums, batch: now.batch + 1, step: now.step + 1 };
	}
	return { ...now, state };
}
