import { sub, type Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { BISHOP, GOODFELLOW } from "../sources.ts";

/** Models of layers, from one neuron to a gated block. */
export const nets: readonly Entry[] = [
	entry({
		name: "linear-regression",
		title: { en: "Linear regression", zh: "线性回归" },
		why: {
			en: "The residual p − y is sent back: the transposed data turns it into the gradient of the weights, a sum over the samples into that of the bias.",
			zh: "残差 p − y 沿原路传回：左乘数据的转置得到权重的梯度，对所有样本求和得到偏置的梯度。",
		},
		f: ({ w, b }: Of<"w" | "b">, x: Tensor, y: Tensor) =>
			x.dot(w).add(b).as("p").sub(y).square().mean(),
		sizes: [
			{ N: 5, D: 3 },
			{ N: 8, D: 4 },
		],
		args: (draw, { N, D }) => ({
			params: { w: draw.normal(D), b: draw.normal() },
			x: draw.normal(N, D),
			y: draw.normal(N),
		}),
		options: { axes: { w: ["D"], x: ["N", "D"], y: ["N"] } },
		textbook: {
			forward: ["p = x @ w + b", "loss = np.mean((p - y) ** 2)"],
			backward: ["grad_p = 2 * (p - y) / len(y)", "grad_w = x.T @ grad_p", "grad_b = grad_p.sum()"],
		},
		source: `${BISHOP}, section 3.1.1`,
		jax: ["jnp.mean((x @ w + b - y) ** 2)"],
	}),
	entry({
		name: "logistic-regression",
		title: { en: "Logistic regression", zh: "逻辑回归" },
		why: {
			en: "The derivative of the sigmoid, p (1 − p), cancels against the denominators of the two logarithms. What is left is p − y, the same error as in linear regression.",
			zh: "sigmoid 的导数 p(1 − p) 与两个对数的分母约去，只剩下 p − y：形式与线性回归的误差相同。",
		},
		f: (w: Tensor, x: Tensor, y: Tensor) => {
			const p = x.dot(w).as("z").sigmoid().as("p");
			return y
				.mul(p.log())
				.add(sub(1, y).mul(sub(1, p).log()))
				.sum()
				.neg();
		},
		sizes: [
			{ N: 6, D: 3 },
			{ N: 4, D: 5 },
		],
		args: (draw, { N, D }) => ({ w: draw.normal(D), x: draw.normal(N, D), y: draw.bits(N) }),
		options: { axes: { w: ["D"], x: ["N", "D"], y: ["N"] } },
		textbook: {
			forward: [
				"p = 1 / (1 + np.exp(-(x @ w)))",
				"loss = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum()",
			],
			backward: ["grad_z = p - y", "grad_w = x.T @ grad_z"],
		},
		source: `${BISHOP}, eq. (4.91)`,
		jax: ["p = jax.nn.sigmoid(x @ w)", "-jnp.sum(y * jnp.log(p) + (1 - y) * jnp.log(1 - p))"],
	}),
	entry({
		name: "softmax-regression",
		title: { en: "Softmax regression", zh: "softmax 回归" },
		why: {
			en: "With one-hot rows y, the gradient of cross-entropy with respect to the logits is p − y, the mean dividing it by N.",
			zh: "y 的每行是 one-hot 向量时，交叉熵对 logits 的梯度就是 p − y；取平均再除以 N。",
		},
		f: ({ w, b }: Of<"w" | "b">, x: Tensor, y: Tensor) => {
			const logp = x.dot(w).add(b).as("z").logSoftmax(1).as("logp");
			return y.mul(logp).sum(1).mean().neg();
		},
		sizes: [
			{ N: 5, D: 4, K: 3 },
			{ N: 7, D: 3, K: 6 },
		],
		args: (draw, { N, D, K }) => ({
			params: { w: draw.normal(D, K), b: draw.normal(K) },
			x: draw.normal(N, D),
			y: draw.oneHot(N, K),
		}),
		options: {
			axes: { w: ["D", "K"], b: ["K"], x: ["N", "D"], y: ["N", "K"] },
			distributions: { y: 1 },
		},
		textbook: {
			forward: [
				"e = np.exp(x @ w + b)",
				"p = e / e.sum(axis=1, keepdims=True)",
				"loss = -(y * np.log(p)).sum(axis=1).mean()",
			],
			backward: [
				"grad_z = (p - y) / len(y)",
				"grad_w = x.T @ grad_z",
				"grad_b = grad_z.sum(axis=0)",
			],
		},
		source: `${BISHOP}, eq. (4.109)`,
		jax: ["-jnp.mean(jnp.sum(y * jax.nn.log_softmax(x @ w + b), axis=1))"],
	}),
	entry({
		name: "two-layer-net",
		title: { en: "Two-layer net", zh: "两层网络" },
		why: {
			en: "Each weight matrix gets the transposed input of its layer times the gradient of its output; maximum passes the gradient where the hidden value is not negative.",
			zh: "每个权重矩阵的梯度，等于该层输入的转置乘以该层输出的梯度；maximum 只在隐藏值不为负处让梯度通过。",
		},
		f: ({ w1, w2 }: Of<"w1" | "w2">, x: Tensor, y: Tensor) => {
			const h = x.dot(w1).as("h");
			const h_relu = h.maximum(0).as("h_relu");
			const y_pred = h_relu.dot(w2).as("y_pred");
			return y_pred.sub(y).square().sum();
		},
		sizes: [
			{ N: 6, D_in: 5, H: 4, D_out: 3 },
			{ N: 3, D_in: 4, H: 7, D_out: 2 },
		],
		args: (draw, { N, D_in, H, D_out }) => ({
			params: { w1: draw.normal(D_in, H), w2: draw.normal(H, D_out) },
			x: draw.normal(N, D_in),
			y: draw.normal(N, D_out),
		}),
		options: {
			axes: { w1: ["D_in", "H"], w2: ["H", "D_out"], x: ["N", "D_in"], y: ["N", "D_out"] },
		},
		textbook: {
			forward: [
				"h = x @ w1",
				"h_relu = np.maximum(h, 0)",
				"y_pred = h_relu @ w2",
				"loss = ((y_pred - y) ** 2).sum()",
			],
			backward: [
				"grad_y_pred = 2 * (y_pred - y)",
				"grad_w2 = h_relu.T @ grad_y_pred",
				"grad_h_relu = grad_y_pred @ w2.T",
				"grad_h = grad_h_relu * (h >= 0)",
				"grad_w1 = x.T @ grad_h",
			],
		},
		source: `${GOODFELLOW}, section 6.5.7`,
		jax: ["jnp.sum((jnp.maximum(x @ w1, 0) @ w2 - y) ** 2)"],
	}),
	entry({
		name: "three-layer-net",
		title: { en: "Three layers with biases", zh: "带偏置的三层网络" },
		why: {
			en: "The same three steps in each layer: through the nonlinearity, to weights and bias, and on to the layer before.",
			zh: "每一层都是同样的三步：穿过非线性函数，得到权重与偏置的梯度，再传到前一层。",
		},
		f: (
			{ w1, b1, w2, b2, w3, b3 }: Of<"w1" | "b1" | "w2" | "b2" | "w3" | "b3">,
			x: Tensor,
			y: Tensor,
		) => {
			const a1 = x.dot(w1).add(b1).as("z1").tanh().as("a1");
			const a2 = a1.dot(w2).add(b2).as("z2").tanh().as("a2");
			return a2.dot(w3).add(b3).as("z3").sub(y).square().sum().div(2);
		},
		sizes: [
			{ N: 6, D: 2, H: 4, K: 3, M: 5 },
			{ N: 4, D: 3, H: 5, K: 2, M: 3 },
		],
		args: (draw, { N, D, H, K, M }) => ({
			params: {
				w1: draw.normal(D, H),
				b1: draw.normal(H),
				w2: draw.normal(H, K),
				b2: draw.normal(K),
				w3: draw.normal(K, M),
				b3: draw.normal(M),
			},
			x: draw.normal(N, D),
			y: draw.normal(N, M),
		}),
		options: {
			axes: { x: ["N", "D"], w1: ["D", "H"], w2: ["H", "K"], w3: ["K", "M"], y: ["N", "M"] },
		},
		textbook: {
			forward: [
				"a1 = np.tanh(x @ w1 + b1)",
				"a2 = np.tanh(a1 @ w2 + b2)",
				"z3 = a2 @ w3 + b3",
				"loss = ((z3 - y) ** 2).sum() / 2",
			],
			backward: [
				"grad_z3 = z3 - y",
				"grad_w3 = a2.T @ grad_z3",
				"grad_b3 = grad_z3.sum(axis=0)",
				"grad_a2 = grad_z3 @ w3.T",
				"grad_z2 = grad_a2 * (1 - a2 ** 2)",
				"grad_w2 = a1.T @ grad_z2",
				"grad_b2 = grad_z2.sum(axis=0)",
				"grad_a1 = grad_z2 @ w2.T",
				"grad_z1 = grad_a1 * (1 - a1 ** 2)",
				"grad_w1 = x.T @ grad_z1",
				"grad_b1 = grad_z1.sum(axis=0)",
			],
		},
		source: `${BISHOP}, section 5.3.2, eqs. (5.65)–(5.67)`,
		jax: ["a2 = jnp.tanh(jnp.tanh(x @ w1 + b1) @ w2 + b2)", "jnp.sum((a2 @ w3 + b3 - y) ** 2) / 2"],
	}),
];
