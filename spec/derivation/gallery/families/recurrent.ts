import { sub, type Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { GOODFELLOW } from "../sources.ts";

/** Recurrent cells, one step and several. */
export const recurrent: readonly Entry[] = [
	entry({
		name: "rnn-cell",
		title: { en: "A recurrent cell", zh: "循环单元" },
		why: {
			en: "One step is a layer with two inputs, the data and the state before: the gradient goes back into both.",
			zh: "一步就是一个有两个输入的层：数据与前一状态，梯度也传回这两处。",
		},
		f: ({ W, U, b, h }: Of<"W" | "U" | "b" | "h">, x: Tensor, C: Tensor) =>
			x.dot(W).add(h.dot(U)).add(b).as("a").tanh().as("out").mul(C).sum(),
		sizes: [
			{ N: 2, D: 3, H: 4 },
			{ N: 3, D: 5, H: 2 },
		],
		args: (draw, { N, D, H }) => ({
			params: {
				W: draw.normal(D, H),
				U: draw.normal(H, H),
				b: draw.normal(H),
				h: draw.normal(N, H),
			},
			x: draw.normal(N, D),
			C: draw.normal(N, H),
		}),
		options: {
			axes: { W: ["D", "H"], U: ["H", "H"], b: ["H"], h: ["N", "H"], x: ["N", "D"], C: ["N", "H"] },
		},
		textbook: {
			forward: ["out = np.tanh(x @ W + h @ U + b)", "loss = (out * C).sum()"],
			backward: [
				"grad_a = C * (1 - out ** 2)",
				"grad_W = x.T @ grad_a",
				"grad_U = h.T @ grad_a",
				"grad_b = grad_a.sum(axis=0)",
				"grad_h = grad_a @ U.T",
			],
		},
		source: `${GOODFELLOW}, eqs. (10.8)–(10.9), (10.22)–(10.28)`,
		jax: ["jnp.sum(jnp.tanh(x @ W + h @ U + b) * C)"],
	}),
	entry({
		name: "rnn-three-steps",
		title: { en: "Back-propagation through three steps", zh: "三步的随时间反向传播" },
		why: {
			en: "The state's gradient runs back through time, and the shared weights collect a term at every step.",
			zh: "状态的梯度沿时间倒传，共享的权重在每一步都收集一项。",
		},
		f: ({ W, U }: Of<"W" | "U">, x1: Tensor, x2: Tensor, x3: Tensor, C: Tensor) => {
			const h1 = x1.dot(W).as("a1").tanh().as("h1");
			const h2 = x2.dot(W).add(h1.dot(U)).as("a2").tanh().as("h2");
			const h3 = x3.dot(W).add(h2.dot(U)).as("a3").tanh().as("h3");
			return h3.mul(C).sum();
		},
		sizes: [
			{ N: 2, D: 3, H: 4 },
			{ N: 3, D: 2, H: 5 },
		],
		args: (draw, { N, D, H }) => ({
			params: { W: draw.normal(D, H), U: draw.normal(H, H) },
			x1: draw.normal(N, D),
			x2: draw.normal(N, D),
			x3: draw.normal(N, D),
			C: draw.normal(N, H),
		}),
		options: {
			axes: {
				W: ["D", "H"],
				U: ["H", "H"],
				x1: ["N", "D"],
				x2: ["N", "D"],
				x3: ["N", "D"],
				C: ["N", "H"],
			},
		},
		textbook: {
			forward: [
				"h1 = np.tanh(x1 @ W)",
				"h2 = np.tanh(x2 @ W + h1 @ U)",
				"h3 = np.tanh(x3 @ W + h2 @ U)",
				"loss = (h3 * C).sum()",
			],
			backward: [
				"grad_a3 = C * (1 - h3 ** 2)",
				"grad_h2 = grad_a3 @ U.T",
				"grad_a2 = grad_h2 * (1 - h2 ** 2)",
				"grad_h1 = grad_a2 @ U.T",
				"grad_a1 = grad_h1 * (1 - h1 ** 2)",
				"grad_W = x1.T @ grad_a1 + x2.T @ grad_a2 + x3.T @ grad_a3",
				"grad_U = h1.T @ grad_a2 + h2.T @ grad_a3",
			],
		},
		source: `${GOODFELLOW}, eqs. (10.17)–(10.28)`,
		jax: ["h2 = jnp.tanh(x2 @ W + jnp.tanh(x1 @ W) @ U)", "jnp.sum(jnp.tanh(x3 @ W + h2 @ U) * C)"],
	}),
	entry({
		name: "gru-cell",
		title: { en: "GRU cell", zh: "GRU 单元" },
		why: {
			en: "The update gate mixes the old state with the candidate, so its gradient is their difference times that of the output.",
			zh: "更新门把旧状态与候选状态混合，所以它的梯度是二者之差乘以输出的梯度。",
		},
		f: (
			{ Wz, Uz, Wr, Ur, Wn, Un }: Of<"Wz" | "Uz" | "Wr" | "Ur" | "Wn" | "Un">,
			h: Tensor,
			x: Tensor,
			C: Tensor,
		) => {
			const z = x.dot(Wz).add(h.dot(Uz)).as("az").sigmoid().as("z");
			const r = x.dot(Wr).add(h.dot(Ur)).as("ar").sigmoid().as("r");
			const n = x.dot(Wn).add(r.mul(h).as("s").dot(Un)).as("an").tanh().as("n");
			return sub(1, z).mul(n).add(z.mul(h)).as("out").mul(C).sum();
		},
		sizes: [
			{ N: 2, D: 3, H: 4 },
			{ N: 3, D: 2, H: 5 },
		],
		args: (draw, { N, D, H }) => ({
			params: {
				Wz: draw.normal(D, H),
				Uz: draw.normal(H, H),
				Wr: draw.normal(D, H),
				Ur: draw.normal(H, H),
				Wn: draw.normal(D, H),
				Un: draw.normal(H, H),
			},
			h: draw.normal(N, H),
			x: draw.normal(N, D),
			C: draw.normal(N, H),
		}),
		options: {
			axes: {
				Wz: ["D", "H"],
				Uz: ["H", "H"],
				Wr: ["D", "H"],
				Ur: ["H", "H"],
				Wn: ["D", "H"],
				Un: ["H", "H"],
				h: ["N", "H"],
				x: ["N", "D"],
				C: ["N", "H"],
			},
		},
		textbook: {
			forward: [
				"sigmoid = lambda v: 1 / (1 + np.exp(-v))",
				"z = sigmoid(x @ Wz + h @ Uz)",
				"r = sigmoid(x @ Wr + h @ Ur)",
				"s = r * h",
				"n = np.tanh(x @ Wn + s @ Un)",
				"loss = (((1 - z) * n + z * h) * C).sum()",
			],
			backward: [
				"grad_z = C * (h - n)",
				"grad_az = grad_z * z * (1 - z)",
				"grad_Wz = x.T @ grad_az",
				"grad_Uz = h.T @ grad_az",
				"grad_n = C * (1 - z)",
				"grad_an = grad_n * (1 - n ** 2)",
				"grad_Wn = x.T @ grad_an",
				"grad_Un = s.T @ grad_an",
				"grad_s = grad_an @ Un.T",
				"grad_r = grad_s * h",
				"grad_ar = grad_r * r * (1 - r)",
				"grad_Wr = x.T @ grad_ar",
				"grad_Ur = h.T @ grad_ar",
			],
		},
		source: "Cho et al., Learning Phrase Representations (2014), eqs. (5)–(8)",
		jax: [
			"z = jax.nn.sigmoid(x @ Wz + h @ Uz)",
			"r = jax.nn.sigmoid(x @ Wr + h @ Ur)",
			"n = jnp.tanh(x @ Wn + (r * h) @ Un)",
			"jnp.sum(((1 - z) * n + z * h) * C)",
		],
	}),
];
