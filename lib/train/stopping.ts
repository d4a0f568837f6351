import * as kind from "../core/argument-kinds.ts";
import { DomainError } from "../core/error.ts";
import type { OptionKinds } from "../core/options.ts";
import type { Numbers } from "./metrics.ts";

/** When to stop before the last epoch. */
export interface EarlyStopping {
	/** The name of a metric of an epoch; left out: `val_loss`. */
	readonly metric?: string;
	/** Where the metric should go; left out: `"fall"`. */
	readonly goal?: "fall" | "rise";
	/** After how many epochs without a better value. */
	readonly patience: number;
}

/** What the options of early stopping may be. */
export const EARLY_STOPPING: OptionKinds<EarlyStopping> = {
	metric: kind.aString,
	goal: ["fall", "rise"],
	patience: kind.count,
};

/** The best state so far, by the metric that early stopping watches. */
export interface Best<S> {
	readonly state: S;
	readonly value: number;
	readonly epoch: number;
	/** What it is the best by. */
	readonly metric: string;
	readonly goal: "fall" | "rise";
}

/**
 * The better one of the best so far and the state after an epoch.
 * @throws DomainError when there is no such metric
 */
export function better<S>(
	best: Best<S> | null,
	state: S,
	epoch: number,
	numbers: Numbers,
	{ metric = "val_loss", goal = "fall" }: EarlyStopping,
): Best<S> {
	if (!Object.hasOwn(numbers, metric)) {
		throw new DomainError(
			`train: early stopping expected a metric of ${Object.keys(numbers).join(", ")}, got ${metric}`,
		);
	}
	const value = numbers[metric]!;
	const isBetter = (old: number) => (goal === "fall" ? value < old : value > old);
	return best === null || Number.isNaN(best.value) || isBetter(best.value)
		? { state, value, epoch, metric, goal }
		: best;
}

/** The best of an earlier run, if it is the best by what is watched now. */
export function bestBy<S>(
	best: Best<S> | null,
	stopping: EarlyStopping | undefined,
): Best<S> | null {
	if (best === null || stopping === undefined) return null;
	const { metric = "val_loss", goal = "fall" } = stopping;
	return best.metric === metric && best.goal === goal ? best : null;
}

/** Whether the metric has got no better for too long. */
export function outOfPatience(
	best: Best<unknown> | null,
	epoch: number,
	stopping: EarlyStopping | undefined,
): boolean {
	if (stopping === undefined || best === null) return false;
	return epoch - 1 - best.epoch >= stopping.patience;
}
