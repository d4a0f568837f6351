import type { Tensor } from "../../../../lib/index.ts";
import { silu } from "../../../../lib/nn/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { GOODFELLOW } from "../sources.ts";

/** Layers that decide how much passes. */
export const gates: readonly Entry[] = [
	entry({
		name: "gelu-net",
		title: { en: "A net with GELU", zh: "GELU 网络" },
		why: {
			en: "GELU is z Φ(z), so by the product rule its slope is Φ(z) + z φ(z).",
			zh: "GELU 是 z Φ(z)，按乘积法则，斜率为 Φ(z) + z φ(z)。",
		},
		f: ({ w1, w2 }: Of<"w1" | "w2">, x: Tensor, y: Tensor) => {
			const a = x.dot(w1).as("z").gelu().as("a");
			return a.dot(w2).as("out").sub(y).square().sum();
		},
		sizes: [
			{ N: 4, D: 3, H: 5, K: 2 },
			{ N: 3, D: 4, H: 2, K: 3 },
		],
		args: (draw, { N, D, H, K }) => ({
			params: { w1: draw.normal(D, H), w2: draw.normal(H, K) },
			x: draw.normal(N, D),
			y: draw.normal(N, K),
		}),
		options: { axes: { w1: ["D", "H"], w2: ["H", "K"], x: ["N", "D"], y: ["N", "K"] } },
		textbook: {
			forward: [
				"from math import erf, pi",
				"z = x @ w1",
				"Phi = 0.5 * (1 + np.vectorize(erf)(z / np.sqrt(2)))",
				"a = z * Phi",
				"out = a @ w2",
				"loss = ((out - y) ** 2).sum()",
			],
			backward: [
				"grad_out = 2 * (out - y)",
				"grad_w2 = a.T @ grad_out",
				"grad_a = grad_out @ w2.T",
				"grad_z = grad_a * (Phi + z * np.exp(-z ** 2 / 2) / np.sqrt(2 * pi))",
				"grad_w1 = x.T @ grad_z",
			],
		},
		source: "Hendrycks & Gimpel, Gaussian Error Linear Units (2016), section 2",
		jax: ["jnp.sum((jax.nn.gelu(x @ w1, approximate=False) @ w2 - y) ** 2)"],
	}),
	entry({
		name: "swiglu",
		title: { en: "SwiGLU", zh: "SwiGLU" },
		why: {
			en: "Gate and value are multiplied, so each one's gradient is scaled by the other.",
			zh: "门与值相乘，所以各自的梯度都乘以对方。",
		},
		f: ({ wg, wv, wo }: Of<"wg" | "wv" | "wo">, x: Tensor, C: Tensor) => {
			const gate = silu(x.dot(wg).as("z")).as("gate");
			return gate.mul(x.dot(wv).as("v")).as("h").dot(wo).as("out").mul(C).sum();
		},
		sizes: [
			{ N: 4, D: 3, H: 5, K: 2 },
			{ N: 3, D: 4, H: 2, K: 3 },
		],
		args: (draw, { N, D, H, K }) => ({
			params: { wg: draw.normal(D, H), wv: draw.normal(D, H), wo: draw.normal(H, K) },
			x: draw.normal(N, D),
			C: draw.normal(N, K),
		}),
		options: {
			axes: { wg: ["D", "H"], wv: ["D", "H"], wo: ["H", "K"], x: ["N", "D"], C: ["N", "K"] },
		},
		textbook: {
			forward: [
				"z, v = x @ wg, x @ wv",
				"s = 1 / (1 + np.exp(-z))",
				"gate = z * s",
				"h = gate * v",
				"loss = (h @ wo * C).sum()",
			],
			backward: [
				"grad_wo = h.T @ C",
				"grad_h = C @ wo.T",
				"grad_v = grad_h * gate",
				"grad_wv = x.T @ grad_v",
				"grad_gate = grad_h * v",
				"grad_z = grad_gate * s * (1 + z * (1 - s))",
				"grad_wg = x.T @ grad_z",
			],
		},
		source: "Shazeer, GLU Variants Improve Transformer (2020), eq. (6)",
		jax: ["jnp.sum((jax.nn.silu(x @ wg) * (x @ wv)) @ wo * C)"],
	}),
	entry({
		name: "mixture-of-experts",
		title: { en: "Mixture of experts", zh: "混合专家" },
		why: {
			en: "The gate is a softmax: an expert gains weight as far as its output serves better than the mean of all.",
			zh: "门是 softmax：某个专家的输出比所有专家的平均更有用，它的权重就增大。",
		},
		f: ({ wg, we }: Of<"wg" | "we">, x: Tensor, c: Tensor) =>
			x.dot(wg).as("z").softmax(1).as("g").mul(x.dot(we).as("e")).sum(1).mul(c).sum(),
		sizes: [
			{ N: 4, D: 3, K: 2 },
			{ N: 3, D: 2, K: 5 },
		],
		args: (draw, { N, D, K }) => ({
			params: { wg: draw.normal(D, K), we: draw.normal(D, K) },
			x: draw.normal(N, D),
			c: draw.normal(N),
		}),
		options: { axes: { wg: ["D", "K"], we: ["D", "K"], x: ["N", "D"], c: ["N"] } },
		textbook: {
			forward: [
				"g = np.exp(x @ wg) / np.exp(x @ wg).sum(axis=1, keepdims=True)",
				"e = x @ we",
				"loss = ((g * e).sum(axis=1) * c).sum()",
			],
			backward: [
				"grad_e = c[:, None] * g",
				"grad_g = c[:, None] * e",
				"grad_z = g * (grad_g - (g * grad_g).sum(axis=1, keepdims=True))",
				"grad_wg = x.T @ grad_z",
				"grad_we = x.T @ grad_e",
			],
		},
		source: "Jacobs, Jordan, Nowlan & Hinton, Adaptive Mixtures of Local Experts (1991)",
		jax: ["jnp.sum(jnp.sum(jax.nn.softmax(x @ wg) * (x @ we), axis=1) * c)"],
	}),
	entry({
		name: "dropout",
		title: { en: "Dropout", zh: "随机失活（dropout）" },
		why: {
			en: "The mask that hid a unit hides its gradient, with the same factor, here 2 for a rate of one half.",
			zh: "前向时遮住某个单元的掩码，反向时也遮住它的梯度，并带同样的因子，这里是 2。",
		},
		f: (w: Tensor, x: Tensor, mask: Tensor, y: Tensor) =>
			x.mul(mask).mul(2).as("d").dot(w).as("p").sub(y).square().sum().div(2),
		sizes: [
			{ N: 4, D: 3 },
			{ N: 3, D: 5 },
		],
		args: (draw, { N, D }) => ({
			w: draw.normal(D),
			x: draw.normal(N, D),
			mask: draw.bits(N, D),
			y: draw.normal(N),
		}),
		options: { axes: { w: ["D"], x: ["N", "D"], mask: ["N", "D"], y: ["N"] } },
		textbook: {
			forward: ["d = 2 * mask * x", "p = d @ w", "loss = ((p - y) ** 2).sum() / 2"],
			backward: ["grad_p = p - y", "grad_w = d.T @ grad_p"],
		},
		source: `${GOODFELLOW}, section 7.12`,
		jax: ["jnp.sum(((2 * mask * x) @ w - y) ** 2) / 2"],
	}),
];
