import { oneHot, sub, type Tensor } from "../../../../lib/index.ts";
import { huberLoss } from "../../../../lib/nn/index.ts";
import { type Entry, entry } from "../entry.ts";
import { BISHOP, GOODFELLOW, MURPHY } from "../sources.ts";

/** Losses of a prediction and what it should be. */
export const losses: readonly Entry[] = [
	entry({
		name: "squared-error",
		title: { en: "Squared error of a matrix", zh: "矩阵的平方误差" },
		why: {
			en: "Every element counts alike, so the mean divides by the number of all elements, N·K.",
			zh: "每个元素的权重相同，所以取平均时除以全部元素的个数 N·K。",
		},
		f: (p: Tensor, y: Tensor) => p.sub(y).square().mean(),
		sizes: [
			{ N: 4, K: 3 },
			{ N: 5, K: 2 },
		],
		args: (draw, { N, K }) => ({ p: draw.normal(N, K), y: draw.normal(N, K) }),
		options: { axes: { p: ["N", "K"], y: ["N", "K"] } },
		textbook: {
			forward: ["loss = ((p - y) ** 2).mean()"],
			backward: ["grad_p = 2 * (p - y) / p.size"],
		},
		source: `${GOODFELLOW}, section 5.1.4`,
		jax: ["jnp.mean((p - y) ** 2)"],
	}),
	entry({
		name: "absolute-error",
		title: { en: "Absolute error", zh: "绝对误差" },
		why: {
			en: "Only the sign of the residual is left; how large it is does not matter, which makes the loss robust.",
			zh: "梯度只剩残差的符号，与残差大小无关，因此这种损失对离群值稳健。",
		},
		f: (p: Tensor, y: Tensor) => p.sub(y).abs().mean(),
		sizes: [{ N: 4 }, { N: 7 }],
		args: (draw, { N }) => ({ p: draw.normal(N), y: draw.normal(N) }),
		options: { axes: { p: ["N"], y: ["N"] } },
		textbook: {
			forward: ["loss = np.abs(p - y).mean()"],
			backward: ["grad_p = np.sign(p - y) / len(y)"],
		},
		source: `${MURPHY}, section 5.1.5.2`,
		jax: ["jnp.mean(jnp.abs(p - y))"],
	}),
	entry({
		name: "huber",
		title: { en: "Huber loss", zh: "Huber 损失" },
		why: {
			en: "Near 0 it is half a square, far away a straight line: its derivative is the residual, cut off at ±1.",
			zh: "在 0 附近是平方的一半，远处是直线：导数就是截断在 ±1 之间的残差。",
		},
		f: (p: Tensor, y: Tensor) => huberLoss(p, y),
		sizes: [{ N: 6 }, { N: 9 }],
		args: (draw, { N }) => ({ p: draw.normal(N).mul(2), y: draw.normal(N) }),
		options: { axes: { p: ["N"], y: ["N"] } },
		textbook: {
			forward: [
				"r = p - y",
				"loss = np.where(np.abs(r) <= 1, r ** 2 / 2, np.abs(r) - 1 / 2).mean()",
			],
			backward: ["grad_p = np.clip(r, -1, 1) / len(y)"],
		},
		source: "Huber, Robust Estimation of a Location Parameter (1964)",
		jax: ["r = p - y", "jnp.mean(jnp.where(jnp.abs(r) <= 1, r ** 2 / 2, jnp.abs(r) - 1 / 2))"],
	}),
	entry({
		name: "hinge",
		title: { en: "Hinge loss", zh: "合页损失" },
		why: {
			en: "Samples on the right side of the margin contribute nothing; each of the others pulls the weights by its own label and data.",
			zh: "间隔之外分类正确的样本没有贡献；其余每个样本按自己的标签与数据推动权重。",
		},
		f: (w: Tensor, x: Tensor, y: Tensor) =>
			sub(1, y.mul(x.dot(w)))
				.relu()
				.sum(),
		sizes: [
			{ N: 6, D: 3 },
			{ N: 9, D: 2 },
		],
		args: (draw, { N, D }) => ({ w: draw.normal(D), x: draw.normal(N, D), y: draw.signs(N) }),
		options: { axes: { w: ["D"], x: ["N", "D"], y: ["N"] } },
		textbook: {
			forward: ["m = 1 - y * (x @ w)", "loss = np.maximum(m, 0).sum()"],
			backward: ["grad_z = -y * (m > 0)", "grad_w = x.T @ grad_z"],
		},
		source: "Shalev-Shwartz, Singer & Srebro, Pegasos (2007), section 2",
		jax: ["jnp.sum(jax.nn.relu(1 - y * (x @ w)))"],
	}),
	entry({
		name: "ridge",
		title: { en: "Ridge regression", zh: "岭回归" },
		why: {
			en: "The penalty adds 2λw: each step shrinks the weights by a constant factor, hence the name weight decay.",
			zh: "惩罚项添上 2λw：每一步都把权重按固定比例缩小，所以也叫权重衰减。",
		},
		f: (w: Tensor, x: Tensor, y: Tensor, lam: Tensor) =>
			x.dot(w).sub(y).square().sum().add(lam.mul(w.square().sum())),
		sizes: [
			{ N: 5, D: 3 },
			{ N: 4, D: 6 },
		],
		args: (draw, { N, D }) => ({
			w: draw.normal(D),
			x: draw.normal(N, D),
			y: draw.normal(N),
			lam: draw.positive(),
		}),
		options: { axes: { w: ["D"], x: ["N", "D"], y: ["N"] } },
		textbook: {
			forward: ["r = x @ w - y", "loss = r @ r + lam * w @ w"],
			backward: ["grad_r = 2 * r", "grad_w = x.T @ grad_r + 2 * lam * w"],
		},
		source: `${BISHOP}, eq. (3.27)`,
		jax: ["jnp.sum((x @ w - y) ** 2) + lam * jnp.sum(w ** 2)"],
	}),
	entry({
		name: "lasso",
		title: { en: "Lasso", zh: "Lasso 回归" },
		why: {
			en: "The penalty pulls each weight towards 0 with the same force λ, however small it is: weights become exactly 0.",
			zh: "无论权重多小，惩罚项都以同样的力 λ 把它拉向 0，因此有的权重会恰好变成 0。",
		},
		f: (w: Tensor, x: Tensor, y: Tensor, lam: Tensor) =>
			x.dot(w).sub(y).as("r").square().sum().div(2).add(lam.mul(w.abs().sum())),
		sizes: [
			{ N: 5, D: 3 },
			{ N: 4, D: 6 },
		],
		args: (draw, { N, D }) => ({
			w: draw.normal(D),
			x: draw.normal(N, D),
			y: draw.normal(N),
			lam: draw.positive(),
		}),
		options: { axes: { w: ["D"], x: ["N", "D"], y: ["N"] } },
		textbook: {
			forward: ["r = x @ w - y", "loss = r @ r / 2 + lam * np.abs(w).sum()"],
			backward: ["grad_w = x.T @ r + lam * np.sign(w)"],
		},
		source: `${GOODFELLOW}, eq. (7.20)`,
		jax: ["jnp.sum((x @ w - y) ** 2) / 2 + lam * jnp.sum(jnp.abs(w))"],
	}),
	entry({
		name: "cross-entropy-labels",
		title: { en: "Cross-entropy with integer labels", zh: "整数标签的交叉熵" },
		why: {
			en: "A label is a one-hot row, so the gradient is p with 1 taken off at the label.",
			zh: "一个标签就是一行 one-hot 向量，所以梯度等于 p 在标签处减 1。",
		},
		f: (z: Tensor, labels: Tensor) => {
			const y = oneHot(labels, z.shape[1]!).as("y");
			return y.mul(z.logSoftmax(1).as("logp")).sum(1).mean().neg();
		},
		sizes: [
			{ N: 5, K: 3 },
			{ N: 4, K: 6 },
		],
		args: (draw, { N, K }) => ({ z: draw.normal(N, K), labels: draw.labels(N, K) }),
		options: { axes: { z: ["N", "K"], labels: ["N"] } },
		textbook: {
			forward: [
				"y = np.eye(z.shape[1])[labels]",
				"p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
				"loss = -np.log((p * y).sum(axis=1)).mean()",
			],
			backward: ["grad_z = (p - y) / len(labels)"],
		},
		source: `${GOODFELLOW}, section 6.2.2.3`,
		jax: [
			"y = jax.nn.one_hot(labels, z.shape[1], dtype=z.dtype)",
			"-jnp.mean(jnp.sum(y * jax.nn.log_softmax(z), axis=1))",
		],
	}),
];
