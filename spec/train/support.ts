import { batches } from "../../lib/data/index.ts";
import { mul, random, sub, type Tensor, tensor, valueAndGrad } from "../../lib/index.ts";
import { type TrainOptions, train } from "../../lib/train/index.ts";

export type State = { w: Tensor };
export type Batch = { x: Tensor; y: Tensor };

export const x = random.normal(random.key(1), [10, 3]);
export const y = x.dot(tensor([1, -2, 3]));
/** A linear model that knows nothing yet. */
export const start: State = { w: tensor([0, 0, 0]) };

export const lossOf = (w: Tensor, batch: Batch) => batch.x.dot(w).sub(batch.y).square().mean();

export const step = ({ w }: State, batch: Batch, key: Tensor) => {
	const [loss, gradient] = valueAndGrad(lossOf)(w, batch);
	// Noise, so that the keys of a resumed run have to be the right ones.
	const noise = random.normal(key, [3]);
	return { state: { w: sub(w, mul(0.1, gradient.add(noise.mul(0.01)))) }, loss };
};

export const data = (epoch: number) =>
	batches({ x, y }, { batchSize: 4, key: random.foldIn(random.key(7), epoch) });

/** Four epochs that are not shown. */
export const run = (options: Partial<TrainOptions<State, Batch>> = {}) =>
	train({ state: start, step, data, epochs: 4, output: null, ...options });

/** A step that must not be taken. */
export function never(): never {
	throw new Error("a step was taken");
}
