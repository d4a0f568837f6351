import { DomainError } from "../core/error.ts";
import { describe } from "../core/options.ts";
import { Tensor } from "../core/tensor.ts";
import { arrived } from "./away.ts";
import { type Metrics, type Numbers, numbersOf } from "./metrics.ts";
import type { TrainOptions } from "./options.ts";

// What the functions that a user gives to `train` give back: they may be written without types.

/** What a step gave: the next state, and the loss with the other metrics. */
export interface Taken<S, M> {
	readonly state: S;
	readonly metrics: M;
}

/**
 * Takes a step.
 * @throws DomainError when the step gives something else than it should
 */
export function takeStep<S, B>(
	step: TrainOptions<S, B>["step"],
	state: S,
	batch: B,
	key: Tensor,
): Taken<S, Metrics> {
	const given = step(state, batch, key);
	checkObject("step", "{ state, loss }", given);
	const { loss, metrics = {} } = given;
	if (given.state === undefined && state !== undefined) {
		throw new DomainError("train: expected step to give { state, loss }, got no state");
	}
	if (Object.hasOwn(metrics, "loss")) {
		throw new DomainError(
			"train: expected step to give other metrics than loss, which it gives besides",
		);
	}
	const all = { loss, ...metrics };
	checkMetrics("step", all);
	return { state: given.state, metrics: all };
}

/**
 * What `validate` measures, by the names that the metrics of an epoch have.
 * @throws DomainError when it gives something else
 */
export async function validated<S>(
	validate: ((state: S) => Metrics) | undefined,
	state: S,
): Promise<Numbers> {
	if (validate === undefined) return {};
	const given = validate(await arrived(state));
	checkObject("validate", "metrics by name", given);
	checkMetrics("validate", given);
	const named = Object.entries(numbersOf(await arrived(given)));
	return Object.fromEntries(named.map(([name, x]) => [`val_${name}`, x]));
}

function checkMetrics(from: string, metrics: Metrics): void {
	for (const [name, x] of Object.entries(metrics)) {
		if (typeof x === "number" || (x instanceof Tensor && x.size === 1)) continue;
		throw new DomainError(
			`train: expected ${from} to give a number as ${name}, or a tensor with one element, got ${describe(x)}`,
		);
	}
}

function checkObject(from: string, expected: string, given: unknown): void {
	if (typeof given === "object" && given !== null && !(given instanceof Promise)) return;
	const way =
		given instanceof Promise
			? ": it cannot be async; what has to be waited for can come with the data, as an async iterable"
			: "";
	throw new DomainError(
		`train: expected ${from} to give ${expected}, got ${describe(given)}${way}`,
	);
}

/** @throws DomainError for what is no collection of batches */
export function checkBatches(x: unknown): void {
	const isObject = typeof x === "object" && x !== null;
	if (isObject && (Symbol.iterator in x || Symbol.asyncIterator in x)) return;
	throw new DomainError(
		`train: expected data to give batches, an array or anything that can be iterated, got ${describe(x)}`,
	);
}

/** The size of the first axis of the first tensor in a batch; 1 where there is none. */
export function rowsIn(batch: unknown): number {
	if (batch instanceof Tensor) return batch.shape[0] ?? 1;
	if (typeof batch !== "object" || batch === null) return 1;
	for (const item of Object.values(batch)) {
		if (typeof item === "object" && item !== null) return rowsIn(item);
	}
	return 1;
}
