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

/** What `compile` of `adjoint/compile` does, as far as training needs it. */
export type Compiler = <Args extends unknown[], R>(f: (...args: Args) => R) => (...args: Args) => R;

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
	/**
	 * How many steps are taken in one call: one loop of a compiled program over so many batches side
	 * by side, which saves what each call costs: a small model may train faster, in a run that is
	 * long enough to pay for the loop. It needs `compile`, and the numbers are those of a compiled
	 * step. Progress is shown, Ctrl-C is heeded and other events get their turn between
	 * calls; a loss that becomes NaN leaves the state before the call. State and batches are then
	 * tensors alone; batches of another form, such as a last one of fewer rows, have calls of their
	 * own. Left out: 1, and the step runs as it is given.
	 */
	readonly stepsPerCall?: number;
	/**
	 * What compiles the steps: `compile` of `adjoint/compile`, or a function that calls it with
	 * options, such as `(f) => compile(f, { threads: 2 })`. Left out: the step runs as it is given.
	 */
	readonly compile?: Compiler;
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
	stepsPerCall: kind.count,
	compile: kind.callable,
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
