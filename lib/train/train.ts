import { checkOptions } from "../core/options.ts";
import { arrived } from "./away.ts";
import { loadSnapshot, type Snapshot, saveSnapshot } from "./checkpoint.ts";
import { runEpoch } from "./epoch.ts";
import { validated } from "./given.ts";
import { withInterrupt } from "./interrupt.ts";
import { means, type Numbers, noSums } from "./metrics.ts";
import { TRAIN_OPTIONS, type TrainOptions } from "./options.ts";
import { noProgress, type Progress, showProgress } from "./progress.ts";
import { takingSteps } from "./steps.ts";
import { bestBy, better, EARLY_STOPPING, outOfPatience } from "./stopping.ts";

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

/**
 * Trains: goes through the data, takes a step for each batch, and shows how it goes. Ctrl-C
 * finishes the step, writes the checkpoint and returns; SIGTERM and SIGHUP write it and then end
 * the process, unless the program listens to them itself. A second signal ends the process at once.
 * @throws TrainError when the loss becomes NaN or infinite; the error holds the state before
 * @throws FormatError when the checkpoint is damaged or belongs to another model, or the state
 * cannot be saved
 * @throws AdjointError when the checkpoint cannot be written, before the first epoch
 * @throws DomainError when early stopping watches a metric that there is not, or something given is
 * not what it should be
 */
export async function train<S, B>(options: TrainOptions<S, B>): Promise<TrainResult<S>> {
	checkOptions("train", options as TrainOptions<unknown, unknown>, TRAIN_OPTIONS, [
		"step",
		"data",
		"epochs",
	]);
	const { earlyStopping } = options;
	if (earlyStopping !== undefined) {
		checkOptions("train", earlyStopping, EARLY_STOPPING, ["patience"]);
	}
	return withInterrupt(options.signal, (isInterrupted) => run(options, isInterrupted));
}

async function run<S, B>(
	options: TrainOptions<S, B>,
	isInterrupted: () => boolean,
): Promise<TrainResult<S>> {
	const { epochs, checkpoint, validate, earlyStopping } = options;
	const takeSteps = takingSteps(options);
	const output = options.output === undefined ? process.stdout : options.output;
	const progress = output === null ? noProgress : showProgress(output, epochs);
	let now = await begin(options, progress);
	const isOver = () => now.epoch >= epochs || outOfPatience(now.best, now.epoch, earlyStopping);
	// Now, since an epoch is much to lose by a folder that is not there.
	if (checkpoint !== undefined && !isOver()) await saveSnapshot(checkpoint, now);
	while (!isOver()) {
		now = await runEpoch(options, takeSteps, now, progress, isInterrupted);
		if (isInterrupted()) {
			if (checkpoint !== undefined) await saveSnapshot(checkpoint, now);
			const where = checkpoint === undefined ? "" : `; run again to go on from ${checkpoint}`;
			progress.note(`interrupted in epoch ${now.epoch + 1} after ${now.batch} batches${where}`);
			const state = await arrived(now.state);
			return { state, history: now.history, stopped: "interrupted" };
		}
		const numbers = { ...means(now.sums), ...(await validated(validate, now.state)) };
		progress.epoch(now.epoch, numbers);
		now = {
			...now,
			epoch: now.epoch + 1,
			batch: 0,
			sums: noSums,
			history: [...now.history, numbers],
			best:
				earlyStopping === undefined
					? null
					: better(now.best, now.state, now.epoch, numbers, earlyStopping),
		};
		if (checkpoint !== undefined) await saveSnapshot(checkpoint, now);
	}
	const early = outOfPatience(now.best, now.epoch, earlyStopping);
	if (early) progress.note(`no better since epoch ${now.best!.epoch + 1}: stopped`);
	return {
		state: await arrived(now.best?.state ?? now.state),
		history: now.history,
		stopped: early ? "early" : "finished",
	};
}

async function begin<S, B>(
	{ checkpoint, state, earlyStopping }: TrainOptions<S, B>,
	progress: Progress,
): Promise<Snapshot<S>> {
	const found = checkpoint === undefined ? null : await loadSnapshot(checkpoint, state);
	if (found === null) {
		return { state, epoch: 0, batch: 0, step: 0, sums: noSums, history: [], best: null };
	}
	progress.note(`going on from ${checkpoint}: ${found.epoch} epochs and ${found.batch} batches`);
	return { ...found, best: bestBy(found.best, earlyStopping) };
}
