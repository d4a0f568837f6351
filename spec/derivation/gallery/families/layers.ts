import type { Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { BISHOP, GOODFELLOW } from "../sources.ts";

/** Layers with something of their own: shared weights, gates, lookups, sequences. */
export const layers: readonly Entry[] = [
	entry({
		name: "tied-autoencoder",
		title: { en: "Autoencoder with tied weights", zh: "权重共享的自编码器" },
		why: {
			en: "W is used twice, so its gradient has two terms: one as the encoder, one, transposed, as the decoder.",
			zh: "W 用了两次，所以它的梯度有两项：一项来自编码器，一项（转置后）来自解码器。",
		},
		f: (w: Tensor, x: Tensor) => {
			const h = x.dot(w).as("z").tanh().as("h");
			return h.dot(w.T).as("out").sub(x).square().sum();
		},
		sizes: [
			{ N: 4, D: 5, H: 3 },
			{ N: 6, D: 3, H: 2 },
		],
		args: (draw, { N, D, H }) => ({ w: draw.normal(D, H), x: draw.normal(N, D) }),
		options: { axes: { w: ["D", "H"], x: ["N", "D"] } },
		textbook: {
			forward: ["h = np.tanh(x @ w)", "out = h @ w.T", "loss = ((out - x) ** 2).sum()"],
			backward: [
				"grad_out = 2 * (out - x)",
				"grad_h = grad_out @ w",
				"grad_z = grad_h * (1 - h ** 2)",
				"grad_w = x.T @ grad_z + grad_out.T @ h",
			],
		},
		source: `${GOODFELLOW}, chapter 14`,
		jax: ["jnp.sum((jnp.tanh(x @ w) @ w.T - x) ** 2)"],
	}),
	entry({
		name: "residual-block",
		title: { en: "Residual block", zh: "残差块" },
		why: {
			en: "The gradient of the output reaches the input twice: unchanged along the shortcut, and through the branch.",
			zh: "输出的梯度沿两条路到达输入：经捷径原样传回，再加上经过分支的一份。",
		},
		f: ({ x, w }: Of<"x" | "w">, C: Tensor) =>
			x.add(x.dot(w).as("z").tanh().as("a")).as("out").mul(C).sum(),
		sizes: [
			{ N: 4, D: 3 },
			{ N: 2, D: 5 },
		],
		args: (draw, { N, D }) => ({
			params: { x: draw.normal(N, D), w: draw.normal(D, D) },
			C: draw.normal(N, D),
		}),
		options: { axes: { x: ["N", "D"], w: ["D", "D"], C: ["N", "D"] } },
		textbook: {
			forward: ["a = np.tanh(x @ w)", "loss = ((x + a) * C).sum()"],
			backward: ["grad_z = C * (1 - a ** 2)", "grad_w = x.T @ grad_z", "grad_x = C + grad_z @ w.T"],
		},
		source: "He et al., Identity Mappings in Deep Residual Networks (2016), eq. (5)",
		jax: ["jnp.sum((x + jnp.tanh(x @ w)) * C)"],
	}),
	entry({
		name: "embedding",
		title: { en: "Embedding", zh: "词嵌入" },
		why: {
			en: "A row that is looked up k times gets the sum of k gradients; the transpose of taking rows is adding into rows.",
			zh: "被查到 k 次的行得到 k 个梯度之和；“取行”的转置就是“向行累加”。",
		},
		f: (E: Tensor, ids: Tensor, y: Tensor) => E.take(ids, 0).as("x").sub(y).square().sum(),
		sizes: [
			{ N: 6, V: 4, D: 2 },
			{ N: 5, V: 7, D: 3 },
		],
		args: (draw, { N, V, D }) => ({
			E: draw.normal(V, D),
			ids: draw.labels(N, V),
			y: draw.normal(N, D),
		}),
		options: { axes: { E: ["V", "D"], ids: ["N"], y: ["N", "D"] } },
		textbook: {
			forward: ["x = E[ids]", "loss = ((x - y) ** 2).sum()"],
			backward: [
				"grad_x = 2 * (x - y)",
				"grad_E = np.zeros_like(E)",
				"np.add.at(grad_E, ids, grad_x)",
			],
		},
		source: "Bengio et al., A Neural Probabilistic Language Model (2003)",
		jax: ["jnp.sum((E[ids] - y) ** 2)"],
	}),
	entry({
		name: "linear-on-sequences",
		title: { en: "A linear layer on sequences", zh: "作用于序列的线性层" },
		why: {
			en: "The weights are the same at every step of every sample, so their gradient sums over both axes.",
			zh: "每个样本的每一步都用同样的权重，所以权重的梯度对这两个轴都求和。",
		},
		f: ({ w, b }: Of<"w" | "b">, x: Tensor, C: Tensor) => x.dot(w).add(b).as("z").mul(C).sum(),
		sizes: [
			{ N: 2, T: 3, D: 4, K: 5 },
			{ N: 3, T: 4, D: 2, K: 3 },
		],
		args: (draw, { N, T, D, K }) => ({
			params: { w: draw.normal(D, K), b: draw.normal(K) },
			x: draw.normal(N, T, D),
			C: draw.normal(N, T, K),
		}),
		options: { axes: { w: ["D", "K"], b: ["K"], x: ["N", "T", "D"], C: ["N", "T", "K"] } },
		textbook: {
			forward: ["loss = ((x @ w + b) * C).sum()"],
			backward: [
				"grad_w = np.tensordot(x, C, axes=([0, 1], [0, 1]))",
				"grad_b = C.sum(axis=(0, 1))",
			],
		},
		source: `${GOODFELLOW}, section 6.5.6`,
		jax: ["jnp.sum((x @ w + b) * C)"],
	}),
	entry({
		name: "radial-basis",
		title: { en: "Radial basis functions", zh: "径向基函数" },
		why: {
			en: "The distance enters by its square, so the width gets the squared distances, weighted by the gradients.",
			zh: "距离以平方的形式进入，所以宽度参数的梯度是以梯度加权的平方距离之和。",
		},
		f: ({ w, beta }: Of<"w" | "beta">, d2: Tensor, y: Tensor) =>
			beta.mul(d2).neg().exp().as("phi").dot(w).as("p").sub(y).square().sum(),
		sizes: [
			{ N: 4, K: 3 },
			{ N: 5, K: 2 },
		],
		args: (draw, { N, K }) => ({
			params: { w: draw.normal(K), beta: draw.positive() },
			d2: draw.positive(N, K),
			y: draw.normal(N),
		}),
		options: { axes: { w: ["K"], d2: ["N", "K"], y: ["N"] } },
		textbook: {
			forward: ["phi = np.exp(-beta * d2)", "p = phi @ w", "loss = ((p - y) ** 2).sum()"],
			backward: [
				"grad_p = 2 * (p - y)",
				"grad_w = phi.T @ grad_p",
				"grad_phi = np.outer(grad_p, w)",
				"grad_beta = -(grad_phi * phi * d2).sum()",
			],
		},
		source: `${BISHOP}, section 6.3`,
		jax: ["jnp.sum((jnp.exp(-beta * d2) @ w - y) ** 2)"],
	}),
];
