import { setImmediate } from "node:timers/promises";
import { AdjointError, DomainError } from "../core/error.ts";
import { Tensor } from "../core/tensor.ts";
import { key as keyOf } from "../random/keys.ts";
import { arrived, isAway } from "./away.ts";
import type { Snapshot } from "./checkpoint.ts";
import { checkBatches, rowsIn } from "./given.ts";
import { addBatch, means } from "./metrics.ts";
import type { TrainOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { formOf, type MeasuredSteps, type TakeSteps } from "./steps.ts";

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
 * So many calls may go on before the metrics of the first of them are here: a device that computes
 * them is not kept waiting.
 */
const MOST_AHEAD = 4;

/** Steps that were taken, and of which nobody knows the metrics yet. */
interface Ahead<S, B> {
	/** The state before them. */
	readonly before: S;
	readonly batches: readonly B[];
	readonly measured: MeasuredSteps;
	/** Null: they are here. */
	readonly waits: Promise<unknown> | null;
}

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
	/** The state and the number of steps after all calls, whether their metrics are known or not. */
	let last = { state: start.state, step: start.step };
	const ahead: Ahead<S, B>[] = [];
	const settle = async (most: number) => {
		while (ahead.length > most) {
			const { waits } = ahead[0]!;
			if (waits !== null) await waits;
			now = await settled(now, ahead.shift()!);
			progress.batch(now.epoch, now.batch, count, means(now.sums));
		}
		now = { ...now, ...(ahead.length === 0 && last) };
	};
	const call = async () => {
		if (waiting.length === 0) return;
		const { state, metrics } = takeSteps(last.state, waiting, key, last.step);
		const isHere = !Object.values(metrics.metrics).some((x) => x instanceof Tensor && isAway(x));
		const waits = isHere ? null : arrived(metrics.metrics);
		// What is wrong is told where they are waited for.
		waits?.catch(() => {});
		ahead.push({ before: last.state, batches: waiting, measured: metrics, waits });
		last = { state, step: last.step + waiting.length };
		waiting = [];
		await settle(isHere ? 0 : MOST_AHEAD);
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
	await settle(0);
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
 * The run with the metrics of steps that are known now.
 * @throws TrainError when the loss of one of them is NaN or infinite
 */
async function settled<S, B>(
	before: Snapshot<S>,
	{ before: state, batches, measured }: Ahead<S, B>,
): Promise<Snapshot<S>> {
	let now = before;
	for (const [i, numbers] of measured.numbers().entries()) {
		if (!Number.isFinite(numbers.loss)) {
			throw new TrainError(
				`train: the loss became ${numbers.loss} in epoch ${now.epoch + 1}, batch ${now.batch + 1}; ` +
					"a smaller learning rate may help, and debug(…) around the gradient tells where it began",
				await arrived(state),
			);
		}
		const sums = addBatch(now.sums, numbers, rowsIn(batches[i]));
		now = { ...now, sums, batch: now.batch + 1 };
	}
	return now;
}
