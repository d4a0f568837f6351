import { setImmediate } from "node:timers/promises";
import { AdjointError, DomainError } from "../core/error.ts";
import { Tensor } from "../core/tensor.ts";
import { foldIn, key as keyOf } from "../random/keys.ts";
import { type Best, loadSnapshot, type Snapshot, saveSnapshot } from "./checkpoint.ts";
import { withInterrupt } from "./interrupt.ts";
import { addBatch, type Metrics, means, type Numbers, noSums, numbersOf } from "./metrics.ts";
import { noProgress, type Output, type Progress, showProgress } from "./progress.ts";

/** What a step gives back. */
export interface StepResult<S> {
	/** The next state. */
	readonly state: S;
	readonly loss: Tensor | number;
	readonly metrics?: Metrics;
}

/** When to stop before the last epoch. */
export interface EarlyStopping {
	/** The name of a metric of an epoch; left out: `val_loss`. */
	readonly metric?: string;
	/** Where the metric should go; left out: `"fall"`. */
	readonly goal?: "fall" | "rise";
	/** After how many epochs without a better value. */
	readonly patience: number;
}

/**
 * What `train` needs. `S` is what a step changes: parameters, an optimiser's state. `B` is a batch.
 */
export interface TrainOptions<S, B> {
	/** The state to begin with. */
	readonly state: S;
	/** One step: from a state and a batch to the next state. The key is another one at each step. */
	readonly step: (state: S, batch: B, key: Tensor) => StepResult<S>;
	/**
	 * The batches of an epoch, counted from 0. They have to be the same ones if asked for the same
	 * epoch again.
	 */
	readonly data: (epoch: number) => Iterable<B> | AsyncIterable<B>;
	/** How many times to go through the data. */
	readonly epochs: number;
	/** Measures a state after each epoch; its metrics are called `val_loss` and so on. */
	readonly validate?: (state: S) => Metrics;
	readonly earlyStopping?: EarlyStopping;
	/**
	 * A file that keeps the run: it is written after each epoch and when the run is interrupted, and
	 * where it is there already, the run goes on from it, bit for bit as if it had never stopped.
	 */
	readonly checkpoint?: string;
	/** Where the keys of the steps come from; left out: `random.key(0)`. */
	readonly key?: Tensor;
	/** Where progress is shown; left out: `process.stdout`. Null: nowhere. */
	readonly output?: Output | null;
	/** Stops the run as Ctrl-C does. */
	readonly signal?: AbortSignal;
}

/** How a run went. */
export interface TrainResult<S> {
	/** The last state; with early stopping, the best one. */
	readonly state: S;
	/**
	 * The metrics of each epoch: means over its batches, weighted by their rows, then those of
	 * `validate`.
	 */
	readonly history: readonly Numbers[];
	/** Whether all epochs were done, the metric got no better, or Ctrl-C came. */
	readonly stopped: "finished" | "early" | "interrupted";
}

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

/**
 * Trains: goes through the data, takes a step for each batch, and shows how it goes. Ctrl-C
 * finishes the step, writes the checkpoint and returns; a second one ends the process.
 * @throws TrainError when the loss becomes NaN or infinite; the error holds the state before
 * @throws FormatError when the checkpoint is damaged or belongs to another model
 * @throws DomainError when early stopping watches a metric that there is not
 */
export function train<S, B>(options: TrainOptions<S, B>): Promise<TrainResult<S>> {
	return withInterrupt(options.signal, (signal) => run(options, signal));
}

async function run<S, B>(
	options: TrainOptions<S, B>,
	signal: AbortSignal,
): Promise<TrainResult<S>> {
	const { epochs, checkpoint, validate, earlyStopping } = options;
	const output = options.output === undefined ? process.stdout : options.output;
	const progress = output === null ? noProgress : showProgress(output, epochs);
	let now = await begin(options, progress);
	while (now.epoch < epochs && !outOfPatience(now, earlyStopping)) {
		now = await runEpoch(options, now, progress, signal);
		if (signal.aborted) {
			if (checkpoint !== undefined) await saveSnapshot(checkpoint, now);
			const where = checkpoint === undefined ? "" : `; run again to go on from ${checkpoint}`;
			progress.note(`interrupted in epoch ${now.epoch + 1} after ${now.batch} batches${where}`);
			return { state: now.state, history: now.history, stopped: "interrupted" };
		}
		const measured = validate === undefined ? {} : numbersOf(validate(now.state));
		const named = Object.entries(measured).map(([name, x]) => [`val_${name}`, x]);
		const numbers = { ...means(now.sums), ...Object.fromEntries(named) };
		progress.epoch(now.epoch, numbers);
		now = {
			...now,
			epoch: now.epoch + 1,
			batch: 0,
			sums: noSums,
			history: [...now.history, numbers],
			best: earlyStopping === undefined ? null : better(now, numbers, earlyStopping),
		};
		if (checkpoint !== undefined) await saveSnapshot(checkpoint, now);
	}
	const early = outOfPatience(now, earlyStopping);
	if (early) progress.note(`no better since epoch ${now.best!.epoch + 1}: stopped`);
	return {
		state: now.best?.state ?? now.state,
		history: now.history,
		stopped: early ? "early" : "finished",
	};
}

async function begin<S, B>(
	{ checkpoint, state }: TrainOptions<S, B>,
	progress: Progress,
): Promise<Snapshot<S>> {
	const found = checkpoint === undefined ? null : await loadSnapshot(checkpoint, state);
	if (found === null) {
		return { state, epoch: 0, batch: 0, step: 0, sums: noSums, history: [], best: null };
	}
	progress.note(`going on from ${checkpoint}: ${found.epoch} epochs and ${found.batch} batches`);
	return found;
}

/** How long to compute before Ctrl-C and other events get their turn, in milliseconds. */
const TURN = 20;

/** The rest of the epoch in which the run is. */
async function runEpoch<S, B>(
	{ data, step, key = keyOf(0) }: TrainOptions<S, B>,
	start: Snapshot<S>,
	progress: Progress,
	signal: AbortSignal,
): Promise<Snapshot<S>> {
	let now = start;
	let turn = performance.now();
	let seen = 0;
	const epochData = data(start.epoch);
	const count = "length" in epochData ? Number(epochData.length) : undefined;
	for await (const batch of epochData) {
		// Those that were done before the run was interrupted.
		if (seen++ < start.batch) continue;
		if (signal.aborted) break;
		const { state, loss, metrics } = step(now.state, batch, foldIn(key, now.step));
		const numbers = numbersOf({ loss, ...metrics });
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
	return now;
}

/** The size of the first axis of the first tensor in a batch; 1 where there is none. */
function rowsIn(batch: unknown): number {
	if (batch instanceof Tensor) return batch.shape[0] ?? 1;
	if (typeof batch !== "object" || batch === null) return 1;
	for (const item of Object.values(batch)) {
		if (typeof item === "object" && item !== null) return rowsIn(item);
	}
	return 1;
}

function better<S>(
	{ best, state, epoch }: Snapshot<S>,
	numbers: Numbers,
	{ metric = "val_loss", goal = "fall" }: EarlyStopping,
): Best<S> {
	const value = numbers[metric];
	if (value === undefined) {
		throw new DomainError(
			`train: early stopping expected a metric of ${Object.keys(numbers).join(", ")}, got ${metric}`,
		);
	}
	const isBetter = (old: number) => (goal === "fall" ? value < old : value > old);
	return best === null || Number.isNaN(best.value) || isBetter(best.value)
		? { state, value, epoch }
		: best;
}

function outOfPatience<S>(
	{ best, epoch }: Snapshot<S>,
	stopping: EarlyStopping | undefined,
): boolean {
	if (stopping === undefined || best === null) return false;
	return epoch - 1 - best.epoch >= stopping.patience;
}
