// What Node and the page both do: train the two-layer net.
import { random, type Tensor, valueAndGrad } from "adjoint";
import { compile } from "adjoint/compile";

interface Weights {
	w1: Tensor;
	w2: Tensor;
}

interface Trained {
	readonly losses: readonly number[];
	/** The notes of `explain` after the first step, and in the end. */
	readonly first: readonly string[];
	readonly notes: readonly string[];
}

/** What the page sends: what training came to in each dtype, or why it did not. */
export type Answer = Record<"float64" | "float32", Trained> | { readonly error: string };

function lossOf({ w1, w2 }: Weights, x: Tensor, y: Tensor): Tensor {
	return x.dot(w1).maximum(0).dot(w2).sub(y).square().sum();
}

function step(weights: Weights, x: Tensor, y: Tensor) {
	const [loss, { w1, w2 }] = valueAndGrad(lossOf)(weights, x, y);
	const next = { w1: weights.w1.sub(w1.mul(1e-6)), w2: weights.w2.sub(w2.mul(1e-6)) };
	return { loss, weights: next };
}

/** Lets workers start, and their errors arrive. */
export const pause = (ms = 0): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** What is true of workers that have not started yet, in `explain`. */
export const isWaiting = (notes: readonly string[]): boolean =>
	notes.some((note) => note.includes("so far"));

/**
 * Trains for 100 steps, compiled for two threads or as it is. The workers start after half of them.
 */
export async function train(dtype: "float64" | "float32", compiles: boolean): Promise<Trained> {
	const keys = random.split(random.key(0), 4);
	const normal = (i: number, shape: number[]) => random.normal(keys[i]!, shape, { dtype });
	const [x, y] = [normal(0, [64, 1000]), normal(1, [64, 10])];
	let weights = { w1: normal(2, [1000, 100]), w2: normal(3, [100, 10]) };
	const compiled = compile(step, { threads: 2, reproducible: true });
	const run = compiles ? compiled : step;
	const losses: number[] = [];
	const notes = () => compiled.explain(weights, x, y).notes;
	const first = notes();
	for (let t = 0; t < 100; t++) {
		if (t === 50) await pause();
		while (t === 50 && isWaiting(notes())) await pause(5);
		const now = run(weights, x, y);
		losses.push(now.loss.item());
		weights = now.weights;
	}
	return { losses, first, notes: notes() };
}
