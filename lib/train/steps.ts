import { scanAs } from "../control/scan.ts";
import { DomainError } from "../core/error.ts";
import { asTensor, broadcastNumber } from "../core/lift.ts";
import type { Tensor } from "../core/tensor.ts";
import { flatten, leavesLike } from "../core/tree.ts";
import { add } from "../ops/arithmetic.ts";
import { stack } from "../ops/joining.ts";
import { foldIn } from "../random/keys.ts";
import { type Taken, takeStep } from "./given.ts";
import { type Metrics, type Numbers, numbersOf } from "./metrics.ts";
import type { Compiler, TrainOptions } from "./options.ts";

/** The metrics of some steps, whose elements may have to be waited for. */
export interface MeasuredSteps {
	readonly metrics: Metrics;
	/** Those of each step, when they are there. */
	readonly numbers: () => readonly Numbers[];
}

/**
 * Takes a step for each of some batches of one form; gives the metrics of each. `first` is the
 * number of the first step, of which and the key each has a key of its own.
 */
export type TakeSteps<S, B> = (
	state: S,
	batches: readonly B[],
	key: Tensor,
	first: number,
) => Taken<S, MeasuredSteps>;

/**
 * How the steps of a run are taken: one after the other, or several in one call of a program.
 * @throws DomainError for several in a call without what compiles them
 */
export function takingSteps<S, B>({
	step,
	stepsPerCall = 1,
	compile,
}: TrainOptions<S, B>): TakeSteps<S, B> {
	if (stepsPerCall > 1) {
		if (compile !== undefined) return inOneCall(step, compile);
		throw new DomainError(
			`train: expected the function compile of adjoint/compile with stepsPerCall; pass { stepsPerCall: ${stepsPerCall}, compile }`,
		);
	}
	const one = compile === undefined ? step : compile(step);
	return (before, [batch], key, first) => {
		const { state, metrics } = takeStep(one, before, batch!, foldIn(key, first));
		return { state, metrics: { metrics, numbers: () => [numbersOf(metrics)] } };
	};
}

/** As one loop of a compiled program over batches and keys that lie side by side. */
function inOneCall<S, B>(step: TrainOptions<S, B>["step"], compile: Compiler): TakeSteps<S, B> {
	const run = compile((state: S, batches: B, key: Tensor, first: Tensor) => {
		const one = (now: S, batch: B, t: Tensor) => {
			const { state, metrics } = takeStep(step, now, batch, foldIn(key, add(first, t)));
			return [state, tensorsOf(metrics)] as const;
		};
		return scanAs<S, B, unknown>("train", one, state, batches, {});
	});
	return (before, batches, key, first) => {
		const number = broadcastNumber("train", first, "int32", []);
		const [state, given] = run(before, sideBySide(batches), key, number);
		const metrics = given as Readonly<Record<string, Tensor>>;
		const numbers = () => {
			const all = Object.entries(metrics).map(([name, x]) => [name, x.data] as const);
			const at = (i: number) => Object.fromEntries(all.map(([name, data]) => [name, data[i]!]));
			return batches.map((_, i) => at(i));
		};
		return { state, metrics: { metrics, numbers } };
	};
}

function tensorsOf(metrics: Metrics): Metrics {
	return Object.fromEntries(
		Object.entries(metrics).map(([name, x]) => [name, asTensor("train", x)]),
	);
}

/** Batches of one form as one, along a new first axis. */
function sideBySide<B>(batches: readonly B[]): B {
	const first = flatten("train", batches[0]!, "batch");
	const all = batches.map((batch) => leavesLike("train", "batch", batch, first));
	return first.rebuild<B>(first.leaves.map((_, i) => stack(all.map((leaves) => leaves[i]!))));
}

/** What batches have in common that can lie side by side: the types of their tensors. */
export function formOf(batch: unknown): string {
	const { leaves, paths } = flatten("train", batch, "batch");
	return leaves.map(({ dtype, shape }, i) => `${paths[i]} ${dtype} ${shape}`).join();
}
