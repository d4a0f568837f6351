import { derivedStep } from "../../examples/01-two-layer-net.ts";
import * as adjoint from "../../lib/index.ts";
import { oneHot, random, type Tensor, tensor, valueAndGrad } from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { adam } from "../../lib/optim/index.ts";

/** A function with arguments to run it at. */
export interface Frozen {
	readonly f: (...args: unknown[]) => unknown;
	readonly args: readonly unknown[];
}

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);
const single = (x: Tensor) => x.astype("float32");
const labels = tensor([0, 2, 1, 1], { dtype: "int32" });

/** A function with its arguments. */
const frozen = <Args extends unknown[]>(f: (...args: Args) => unknown, ...args: Args): Frozen => ({
	f: f as Frozen["f"],
	args,
});

/** A function of parameters and data with its gradient. */
const model = <X, Rest extends unknown[]>(
	f: (x: X, ...rest: Rest) => Tensor,
	x: X,
	...rest: Rest
): Frozen => frozen(valueAndGrad(f), x, ...rest);

const block = nn.transformerBlock(8, 2);
const net = nn.sequential(
	nn.conv2d(1, 4, 3),
	nn.relu,
	nn.maxPool2d(2),
	nn.flatten,
	nn.linear(4 * 3 * 3, 5),
);
const norms = nn.sequential(nn.linear(6, 5), nn.layerNorm(5), nn.gelu, nn.linear(5, 3));
const optimizer = adam({ learningRate: 1e-2 });
const dense = nn.sequential(nn.linear(7, 9), nn.tanh, nn.linear(9, 4));
const params = dense.init(random.key(3));

/** What people write: the kinds of steps that `compile` knows, in both float dtypes. */
export const models: Readonly<Record<string, Frozen>> = {
	"two-layer net": frozen(
		derivedStep,
		{ w1: normal(1, 20, 12), w2: normal(2, 12, 3) },
		normal(3, 8, 20),
		normal(4, 8, 3),
	),
	"two-layer net in float32": frozen(
		derivedStep,
		{ w1: single(normal(1, 20, 12)), w2: single(normal(2, 12, 3)) },
		single(normal(3, 8, 20)),
		single(normal(4, 8, 3)),
	),
	"step with Adam": frozen(
		(p: typeof params, state: ReturnType<typeof optimizer.init<typeof params>>, x: Tensor) => {
			const loss = (q: typeof params) => nn.crossEntropy(dense.apply(q, x), labels);
			const [value, gradient] = valueAndGrad(loss)(p);
			return [value, ...optimizer.update(gradient, state, p)];
		},
		params,
		optimizer.init(params),
		normal(5, 4, 7),
	),
	"convolutional net": model(
		(p: ReturnType<typeof net.init>, x: Tensor) => nn.crossEntropy(net.apply(p, x), labels),
		net.init(random.key(4)),
		normal(6, 4, 1, 8, 8),
	),
	"transformer block": model(
		(p: ReturnType<typeof block.init>, x: Tensor) => block.apply(p, x).square().mean(),
		block.init(random.key(5)),
		normal(7, 2, 5, 8),
	),
	"layer norm and gelu": model(
		(p: ReturnType<typeof norms.init>, x: Tensor) => norms.apply(p, x).square().sum(),
		norms.init(random.key(6)),
		normal(8, 4, 6),
	),
	"recurrent net": model(
		(w: { u: Tensor; v: Tensor }, x: Tensor) => {
			let h: Tensor = adjoint.zeros([2, 5]);
			for (let t = 0; t < 6; t++) h = x.slice(null, t).dot(w.u).add(h.dot(w.v)).tanh();
			return h.square().sum();
		},
		{ u: normal(9, 3, 5), v: normal(10, 5, 5) },
		normal(11, 2, 6, 3),
	),
	"embedding and cross-entropy": model(
		(w: { table: Tensor; out: Tensor }) =>
			nn.crossEntropy(w.table.take(labels, 0).dot(w.out), labels),
		{ table: normal(12, 5, 6), out: normal(13, 6, 5) },
	),
	"dropout from a key": model(
		(w: Tensor, key: Tensor) => {
			const kept = random.bernoulli(key, 0.5, [4, 6]);
			return w.mul(kept.astype("float64")).square().sum();
		},
		normal(14, 4, 6),
		random.key(15),
	),
	"one-hot and where": model(
		(x: Tensor) => {
			const y = oneHot(labels, 3).astype("float64");
			return x.greater(0).where(x.log(), 0).mul(y).sum();
		},
		normal(16, 4, 3),
	),
	"cumulative, sorted and padded": model(
		(x: Tensor) =>
			x
				.cumsum(0)
				.pad([[1, 0]])
				.sort(0)
				.roll(1, 0)
				.mul(adjoint.concat([x, x.slice([0, 1])], 0))
				.sum(),
		normal(17, 6),
	),
	"linear algebra": model(
		(x: Tensor) => {
			const a = x.dot(x.transpose()).add(adjoint.eye(4));
			return a.cholesky().diagonal().log().sum().add(a.inverse().diagonal().sum());
		},
		normal(18, 4, 4),
	),
	"reductions along rows and columns": model(
		(x: Tensor) =>
			x
				.softmax(1)
				.add(x.logSumExp(0, { keepDims: true }))
				.mul(x.variance(1, { keepDims: true }))
				.max(0)
				.sum(),
		normal(19, 5, 7),
	),
	"products of many kinds": model(
		(w: { a: Tensor; b: Tensor; v: Tensor }) =>
			w.a
				.matmul(w.b)
				.dot(w.v)
				.square()
				.sum()
				.add(adjoint.einsum("bij,bjk->ik", w.a, w.b).sum()),
		{ a: normal(20, 2, 3, 4), b: normal(21, 2, 4, 3), v: normal(22, 3) },
	),
};
