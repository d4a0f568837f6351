import { ones, type Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { GOODFELLOW } from "../sources.ts";

const FLASH = "Dao et al., FlashAttention (2022), appendix B.2";

/** Softmax and what is built on it. */
export const attention: readonly Entry[] = [
	entry({
		name: "log-sum-exp",
		title: { en: "Log-sum-exp", zh: "log-sum-exp" },
		why: {
			en: "The gradient of this smooth maximum is the softmax: it shares 1 among the elements.",
			zh: "这个光滑最大值的梯度就是 softmax：把 1 分给各个元素。",
		},
		f: (z: Tensor) => z.logSumExp(),
		sizes: [{ K: 4 }, { K: 6 }],
		args: (draw, { K }) => ({ z: draw.normal(K) }),
		options: { axes: { z: ["K"] } },
		textbook: {
			forward: ["loss = np.log(np.exp(z).sum())"],
			backward: ["grad_z = np.exp(z - loss)"],
		},
		source: "Boyd & Vandenberghe, Convex Optimization (2004), section 3.1.5",
		jax: ["jax.scipy.special.logsumexp(z)"],
	}),
	entry({
		name: "softmax",
		title: { en: "Softmax", zh: "softmax" },
		why: {
			en: "All elements of a row share one sum, so each gradient loses the row's mean gradient, weighted by p.",
			zh: "一行的元素共用一个分母，所以每个梯度要减去以 p 加权的该行平均梯度。",
		},
		f: (z: Tensor, c: Tensor) => z.softmax(1).as("p").mul(c).sum(),
		sizes: [
			{ N: 3, K: 4 },
			{ N: 2, K: 5 },
		],
		args: (draw, { N, K }) => ({ z: draw.normal(N, K), c: draw.normal(N, K) }),
		options: { axes: { z: ["N", "K"], c: ["N", "K"] } },
		textbook: {
			forward: ["p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)", "loss = (p * c).sum()"],
			backward: ["grad_z = p * (c - (c * p).sum(axis=1, keepdims=True))"],
		},
		source: `${GOODFELLOW}, section 6.2.2.3`,
		jax: ["jnp.sum(jax.nn.softmax(z) * c)"],
	}),
	entry({
		name: "attention",
		title: { en: "Attention", zh: "注意力" },
		why: {
			en: "Two matrix products with a softmax between them: the gradient passes the product with V, the softmax row by row, and the product of Q and K.",
			zh: "两个矩阵乘积之间夹着一个 softmax：梯度依次穿过与 V 的乘积、逐行的 softmax、Q 与 K 的乘积。",
		},
		f: ({ Q, K, V }: Of<"Q" | "K" | "V">, C: Tensor) => {
			const S = Q.dot(K.T).div(Math.sqrt(Q.shape[1]!)).as("S");
			return S.softmax(1).as("P").dot(V).as("O").mul(C).sum();
		},
		sizes: [
			{ T: 3, L: 4, D: 2, E: 5 },
			{ T: 4, L: 3, D: 5, E: 2 },
		],
		args: (draw, { T, L, D, E }) => ({
			params: { Q: draw.normal(T, D), K: draw.normal(L, D), V: draw.normal(L, E) },
			C: draw.normal(T, E),
		}),
		options: { axes: { Q: ["T", "D"], K: ["L", "D"], V: ["L", "E"], C: ["T", "E"] } },
		textbook: {
			forward: [
				"S = Q @ K.T / np.sqrt(Q.shape[1])",
				"P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)",
				"loss = (P @ V * C).sum()",
			],
			backward: [
				"grad_V = P.T @ C",
				"grad_P = C @ V.T",
				"grad_S = P * (grad_P - (P * grad_P).sum(axis=1, keepdims=True))",
				"grad_Q = grad_S @ K / np.sqrt(Q.shape[1])",
				"grad_K = grad_S.T @ Q / np.sqrt(Q.shape[1])",
			],
		},
		source: FLASH,
		jax: ["jnp.sum(jax.nn.softmax(Q @ K.T / jnp.sqrt(Q.shape[1])) @ V * C)"],
	}),
	entry({
		name: "self-attention",
		title: { en: "Self-attention with its projections", zh: "自注意力及其投影" },
		why: {
			en: "The same input is projected three times, so each projection gets the transposed input times its own gradient.",
			zh: "同一输入被投影三次，所以每个投影矩阵的梯度都是输入的转置乘以各自的梯度。",
		},
		f: ({ wq, wk, wv }: Of<"wq" | "wk" | "wv">, x: Tensor, C: Tensor) => {
			const [Q, K, V] = [x.dot(wq).as("Q"), x.dot(wk).as("K"), x.dot(wv).as("V")];
			const S = Q.dot(K.T).div(Math.sqrt(wq.shape[1]!)).as("S");
			return S.softmax(1).as("P").dot(V).as("O").mul(C).sum();
		},
		sizes: [
			{ T: 4, M: 5, D: 3, E: 2 },
			{ T: 3, M: 2, D: 4, E: 6 },
		],
		args: (draw, { T, M, D, E }) => ({
			params: { wq: draw.normal(M, D), wk: draw.normal(M, D), wv: draw.normal(M, E) },
			x: draw.normal(T, M),
			C: draw.normal(T, E),
		}),
		options: {
			axes: { wq: ["M", "D"], wk: ["M", "D"], wv: ["M", "E"], x: ["T", "M"], C: ["T", "E"] },
		},
		textbook: {
			forward: [
				"Q, K, V = x @ wq, x @ wk, x @ wv",
				"S = Q @ K.T / np.sqrt(wq.shape[1])",
				"P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)",
				"loss = (P @ V * C).sum()",
			],
			backward: [
				"grad_V = P.T @ C",
				"grad_wv = x.T @ grad_V",
				"grad_P = C @ V.T",
				"grad_S = P * (grad_P - (P * grad_P).sum(axis=1, keepdims=True))",
				"grad_Q = grad_S @ K / np.sqrt(wq.shape[1])",
				"grad_wq = x.T @ grad_Q",
				"grad_K = grad_S.T @ Q / np.sqrt(wq.shape[1])",
				"grad_wk = x.T @ grad_K",
			],
		},
		source: FLASH,
		jax: [
			"S = (x @ wq) @ (x @ wk).T / jnp.sqrt(wq.shape[1])",
			"jnp.sum(jax.nn.softmax(S) @ (x @ wv) * C)",
		],
	}),
	entry({
		name: "causal-attention",
		title: { en: "Causal attention", zh: "因果注意力" },
		why: {
			en: "A score that the mask hides has probability 0, so its gradient is 0 by itself.",
			zh: "被掩码遮住的分数概率为 0，它的梯度自然也是 0。",
		},
		f: ({ Q, K, V }: Of<"Q" | "K" | "V">, C: Tensor) => {
			const T = Q.shape[0]!;
			const mask = ones([T, T]).tril().greater(0);
			const S = Q.dot(K.T).div(Math.sqrt(Q.shape[1]!)).as("S");
			return mask.where(S, -Infinity).softmax(1).as("P").dot(V).as("O").mul(C).sum();
		},
		sizes: [
			{ T: 4, D: 3, E: 2 },
			{ T: 6, D: 2, E: 3 },
		],
		args: (draw, { T, D, E }) => ({
			params: { Q: draw.normal(T, D), K: draw.normal(T, D), V: draw.normal(T, E) },
			C: draw.normal(T, E),
		}),
		options: { axes: { Q: ["T", "D"], K: ["T", "D"], V: ["T", "E"], C: ["T", "E"] } },
		textbook: {
			forward: [
				"mask = np.tril(np.ones((len(Q), len(Q)))) > 0",
				"S = np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)",
				"P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)",
				"loss = (P @ V * C).sum()",
			],
			backward: [
				"grad_V = P.T @ C",
				"grad_P = C @ V.T",
				"grad_S = P * (grad_P - (P * grad_P).sum(axis=1, keepdims=True))",
				"grad_Q = grad_S @ K / np.sqrt(Q.shape[1])",
				"grad_K = grad_S.T @ Q / np.sqrt(Q.shape[1])",
			],
		},
		source: FLASH,
		jax: [
			"mask = jnp.tril(jnp.ones((len(Q), len(Q)))) > 0",
			"S = jnp.where(mask, Q @ K.T / jnp.sqrt(Q.shape[1]), -jnp.inf)",
			"jnp.sum(jax.nn.softmax(S) @ V * C)",
		],
	}),
	entry({
		name: "batched-attention",
		title: { en: "Attention in several heads", zh: "多头注意力" },
		why: {
			en: "Heads do not meet: each line is that of a single head, for all heads at once.",
			zh: "各个头互不相干：每一行都与单头时相同，只是对所有的头同时计算。",
		},
		f: ({ Q, K, V }: Of<"Q" | "K" | "V">, C: Tensor) => {
			const S = Q.matmul(K.swapAxes(1, 2)).div(Math.sqrt(Q.shape[2]!)).as("S");
			return S.softmax(2).as("P").matmul(V).as("O").mul(C).sum();
		},
		sizes: [
			{ H: 2, T: 3, D: 4 },
			{ H: 3, T: 4, D: 2 },
		],
		args: (draw, { H, T, D }) => ({
			params: { Q: draw.normal(H, T, D), K: draw.normal(H, T, D), V: draw.normal(H, T, D) },
			C: draw.normal(H, T, D),
		}),
		options: {
			axes: Object.fromEntries(["Q", "K", "V", "C"].map((name) => [name, ["H", "T", "D"]])),
		},
		textbook: {
			forward: [
				"S = Q @ K.swapaxes(1, 2) / np.sqrt(Q.shape[2])",
				"P = np.exp(S) / np.exp(S).sum(axis=2, keepdims=True)",
				"loss = (P @ V * C).sum()",
			],
			backward: [
				"grad_V = P.swapaxes(1, 2) @ C",
				"grad_P = C @ V.swapaxes(1, 2)",
				"grad_S = P * (grad_P - (P * grad_P).sum(axis=2, keepdims=True))",
				"grad_Q = grad_S @ K / np.sqrt(Q.shape[2])",
				"grad_K = grad_S.swapaxes(1, 2) @ Q / np.sqrt(Q.shape[2])",
			],
		},
		source: FLASH,
		jax: ["S = Q @ K.swapaxes(1, 2) / jnp.sqrt(Q.shape[2])", "jnp.sum(jax.nn.softmax(S) @ V * C)"],
	}),
	entry({
		name: "linear-attention",
		title: { en: "Linear attention", zh: "线性注意力" },
		why: {
			en: "Without softmax keys and values are summed first; the gradients are products of the same three matrices.",
			zh: "没有 softmax，就可以先把键与值相乘求和；梯度仍是这三个矩阵的乘积。",
		},
		f: ({ Q, K, V }: Of<"Q" | "K" | "V">, C: Tensor) =>
			Q.dot(K.T.dot(V).as("M")).as("O").mul(C).sum(),
		sizes: [
			{ T: 5, L: 3, D: 2, E: 4 },
			{ T: 3, L: 6, D: 4, E: 2 },
		],
		args: (draw, { T, L, D, E }) => ({
			params: { Q: draw.normal(T, D), K: draw.normal(L, D), V: draw.normal(L, E) },
			C: draw.normal(T, E),
		}),
		options: { axes: { Q: ["T", "D"], K: ["L", "D"], V: ["L", "E"], C: ["T", "E"] } },
		textbook: {
			forward: ["M = K.T @ V", "loss = (Q @ M * C).sum()"],
			backward: [
				"grad_Q = C @ M.T",
				"grad_M = Q.T @ C",
				"grad_K = V @ grad_M.T",
				"grad_V = K @ grad_M",
			],
		},
		source: "Katharopoulos et al., Transformers are RNNs (2020), section 3",
		jax: ["jnp.sum(Q @ (K.T @ V) * C)"],
	}),
];
