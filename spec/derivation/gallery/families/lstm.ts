import type { Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";

const GREFF = "Greff et al., LSTM: A Search Space Odyssey (2017), section II";

/** The LSTM, and its gates alone. */
export const lstm: readonly Entry[] = [
	entry({
		name: "lstm-gates",
		title: { en: "LSTM from its gates", zh: "LSTM：从门开始" },
		why: {
			en: "The cell is a sum, so its gradient passes f c unchanged but for the factor f: this is what keeps long memories trainable.",
			zh: "细胞状态是相加得到的，梯度经过 f c 时只乘以 f：正因如此，长期记忆才可以训练。",
		},
		f: ({ i, f, g, o, c }: Of<"i" | "f" | "g" | "o" | "c">, C: Tensor) => {
			const [I, F] = [i.sigmoid().as("I"), f.sigmoid().as("F")];
			const [G, O] = [g.tanh().as("G"), o.sigmoid().as("O")];
			const cell = F.mul(c).add(I.mul(G)).as("cell");
			return O.mul(cell.tanh().as("t")).as("h").mul(C).sum();
		},
		sizes: [
			{ N: 2, H: 3 },
			{ N: 4, H: 2 },
		],
		args: (draw, { N, H }) => ({
			params: {
				i: draw.normal(N, H),
				f: draw.normal(N, H),
				g: draw.normal(N, H),
				o: draw.normal(N, H),
				c: draw.normal(N, H),
			},
			C: draw.normal(N, H),
		}),
		options: {
			axes: Object.fromEntries(["i", "f", "g", "o", "c", "C"].map((name) => [name, ["N", "H"]])),
		},
		textbook: {
			forward: [
				"I, F, O = (1 / (1 + np.exp(-v)) for v in (i, f, o))",
				"G = np.tanh(g)",
				"cell = F * c + I * G",
				"t = np.tanh(cell)",
				"loss = (O * t * C).sum()",
			],
			backward: [
				"grad_O = C * t",
				"grad_o = grad_O * O * (1 - O)",
				"grad_cell = C * O * (1 - t ** 2)",
				"grad_f = grad_cell * c * F * (1 - F)",
				"grad_i = grad_cell * G * I * (1 - I)",
				"grad_g = grad_cell * I * (1 - G ** 2)",
				"grad_c = grad_cell * F",
			],
		},
		source: GREFF,
		jax: [
			"cell = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)",
			"jnp.sum(jax.nn.sigmoid(o) * jnp.tanh(cell) * C)",
		],
	}),
	entry({
		name: "lstm-cell",
		title: { en: "LSTM cell", zh: "LSTM 单元" },
		why: {
			en: "The four gates are one matrix product, cut into quarters; their gradients are put side by side again.",
			zh: "四个门是一个矩阵乘积切成的四份；它们的梯度再并排拼接起来。",
		},
		f: ({ W, U }: Of<"W" | "U">, h: Tensor, c: Tensor, x: Tensor, C: Tensor) => {
			const [i, f, g, o] = x.dot(W).add(h.dot(U)).as("z").split(4, 1) as [
				Tensor,
				Tensor,
				Tensor,
				Tensor,
			];
			const [I, F] = [i.sigmoid().as("I"), f.sigmoid().as("F")];
			const [G, O] = [g.tanh().as("G"), o.sigmoid().as("O")];
			const cell = F.mul(c).add(I.mul(G)).as("cell");
			return O.mul(cell.tanh().as("t")).as("out").mul(C).sum();
		},
		sizes: [
			{ N: 2, D: 3, H: 2 },
			{ N: 3, D: 4, H: 5 },
		],
		args: (draw, { N, D, H }) => ({
			params: { W: draw.normal(D, 4 * H), U: draw.normal(H, 4 * H) },
			h: draw.normal(N, H),
			c: draw.normal(N, H),
			x: draw.normal(N, D),
			C: draw.normal(N, H),
		}),
		options: {
			axes: {
				W: ["D", "4·H"],
				U: ["H", "4·H"],
				h: ["N", "H"],
				c: ["N", "H"],
				x: ["N", "D"],
				C: ["N", "H"],
			},
		},
		textbook: {
			forward: [
				"z = x @ W + h @ U",
				"i, f, g, o = np.split(z, 4, axis=1)",
				"I, F, O = (1 / (1 + np.exp(-v)) for v in (i, f, o))",
				"G = np.tanh(g)",
				"t = np.tanh(F * c + I * G)",
				"loss = (O * t * C).sum()",
			],
			backward: [
				"grad_o = C * t * O * (1 - O)",
				"grad_cell = C * O * (1 - t ** 2)",
				"grad_f = grad_cell * c * F * (1 - F)",
				"grad_i = grad_cell * G * I * (1 - I)",
				"grad_g = grad_cell * I * (1 - G ** 2)",
				"grad_z = np.concatenate([grad_i, grad_f, grad_g, grad_o], axis=1)",
				"grad_W = x.T @ grad_z",
				"grad_U = h.T @ grad_z",
			],
		},
		source: GREFF,
		jax: [
			"i, f, g, o = jnp.split(x @ W + h @ U, 4, axis=1)",
			"cell = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)",
			"jnp.sum(jax.nn.sigmoid(o) * jnp.tanh(cell) * C)",
		],
	}),
];
