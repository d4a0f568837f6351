import { conv2d, mapTree, ones, random, relu, type Tensor, valueAndGrad } from "../../lib/index.ts";
import {
	crossEntropy,
	embedding,
	init,
	layerNorm,
	learnedPositions,
	linear,
	lstm,
	sequential,
	transformerBlock,
} from "../../lib/nn/index.ts";
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

/** A GPT with dropout: the step hands its key on, too. */
export function gpt(rows: number): Step {
	const [letters, places, width] = [65, 16, 32];
	const block = () => transformerBlock(width, 4, { causal: true, dropout: 0.1 });
	const model = sequential(
		embedding(letters, width),
		learnedPositions(places, width),
		block(),
		block(),
		layerNorm(width),
		linear(width, letters),
	);
	const params = init(model, random.key(0), { dtype: "float32" });
	const optimizer = adam({ learningRate: 1e-3 });
	const state = optimizer.init(params);
	type Text = { x: Tensor; next: Tensor };
	const step = (own: typeof params, at: typeof state, key: Tensor, { x, next }: Text) => {
		const [now, later] = random.split(key) as [Tensor, Tensor];
		const loss = (p: typeof params) =>
			crossEntropy(model.apply(p, x, { train: true, key: now }), next);
		const [value, gradient] = valueAndGrad(loss)(own);
		const [updated, after] = optimizer.update(gradient, at, own);
		return [updated, after, later, value];
	};
	const text = random.randint(random.key(1), [rows, places], 0, letters);
	const axes = { "batch.x": ["batch", "place"], "batch.next": ["batch", "place"] };
	const args = { params, state, key: random.key(2), batch: { x: text, next: text } };
	return { name: "GPT", f: step, args, axes };
}

/** A net for pictures: a convolution, and a linear layer. */
export function pictures(rows: number): Step {
	const params = { filters: ones([4, 1, 3, 3]), w: ones([4 * 8 * 8, 10]) };
	type Pictures = { x: Tensor; label: Tensor };
	const loss = ({ filters, w }: typeof params, { x, label }: Pictures) => {
		const h = relu(conv2d(x, filters, { padding: 1 }));
		return crossEntropy(h.reshape([rows, -1]).dot(w), label);
	};
	const step = (own: typeof params, batch: Pictures) => {
		const [value, gradient] = valueAndGrad(loss)(own, batch);
		return [mapTree((w: Tensor, g: Tensor) => w.sub(g.mul(0.1)), own, gradient), value];
	};
	const batch = { x: ones([rows, 1, 8, 8]), label: random.randint(random.key(1), [rows], 0, 10) };
	return { name: "pictures", f: step, args: { params, batch }, axes: { "batch.label": ["batch"] } };
}

/** A recurrent net: its step has loops. */
export function recurrent(rows: number): Step {
	const model = sequential(lstm(8, 16), linear(16, 8));
	const params = init(model, random.key(0));
	const loss = (own: typeof params, x: Tensor) => model.apply(own, x).sub(x).square().mean();
	const step = (own: typeof params, { x }: { x: Tensor }) => {
		const [value, gradient] = valueAndGrad(loss)(own, x);
		return [mapTree((w: Tensor, g: Tensor) => w.sub(g.mul(0.1)), own, gradient), value];
	};
	const args = { params, batch: { x: ones([rows, 12, 8]) } };
	return { name: "recurrent", f: step, args, axes: { "batch.x": ["batch", "place", "in"] } };
}
