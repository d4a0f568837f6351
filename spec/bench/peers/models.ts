import {
	cholesky,
	conv2d,
	type DType,
	diagonal,
	exp,
	eye,
	log,
	maxPool2d,
	mul,
	power,
	type Tensor,
	take,
	tensor,
	triangularSolve,
	valueAndGrad,
	zeros,
} from "adjoint";
import { attention, crossEntropy, geluTanh, layerNorm, relu, rnn } from "adjoint/nn";
import { lossOf } from "../../../examples/01-two-layer-net.ts";
import { numbers } from "./numbers.ts";

/**
 * A model with numbers to begin with, and the loss of its training: the same for every contestant,
 * see models.py.
 */
export interface Model {
	readonly params: readonly Tensor[];
	readonly inputs: readonly Tensor[];
	readonly loss: (params: readonly Tensor[], ...inputs: Tensor[]) => Tensor;
}

/** What a step gives. */
export interface Step {
	readonly value: Tensor;
	readonly params: readonly Tensor[];
}

/** A step of training: it takes the parameters, and after them what the optimizer keeps. */
export interface Training {
	readonly params: readonly Tensor[];
	readonly inputs: readonly Tensor[];
	readonly step: (params: readonly Tensor[], inputs: readonly Tensor[]) => Step;
}

const valueAndGradient = ({ loss }: Model, params: readonly Tensor[], inputs: readonly Tensor[]) =>
	valueAndGrad((p: readonly Tensor[]) => loss(p, ...inputs))(params);

/** Gradient descent of so much of the gradient. */
export function descent(model: Model, rate = 0.01): Training {
	const step = (params: readonly Tensor[], inputs: readonly Tensor[]) => {
		const [value, g] = valueAndGradient(model, params, inputs);
		return { value, params: params.map((x, i) => x.sub(mul(rate, g[i]!))) };
	};
	return { params: model.params, inputs: model.inputs, step };
}

/** Adam at a rate of 0.001. It keeps two means for each parameter, and the number of steps. */
export function adam(model: Model, dtype: DType): Training {
	const n = model.params.length;
	const step = (kept: readonly Tensor[], inputs: readonly Tensor[]) => {
		const params = kept.slice(0, n);
		const [value, g] = valueAndGradient(model, params, inputs);
		const t = kept.at(-1)!.add(1);
		const first = g.map((x, i) => kept[n + i]!.mul(0.9).add(x.mul(0.1)));
		const second = g.map((x, i) => kept[2 * n + i]!.mul(0.999).add(x.square().mul(0.001)));
		const [whole1, whole2] = [0.9, 0.999].map((rest) => power(rest, t).neg().add(1));
		const moved = params.map((x, i) => {
			const size = second[i]!.div(whole2!).sqrt().add(1e-8);
			return x.sub(first[i]!.div(whole1!).div(size).mul(1e-3));
		});
		return { value, params: [...moved, ...first, ...second, t] };
	};
	const none = model.params.map(({ shape }) => zeros(shape, { dtype }));
	const params = [...model.params, ...none, ...none, zeros([], { dtype })];
	return { params, inputs: model.inputs, step };
}

/** The rate of the two-layer net. */
const TWO_LAYER_RATE = 1e-6;

/** The two-layer net. */
function twoLayer(dtype: DType): Model {
	return {
		params: [numbers(3, dtype, [1000, 100]), numbers(4, dtype, [100, 10])],
		inputs: [numbers(1, dtype, [64, 1000]), numbers(2, dtype, [64, 10])],
		loss: ([w1, w2]: readonly Tensor[], x: Tensor, y: Tensor) => lossOf({ w1: w1!, w2: w2! }, x, y),
	};
}

/** Training steps by their cases, which adjoint writes for other engines, too. */
export const written: Readonly<Record<string, () => Training>> = Object.fromEntries(
	(["float32", "float64"] as const).flatMap((dtype) => [
		[`two-layer step, ${dtype}`, () => descent(twoLayer(dtype), TWO_LAYER_RATE)],
		[`digits step, ${dtype}`, () => adam(mlp(dtype, [784, 256, 10], 64), dtype)],
		[`mlp step, ${dtype}`, () => descent(mlp(dtype))],
		[`cnn step, ${dtype}`, () => descent(cnn(dtype))],
		[`gpt step, ${dtype}`, () => descent(gpt(dtype))],
	]),
);

/** A function that draws parameters, each from a seed of its own. */
function drawn(dtype: DType) {
	let seed = 100;
	return (shape: readonly number[], size: number, offset = 0) =>
		numbers(++seed, dtype, shape, size, offset);
}

const labels = (count: number, of: (i: number) => number) =>
	tensor(
		Array.from({ length: count }, (_, i) => of(i)),
		{ dtype: "int32" },
	);

/** A net of linear layers with relu between them: weights and biases take turns. */
export function mlp(dtype: DType, sizes = [784, 512, 512, 10], batch = 128): Model {
	const draw = drawn(dtype);
	const params = sizes
		.slice(1)
		.flatMap((m, i) => [draw([sizes[i]!, m], Math.sqrt(6 / sizes[i]!)), draw([m], 0.01)]);
	const loss = (params: readonly Tensor[], x: Tensor, y: Tensor) => {
		let h = x;
		for (let i = 0; i < params.length; i += 2) {
			const z = h.matmul(params[i]!).add(params[i + 1]!);
			h = i + 2 < params.length ? relu(z) : z;
		}
		return crossEntropy(h, y);
	};
	const x = numbers(1, dtype, [batch, sizes[0]!]);
	return { params, inputs: [x, labels(batch, (i) => i % sizes.at(-1)!)], loss };
}

/** Two convolutions with pooling, then a linear layer, on 64 pictures of 28×28. */
function cnn(dtype: DType): Model {
	const draw = drawn(dtype);
	const params = [
		draw([16, 1, 3, 3], 0.3),
		draw([16], 0.1),
		draw([32, 16, 3, 3], 0.1),
		draw([32], 0.1),
		draw([1568, 10], 0.03),
		draw([10], 0.1),
	];
	const layer = (x: Tensor, w: Tensor, b: Tensor) =>
		maxPool2d(relu(conv2d(x, w, { padding: 1 }).add(b.reshape([-1, 1, 1]))), 2);
	const loss = ([c1, b1, c2, b2, w, b]: readonly Tensor[], x: Tensor, y: Tensor) => {
		const h = layer(layer(x, c1!, b1!), c2!, b2!);
		return crossEntropy(h.reshape([64, 1568]).matmul(w!).add(b!), y);
	};
	return { params, inputs: [numbers(1, dtype, [64, 1, 28, 28]), labels(64, (i) => i % 10)], loss };
}

/** Of the GPT: sequences, places, width, layers, heads, letters. */
const [B, T, D, L, H, V] = [8, 128, 128, 4, 4, 65];

/** A transformer that predicts the next of 65 letters. */
export function gpt(dtype: DType): Model {
	const draw = drawn(dtype);
	const norm = () => [draw([D], 0.1, 1), draw([D], 0.1)];
	const block = () => [
		...norm(),
		draw([D, 3 * D], 0.05),
		draw([D, D], 0.05),
		...norm(),
		draw([D, 4 * D], 0.05),
		draw([4 * D], 0.05),
		draw([4 * D, D], 0.05),
		draw([D], 0.05),
	];
	const embeddings = [draw([V, D], 0.05), draw([T, D], 0.05)];
	const blocks = Array.from({ length: L }, block);
	const params = [...embeddings, ...blocks.flat(), ...norm(), draw([D, V], 0.05)];

	const normalized = (x: Tensor, scale: Tensor, bias: Tensor) =>
		layerNorm(D).apply({ scale, bias }, x);
	const heads = (x: Tensor) => x.reshape([B, T, H, D / H]).permute([0, 2, 1, 3]);
	const loss = (params: readonly Tensor[], letters: Tensor, next: Tensor) => {
		let x = take(params[0]!, letters, 0).add(params[1]!);
		for (let i = 2; i < params.length - 3; i += 10) {
			const [n1, m1, qkv, o, n2, m2, f1, c1, f2, c2] = params.slice(i, i + 10) as Tensor[];
			const joint = normalized(x, n1!, m1!).matmul(qkv!);
			const part = (k: number) => heads(joint.slice(null, null, [k * D, (k + 1) * D]));
			const seen = attention(part(0), part(1), part(2), { causal: true });
			x = x.add(seen.permute([0, 2, 1, 3]).reshape([B, T, D]).matmul(o!));
			const inner = geluTanh(normalized(x, n2!, m2!).matmul(f1!).add(c1!));
			x = x.add(inner.matmul(f2!).add(c2!));
		}
		const [n, m, head] = params.slice(-3) as Tensor[];
		return crossEntropy(normalized(x, n!, m!).matmul(head!), next);
	};
	const letters = labels(B * T, (i) => (Math.floor(i / T) * 31 + (i % T) * 7) % V);
	const next = labels(B * T, (i) => (i * 13) % V);
	return { params, inputs: [letters.reshape([B, T]), next.reshape([B, T])], loss };
}

/** A recurrent layer of 32 units over 1,000 places, 16 sequences at once. */
export function recurrent(dtype: DType): Model {
	const draw = drawn(dtype);
	const params = [draw([32, 32], 0.17), draw([32, 32], 0.17), draw([32], 0.1)];
	const layer = rnn(32, 32);
	const loss = ([wx, wh, b]: readonly Tensor[], x: Tensor) =>
		layer.apply({ wx: wx!, wh: wh!, b: b! }, x).square().mean();
	return { params, inputs: [numbers(1, dtype, [16, 1000, 32])], loss };
}

/**
 * The log marginal likelihood of a Gaussian process with an RBF kernel at so many points, by the
 * logarithms of its lengthscale, variance and noise.
 */
export function gaussianProcess(points: number): Model {
	const likelihood = (params: readonly Tensor[], x: Tensor, y: Tensor) => {
		const [lengthscale, variance, noise] = params.map((x) => exp(x)) as [Tensor, Tensor, Tensor];
		const apart = x.expandDims(1).sub(x).div(lengthscale);
		const kernel = variance.mul(exp(mul(-0.5, apart.square())));
		const l = cholesky(kernel.add(noise.mul(eye(points))));
		const white = triangularSolve(l, y);
		return mul(-0.5, white.square().sum()).sub(log(diagonal(l)).sum());
	};
	const scalars = [-0.5, 0.2, -2].map((value) => tensor(value));
	const inputs = [numbers(1, "float64", [points], 3), numbers(2, "float64", [points])];
	return { params: scalars, inputs, loss: likelihood };
}
