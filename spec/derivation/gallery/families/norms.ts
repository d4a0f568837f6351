import type { Tensor } from "../../../../lib/index.ts";
import { layerNorm } from "../../../../lib/nn/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";

const LAYER_NORM = "Ba, Kiros & Hinton, Layer Normalization (2016), section 3";

/** Norms, and layers that normalize. */
export const norms: readonly Entry[] = [
	entry({
		name: "layer-norm",
		title: { en: "Layer normalization", zh: "层归一化" },
		why: {
			en: "Mean and scale of a row have no effect on x̂, so the gradient loses its mean and its part along x̂, and is divided by σ.",
			zh: "一行的均值与尺度不影响 x̂，所以梯度要减去自身的均值和沿 x̂ 的分量，再除以 σ。",
		},
		f: (x: Tensor, c: Tensor) => {
			const centred = x.sub(x.mean(1, { keepDims: true }).as("mu"));
			const sigma = centred.square().mean(1, { keepDims: true }).add(1e-5).sqrt().as("sigma");
			return centred.div(sigma).as("xhat").mul(c).sum();
		},
		sizes: [
			{ N: 3, D: 4 },
			{ N: 2, D: 6 },
		],
		args: (draw, { N, D }) => ({ x: draw.normal(N, D), c: draw.normal(N, D) }),
		options: { axes: { x: ["N", "D"], c: ["N", "D"] } },
		textbook: {
			forward: [
				"mean = lambda v: v.mean(axis=1, keepdims=True)",
				"sigma = np.sqrt(mean((x - mean(x)) ** 2) + 1e-5)",
				"xhat = (x - mean(x)) / sigma",
				"loss = (xhat * c).sum()",
			],
			backward: ["grad_x = (c - mean(c) - xhat * mean(c * xhat)) / sigma"],
		},
		source: LAYER_NORM,
		jax: [
			"centred = x - jnp.mean(x, axis=1, keepdims=True)",
			"sigma = jnp.sqrt(jnp.mean(centred ** 2, axis=1, keepdims=True) + 1e-5)",
			"jnp.sum(centred / sigma * c)",
		],
	}),
	entry({
		name: "layer-norm-layer",
		title: { en: "A layer norm with scale and bias", zh: "带缩放与偏置的层归一化" },
		why: {
			en: "Scale and bias are a diagonal layer: their gradients are sums over the samples.",
			zh: "缩放与偏置相当于一个对角的线性层：它们的梯度是对样本求和。",
		},
		f: ({ scale, bias, x }: Of<"scale" | "bias" | "x">, y: Tensor) =>
			layerNorm(x.shape[1]!).apply({ scale, bias }, x).as("out").sub(y).square().sum(),
		sizes: [
			{ N: 3, D: 4 },
			{ N: 5, D: 6 },
		],
		args: (draw, { N, D }) => ({
			params: { scale: draw.normal(D), bias: draw.normal(D), x: draw.normal(N, D) },
			y: draw.normal(N, D),
		}),
		options: { axes: { scale: ["D"], bias: ["D"], x: ["N", "D"], y: ["N", "D"] } },
		textbook: {
			forward: [
				"mean = lambda v: v.mean(axis=1, keepdims=True)",
				"sigma = np.sqrt(mean((x - mean(x)) ** 2) + 1e-5)",
				"xhat = (x - mean(x)) / sigma",
				"out = scale * xhat + bias",
				"loss = ((out - y) ** 2).sum()",
			],
			backward: [
				"grad_out = 2 * (out - y)",
				"grad_bias = grad_out.sum(axis=0)",
				"grad_scale = (grad_out * xhat).sum(axis=0)",
				"g = grad_out * scale",
				"grad_x = (g - mean(g) - xhat * mean(g * xhat)) / sigma",
			],
		},
		source: LAYER_NORM,
		jax: [
			"centred = x - jnp.mean(x, axis=1, keepdims=True)",
			"sigma = jnp.sqrt(jnp.mean(centred ** 2, axis=1, keepdims=True) + 1e-5)",
			"jnp.sum((centred / sigma * scale + bias - y) ** 2)",
		],
	}),
	entry({
		name: "batch-norm",
		title: { en: "Batch normalization", zh: "批归一化" },
		why: {
			en: "The same formula as layer normalization, along the batch: every sample takes part in mean and variance, so it takes part in the gradient of all others.",
			zh: "公式与层归一化相同，只是沿批次方向：每个样本都参与均值与方差，因而也出现在其他样本的梯度里。",
		},
		f: ({ gamma, beta, x }: Of<"gamma" | "beta" | "x">, y: Tensor) => {
			const centred = x.sub(x.mean(0).as("mu"));
			const sigma = centred.square().mean(0).add(1e-5).sqrt().as("sigma");
			const out = centred.div(sigma).as("xhat").mul(gamma).add(beta).as("out");
			return out.sub(y).square().sum();
		},
		sizes: [
			{ N: 4, D: 3 },
			{ N: 6, D: 2 },
		],
		args: (draw, { N, D }) => ({
			params: { gamma: draw.normal(D), beta: draw.normal(D), x: draw.normal(N, D) },
			y: draw.normal(N, D),
		}),
		options: { axes: { gamma: ["D"], beta: ["D"], x: ["N", "D"], y: ["N", "D"] } },
		textbook: {
			forward: [
				"sigma = np.sqrt(x.var(axis=0) + 1e-5)",
				"xhat = (x - x.mean(axis=0)) / sigma",
				"out = gamma * xhat + beta",
				"loss = ((out - y) ** 2).sum()",
			],
			backward: [
				"grad_out = 2 * (out - y)",
				"grad_beta = grad_out.sum(axis=0)",
				"grad_gamma = (grad_out * xhat).sum(axis=0)",
				"g = grad_out * gamma",
				"grad_x = (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0)) / sigma",
			],
		},
		source: "Ioffe & Szegedy, Batch Normalization (2015), section 3",
		jax: [
			"xhat = (x - jnp.mean(x, axis=0)) / jnp.sqrt(jnp.var(x, axis=0) + 1e-5)",
			"jnp.sum((gamma * xhat + beta - y) ** 2)",
		],
	}),
	entry({
		name: "rms-norm",
		title: { en: "RMS normalization", zh: "RMS 归一化" },
		why: {
			en: "Without centring there is no mean to take off: what is left is the part along x̂.",
			zh: "没有中心化，就不必减去均值，只需减去沿 x̂ 的分量。",
		},
		f: (x: Tensor, c: Tensor) => {
			const r = x.square().mean(1, { keepDims: true }).add(1e-5).sqrt().as("r");
			return x.div(r).as("xhat").mul(c).sum();
		},
		sizes: [
			{ N: 3, D: 4 },
			{ N: 2, D: 5 },
		],
		args: (draw, { N, D }) => ({ x: draw.normal(N, D), c: draw.normal(N, D) }),
		options: { axes: { x: ["N", "D"], c: ["N", "D"] } },
		textbook: {
			forward: [
				"mean = lambda v: v.mean(axis=1, keepdims=True)",
				"r = np.sqrt(mean(x ** 2) + 1e-5)",
				"xhat = x / r",
				"loss = (xhat * c).sum()",
			],
			backward: ["grad_x = (c - xhat * mean(c * xhat)) / r"],
		},
		source: "Zhang & Sennrich, Root Mean Square Layer Normalization (2019), section 4",
		jax: ["jnp.sum(x / jnp.sqrt(jnp.mean(x ** 2, axis=1, keepdims=True) + 1e-5) * c)"],
	}),
	entry({
		name: "weight-norm",
		title: { en: "Weight normalization", zh: "权重归一化" },
		why: {
			en: "The gradient for the direction v is at right angles to v: what lies along it goes to the length g.",
			zh: "方向 v 的梯度与 v 垂直；沿 v 的那一部分归长度 g。",
		},
		f: ({ g, v }: Of<"g" | "v">, c: Tensor) =>
			g
				.mul(v.div(v.norm().as("r")).as("u"))
				.as("w")
				.dot(c),
		sizes: [{ D: 4 }, { D: 6 }],
		args: (draw, { D }) => ({
			params: { g: draw.positive(), v: draw.normal(D) },
			c: draw.normal(D),
		}),
		options: { axes: { v: ["D"], c: ["D"] } },
		textbook: {
			forward: ["r = np.linalg.norm(v)", "loss = g * v / r @ c"],
			backward: ["grad_g = c @ v / r", "grad_v = g / r * c - g * grad_g / r ** 2 * v"],
		},
		source: "Salimans & Kingma, Weight Normalization (2016), eq. (3)",
		jax: ["(g * v / jnp.sqrt(v @ v)) @ c"],
	}),
];
