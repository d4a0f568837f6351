import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { random, type Tensor, tensor } from "../../lib/index.ts";

/** A function with arguments to derive it at; the first argument is differentiated. */
export interface Net {
	readonly f: (...args: never[]) => Tensor;
	readonly args: Readonly<Record<string, unknown>>;
	readonly axes?: Readonly<Record<string, readonly string[]>>;
}

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

type Weights = Record<string, Tensor>;

/**
 * A few nets that between them use broadcasting, fan-out, masks, shared weights and reductions
 * along axes.
 */
export const nets: Readonly<Record<string, Net>> = {
	twoLayers: {
		f: ({ w1, w2 }: Weights, x: Tensor, y: Tensor) => {
			const h = x.dot(w1!).as("h");
			const h_relu = h.maximum(0).as("h_relu");
			const y_pred = h_relu.dot(w2!).as("y_pred");
			return y_pred.sub(y).square().sum();
		},
		args: {
			params: { w1: normal(1, [5, 4]), w2: normal(2, [4, 3]) },
			x: normal(3, [6, 5]),
			y: normal(4, [6, 3]),
		},
		axes: { x: ["N", "D_in"], w1: ["D_in", "H"], w2: ["H", "D_out"], y: ["N", "D_out"] },
	},
	classifier: {
		f: ({ w, b }: Weights, x: Tensor, y: Tensor) => {
			const logits = x.dot(w!).add(b!).as("logits");
			return logits.logSoftmax().mul(y).sum(-1).mean().neg();
		},
		args: {
			params: { w: normal(1, [4, 3]), b: normal(2, [3]) },
			x: normal(3, [5, 4]),
			y: tensor([
				[1, 0, 0],
				[0, 1, 0],
				[0, 0, 1],
				[1, 0, 0],
				[0, 1, 0],
			]),
		},
	},
	attention: {
		f: ({ w_q, w_k, w_v }: Weights, x: Tensor) => {
			const [q, k, v] = [x.dot(w_q!).as("q"), x.dot(w_k!).as("k"), x.dot(w_v!).as("v")];
			const weights = q.dot(k.T).div(2).softmax().as("weights");
			return weights.dot(v).square().mean();
		},
		args: {
			params: { w_q: normal(1, [4, 4]), w_k: normal(2, [4, 4]), w_v: normal(3, [4, 4]) },
			x: normal(4, [5, 4]),
		},
		axes: { x: ["T", "D"], w_q: ["D", "K"], w_k: ["D", "K"], w_v: ["D", "D"] },
	},
	sharedWeights: {
		f: ({ w }: Weights, x: Tensor) => {
			const h = x.dot(w!).tanh().as("h");
			return h.dot(w!).sub(x).abs().mean(0).max();
		},
		args: { params: { w: normal(1, [3, 3]) }, x: normal(2, [4, 3]) },
	},
};

/** The derivation of one of the nets. */
export function derivationOf(net: Net): Derivation {
	return derive(net.f as never, net.args, net.axes === undefined ? {} : { axes: net.axes });
}
