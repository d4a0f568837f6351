import * as kind from "../core/argument-kinds.ts";
import type { OptionKinds } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Metrics } from "./metrics.ts";
import { OUTPUT, type Output } from "./progress.ts";
import type { EarlyStopping } from "./stopping.ts";

/** What a step gives back. */
export interface StepResult<S> {
	/** The next state. */
	readonly state: S;
	readonly loss: Tensor | number;
	readonly metrics?: Metrics;
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

/** What each of them may be. */
export const TRAIN_OPTIONS: OptionKinds<TrainOptions<unknown, unknown>> = {
	state: kind.anything,
	step: kind.callable,
	data: kind.callable,
	epochs: kind.whole,
	validate: kind.callable,
	earlyStopping: kind.structure,
	checkpoint: kind.aString,
	key: kind.aTensor,
	output: { expected: "a stream or null", holds: (x) => x === null || OUTPUT.holds(x) },
	signal: {
		expected: "an AbortSignal",
		holds: (x) => kind.structure.holds(x) && typeof (x as AbortSignal).aborted === "boolean",
	},
};
