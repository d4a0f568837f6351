import { sub, type Tensor } from "../../../../lib/index.ts";
import { binaryCrossEntropy, klDivergence } from "../../../../lib/nn/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { BISHOP, MURPHY } from "../sources.ts";

/** Losses that compare distributions, or similarities. */
export const likelihoods: readonly Entry[] = [
	entry({
		name: "label-smoothing",
		title: { en: "Label smoothing", zh: "标签平滑" },
		why: {
			en: "The smoothed target t still adds up to 1, so the gradient is p − t as for plain labels.",
			zh: "平滑后的目标 t 各项之和仍为 1，所以梯度与普通标签时一样，是 p − t。",
		},
		f: (z: Tensor, y: Tensor) => {
			const t = y
				.mul(0.9)
				.add(0.1 / z.shape[1]!)
				.as("t");
			return t.mul(z.logSoftmax(1).as("logp")).sum().neg();
		},
		sizes: [
			{ N: 4, K: 5 },
			{ N: 3, K: 4 },
		],
		args: (draw, { N, K }) => ({ z: draw.normal(N, K), y: draw.oneHot(N, K) }),
		options: { axes: { z: ["N", "K"], y: ["N", "K"] }, distributions: { y: 1 } },
		textbook: {
			forward: [
				"t = 0.9 * y + 0.1 / y.shape[1]",
				"p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
				"loss = -(t * np.log(p)).sum()",
			],
			backward: ["grad_z = p - t"],
		},
		source: "Szegedy et al., Rethinking the Inception Architecture (2016), section 7",
		jax: ["t = 0.9 * y + 0.1 / y.shape[1]", "-jnp.sum(t * jax.nn.log_softmax(z))"],
	}),
	entry({
		name: "binary-cross-entropy",
		title: { en: "Binary cross-entropy of logits", zh: "由 logits 计算的二元交叉熵" },
		why: {
			en: "Written on logits, softplus(z) − y z, the loss never takes the logarithm of 0, and its derivative is σ(z) − y.",
			zh: "直接用 logits 写成 softplus(z) − y z，就不会对 0 取对数，其导数为 σ(z) − y。",
		},
		f: (z: Tensor, y: Tensor) => binaryCrossEntropy(z, y),
		sizes: [{ N: 5 }, { N: 8 }],
		args: (draw, { N }) => ({ z: draw.normal(N), y: draw.bits(N) }),
		options: { axes: { z: ["N"], y: ["N"] } },
		textbook: {
			forward: ["loss = (np.log1p(np.exp(z)) - y * z).mean()"],
			backward: ["grad_z = (1 / (1 + np.exp(-z)) - y) / len(y)"],
		},
		source: `${MURPHY}, section 10.2.3`,
		jax: ["jnp.mean(jax.nn.softplus(z) - y * z)"],
	}),
	entry({
		name: "distillation",
		title: { en: "Distillation", zh: "知识蒸馏" },
		why: {
			en: "The student's logits are divided by the temperature T, so the difference of the two distributions is, too.",
			zh: "学生网络的 logits 除以温度 T，所以两个分布之差也除以 T。",
		},
		f: (z: Tensor, v: Tensor, T: Tensor) => {
			const target = v.div(T).softmax(1).as("p");
			return target.mul(z.div(T).logSoftmax(1).as("logq")).sum().neg();
		},
		sizes: [
			{ N: 3, K: 4 },
			{ N: 5, K: 2 },
		],
		args: (draw, { N, K }) => ({
			z: draw.normal(N, K),
			v: draw.normal(N, K),
			T: draw.positive(),
		}),
		options: { axes: { z: ["N", "K"], v: ["N", "K"] } },
		textbook: {
			forward: [
				"p = np.exp(v / T) / np.exp(v / T).sum(axis=1, keepdims=True)",
				"q = np.exp(z / T) / np.exp(z / T).sum(axis=1, keepdims=True)",
				"loss = -(p * np.log(q)).sum()",
			],
			backward: ["grad_z = (q - p) / T"],
		},
		source: "Hinton, Vinyals & Dean, Distilling the Knowledge (2015), eq. (2)",
		jax: ["-jnp.sum(jax.nn.softmax(v / T) * jax.nn.log_softmax(z / T))"],
	}),
	entry({
		name: "kl-divergence",
		title: { en: "KL divergence", zh: "KL 散度" },
		why: {
			en: "The entropy of the target does not depend on the logits: the gradient is that of cross-entropy.",
			zh: "目标分布的熵与 logits 无关，所以梯度与交叉熵的相同。",
		},
		f: (z: Tensor, p: Tensor) => klDivergence(z, p, { reduction: "sum" }),
		sizes: [
			{ N: 3, K: 4 },
			{ N: 5, K: 2 },
		],
		args: (draw, { N, K }) => ({ z: draw.normal(N, K), p: draw.probabilities(N, K) }),
		options: { axes: { z: ["N", "K"], p: ["N", "K"] }, distributions: { p: 1 } },
		textbook: {
			forward: [
				"q = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
				"loss = (p * (np.log(p) - np.log(q))).sum()",
			],
			backward: ["grad_z = q - p"],
		},
		source: `${BISHOP}, eqs. (1.113), (4.109)`,
		jax: ["jnp.sum(p * (jnp.log(p) - jax.nn.log_softmax(z)))"],
	}),
	entry({
		name: "entropy",
		title: { en: "Entropy of a softmax", zh: "softmax 的熵" },
		why: {
			en: "A logit moves the entropy by how far its log-probability lies from the mean of all, which is minus the entropy.",
			zh: "一个 logit 对熵的影响，取决于它的对数概率与平均对数概率（即负熵）之差。",
		},
		f: (z: Tensor) => {
			const logp = z.logSoftmax().as("logp");
			return logp.exp().as("p").mul(logp).sum().neg();
		},
		sizes: [{ K: 4 }, { K: 7 }],
		args: (draw, { K }) => ({ z: draw.normal(K) }),
		options: { axes: { z: ["K"] } },
		textbook: {
			forward: ["p = np.exp(z) / np.exp(z).sum()", "loss = -(p * np.log(p)).sum()"],
			backward: ["grad_z = -p * (np.log(p) + loss)"],
		},
		source: "Mnih et al., Asynchronous Methods for Deep RL (2016), section 4",
		jax: ["logp = jax.nn.log_softmax(z)", "-jnp.sum(jnp.exp(logp) * logp)"],
	}),
	entry({
		name: "poisson-regression",
		title: { en: "Poisson regression", zh: "泊松回归" },
		why: {
			en: "With the logarithm as link, the error is again prediction minus target.",
			zh: "以对数为联系函数时，误差又是预测值减去目标值。",
		},
		f: (w: Tensor, x: Tensor, y: Tensor) => {
			const z = x.dot(w).as("z");
			return z.exp().as("mu").sub(y.mul(z)).sum();
		},
		sizes: [
			{ N: 5, D: 3 },
			{ N: 7, D: 2 },
		],
		args: (draw, { N, D }) => ({ w: draw.normal(D), x: draw.normal(N, D), y: draw.positive(N) }),
		options: { axes: { w: ["D"], x: ["N", "D"], y: ["N"] } },
		textbook: {
			forward: ["mu = np.exp(x @ w)", "loss = (mu - y * (x @ w)).sum()"],
			backward: ["grad_z = mu - y", "grad_w = x.T @ grad_z"],
		},
		source: `${MURPHY}, section 12.2.3`,
		jax: ["jnp.sum(jnp.exp(x @ w) - y * (x @ w))"],
	}),
	entry({
		name: "focal",
		title: { en: "Focal loss", zh: "焦点损失" },
		why: {
			en: "The factor (1 − p)² damps samples that are already right; its own derivative adds the term with log p.",
			zh: "因子 (1 − p)² 压低已经分对的样本的权重；它自身的导数又带来含 log p 的一项。",
		},
		f: (z: Tensor, y: Tensor) => {
			const p = y.mul(z).sigmoid().as("p");
			return sub(1, p).square().mul(p.log()).sum().neg();
		},
		sizes: [{ N: 5 }, { N: 3 }],
		args: (draw, { N }) => ({ z: draw.normal(N), y: draw.signs(N) }),
		options: { axes: { z: ["N"], y: ["N"] } },
		textbook: {
			forward: ["p = 1 / (1 + np.exp(-y * z))", "loss = -((1 - p) ** 2 * np.log(p)).sum()"],
			backward: ["grad_z = y * (1 - p) ** 2 * (2 * p * np.log(p) + p - 1)"],
		},
		source: "Lin et al., Focal Loss for Dense Object Detection (2017), appendix B",
		jax: ["p = jax.nn.sigmoid(y * z)", "-jnp.sum((1 - p) ** 2 * jnp.log(p))"],
	}),
	entry({
		name: "preference",
		title: { en: "Preference loss (DPO)", zh: "偏好损失（DPO）" },
		why: {
			en: "σ(−m) is how wrong the model is about a pair: the chosen answer is pushed up and the other one down by the same amount.",
			zh: "σ(−m) 表示模型把这一对判断错的程度：被选中的回答被推高，另一个被压低，大小相同。",
		},
		f: ({ chosen, rejected }: Of<"chosen" | "rejected">, beta: Tensor) =>
			beta.mul(chosen.sub(rejected)).as("m").logSigmoid().sum().neg(),
		sizes: [{ N: 4 }, { N: 6 }],
		args: (draw, { N }) => ({
			params: { chosen: draw.normal(N), rejected: draw.normal(N) },
			beta: draw.positive(),
		}),
		options: { axes: { chosen: ["N"], rejected: ["N"] } },
		textbook: {
			forward: ["m = beta * (chosen - rejected)", "loss = np.log1p(np.exp(-m)).sum()"],
			backward: ["grad_chosen = -beta / (1 + np.exp(m))", "grad_rejected = -grad_chosen"],
		},
		source: "Rafailov et al., Direct Preference Optimization (2023), section 4",
		jax: ["-jnp.sum(jax.nn.log_sigmoid(beta * (chosen - rejected)))"],
	}),
];
