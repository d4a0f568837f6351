import { ones, random, relu, type Tensor, valueAndGrad } from "../../lib/index.ts";
import { crossEntropy, init, linear, sequential } from "../../lib/nn/index.ts";
import { adam } from "../../lib/optim/index.ts";
import { step as twoLayerStep } from "./two-layer-net.ts";

/** A training step with arguments, and names of the axes of its batch. */
export interface Step {
	readonly name: string;
	readonly f: (...args: never[]) => unknown;
	readonly args: Readonly<Record<string, unknown>>;
	readonly axes: Readonly<Record<string, readonly string[]>>;
}

/** The step of the two-layer net, on a batch of so many rows. */
export function twoLayers(rows: number): Step {
	return {
		name: "two layers",
		f: twoLayerStep,
		args: {
			params: { w1: ones([1000, 100]), w2: ones([100, 10]) },
			batch: { x: ones([rows, 1000]), y: ones([rows, 10]) },
		},
		axes: { "batch.x": ["batch", "in"], "batch.y": ["batch", "out"] },
	};
}

/** The step of examples/05-digits.ts. */
export function digits(rows: number): Step {
	const dtype = "float32";
	const model = sequential(linear(784, 256), relu, linear(256, 10));
	const params = init(model, random.key(0), { dtype });
	const optimizer = adam({ learningRate: 1e-3 });
	const state = optimizer.init(params);
	const lossOf = (own: typeof params, { x, label }: { x: Tensor; label: Tensor }) =>
		crossEntropy(model.apply(own, x), label);
	const step = (own: typeof params, at: typeof state, batch: { x: Tensor; label: Tensor }) => {
		const [value, gradient] = valueAndGrad(lossOf)(own, batch);
		const [next, after] = optimizer.update(gradient, at, own);
		return [next, after, value];
	};
	return {
		name: "digits",
		f: step,
		args: {
			params,
			state,
			batch: {
				x: ones([rows, 784], { dtype }),
				label: random.randint(random.key(1), [rows], 0, 10),
			},
		},
		axes: { "batch.x": ["batch", "in"], "batch.label": ["batch"] },
	};
}
