import type { DType } from "../../lib/core/dtype.ts";
import { mapTree, random, type Tensor, valueAndGrad } from "../../lib/index.ts";

/** The weights of the two-layer net. */
export type Weights = { w1: Tensor; w2: Tensor };

/** What a step is given. */
export type Batch = { x: Tensor; y: Tensor };

/** The sum of squares by which the net is off. */
export const loss = ({ w1, w2 }: Weights, { x, y }: Batch): Tensor =>
	x.dot(w1).as("h").maximum(0).as("h_relu").dot(w2).as("y_pred").sub(y).square().sum();

/** A step of gradient descent. */
export function step(params: Weights, batch: Batch): [Weights, Tensor] {
	const [value, gradient] = valueAndGrad(loss)(params, batch);
	return [mapTree((w: Tensor, g: Tensor) => w.sub(g.mul(1e-6)), params, gradient), value];
}

const [k1, k2, k3, k4] = random.split(random.key(1), 4);

/** Random weights to start from. */
export function weights(dtype: DType): Weights {
	return {
		w1: random.normal(k1, [1000, 100], { dtype }),
		w2: random.normal(k2, [100, 10], { dtype }),
	};
}

/** A random batch of so many samples. */
export function batchOf(samples: number, dtype: DType): Batch {
	return {
		x: random.normal(k3, [samples, 1000], { dtype }),
		y: random.normal(k4, [samples, 10], { dtype }),
	};
}
