import { conv2d, type DType, mul, oneHot, random, type Tensor, valueAndGrad } from "adjoint";
import { compile } from "adjoint/compile";
import { lossOf, type Weights } from "../../../examples/01-two-layer-net.ts";

// biome-ignore lint/suspicious/noExplicitAny: a function of tensors, whatever they are
type Prepare = <F extends (...args: any[]) => unknown>(f: F) => F;

/**
 * A function for each case, which runs it once, of a function that is run as it is or compiled by
 * `prepare`.
 */
export function casesOf(prepare: Prepare): Record<string, () => unknown> {
	const cases: Record<string, () => unknown> = {
		"two-layer step, float32": twoLayerStep(prepare, "float32"),
		"two-layer step, float64": twoLayerStep(prepare, "float64"),
		"convolutional step, float32": convolutionalStep(prepare),
	};
	for (const dtype of ["float32", "float64"] as const) {
		for (const n of [64, 256, 1024]) cases[`product ${n}³, ${dtype}`] = product(prepare, dtype, n);
	}
	const [a, b] = [numbers(1, "float32", [1_000_000]), numbers(2, "float32", [1_000_000])];
	const ops: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
		add: (x, y) => x.add(y),
		relu: (x) => x.maximum(0),
		exp: (x) => x.exp(),
	};
	// A result that is left where it is can be an argument of the next call; one that is read is
	// copied.
	for (const [name, op] of Object.entries(ops)) {
		const run = prepare(op);
		cases[`${name}, 1e6 float32`] = () => run(a, b);
		cases[`${name}, 1e6 float32, read`] = () => read(run(a, b));
	}
	const sum = prepare((x: Tensor) => x.sum());
	cases["sum, 1e6 float32"] = () => read(sum(a));
	return cases;
}

/** The cases, compiled. */
export const compiledCases = (threads: number) =>
	casesOf((f) => compile(f, { threads }) as unknown as typeof f);

function numbers(seed: number, dtype: DType, shape: number[], size = 1): Tensor {
	return random.uniform(random.key(seed), shape, { low: -size, high: size }).astype(dtype);
}

/** Asks for a value, so that the result is there. */
const read = (x: Tensor) => x.array[0];

function twoLayerStep(prepare: Prepare, dtype: DType): () => unknown {
	const [x, y] = [numbers(1, dtype, [64, 1000]), numbers(2, dtype, [64, 10])];
	let weights: Weights = { w1: numbers(3, dtype, [1000, 100]), w2: numbers(4, dtype, [100, 10]) };
	const step = prepare(({ w1, w2 }: Weights, x: Tensor, y: Tensor) => {
		const [loss, g] = valueAndGrad(lossOf)({ w1, w2 }, x, y);
		return { loss, weights: { w1: w1.sub(mul(1e-6, g.w1)), w2: w2.sub(mul(1e-6, g.w2)) } };
	});
	return () => {
		const result = step(weights, x, y);
		weights = result.weights;
		return read(result.loss);
	};
}

interface Net {
	c1: Tensor;
	c2: Tensor;
	w: Tensor;
}

function convolutionalStep(prepare: Prepare): () => unknown {
	const x = numbers(1, "float32", [32, 1, 28, 28]);
	const labels = oneHot(
		Array.from({ length: 32 }, (_, i) => i % 10),
		10,
		{ dtype: "float32" },
	);
	let net: Net = {
		c1: numbers(2, "float32", [8, 1, 3, 3], 0.3),
		c2: numbers(3, "float32", [16, 8, 3, 3], 0.1),
		w: numbers(4, "float32", [16 * 7 * 7, 10], 0.03),
	};
	const options = { stride: 2, padding: 1 };
	const loss = ({ c1, c2, w }: Net, x: Tensor, labels: Tensor) => {
		const h1 = conv2d(x, c1, options).maximum(0);
		const h2 = conv2d(h1, c2, options).maximum(0);
		const logits = h2.reshape([32, 16 * 7 * 7]).matmul(w);
		return logits.logSoftmax(-1).mul(labels).sum(1).mean().neg();
	};
	const step = prepare((now: Net, x: Tensor, labels: Tensor) => {
		const [value, g] = valueAndGrad(loss)(now, x, labels);
		const next = (name: keyof Net) => now[name].sub(mul(0.01, g[name]));
		return { value, net: { c1: next("c1"), c2: next("c2"), w: next("w") } };
	});
	return () => {
		const result = step(net, x, labels);
		net = result.net;
		return read(result.value);
	};
}

function product(prepare: Prepare, dtype: DType, n: number): () => unknown {
	const [x, w] = [numbers(1, dtype, [n, n]), numbers(2, dtype, [n, n])];
	const run = prepare((a: Tensor, b: Tensor) => a.matmul(b));
	return () => read(run(x, w));
}
