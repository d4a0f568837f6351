import type { Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { BISHOP, RASMUSSEN } from "../sources.ts";

/** Likelihoods of probabilistic models. */
export const probability: readonly Entry[] = [
	entry({
		name: "gaussian-likelihood",
		title: { en: "Gaussian likelihood", zh: "高斯似然" },
		why: {
			en: "With z = (x − μ)/σ, the mean is pulled by z, and the logarithm of σ by 1 − z²: where the model fits, both add up to 0.",
			zh: "记 z = (x − μ)/σ，均值受 z 牵引，σ 的对数受 1 − z² 牵引；模型拟合得当时，两者对样本求和都为 0。",
		},
		f: ({ mu, rho }: Of<"mu" | "rho">, x: Tensor) => {
			const z = x.sub(mu).div(rho.exp()).as("z");
			return z.square().div(2).add(rho).sum();
		},
		sizes: [
			{ N: 4, D: 3 },
			{ N: 6, D: 2 },
		],
		args: (draw, { N, D }) => ({
			params: { mu: draw.normal(D), rho: draw.normal(D) },
			x: draw.normal(N, D),
		}),
		options: { axes: { mu: ["D"], rho: ["D"], x: ["N", "D"] } },
		textbook: {
			forward: ["z = (x - mu) / np.exp(rho)", "loss = (z ** 2 / 2 + rho).sum()"],
			backward: ["grad_mu = -(z / np.exp(rho)).sum(axis=0)", "grad_rho = (1 - z ** 2).sum(axis=0)"],
		},
		source: `${BISHOP}, section 2.3.4`,
		jax: ["jnp.sum(((x - mu) / jnp.exp(rho)) ** 2 / 2 + rho)"],
	}),
	entry({
		name: "multivariate-gaussian",
		title: { en: "Gaussian with a covariance", zh: "多元高斯" },
		why: {
			en: "The covariance appears in a quadratic form and in a log-determinant; the two gradients balance where it is that of the data.",
			zh: "协方差出现在二次型与对数行列式中；当它等于数据的协方差时，两部分梯度抵消。",
		},
		f: (S: Tensor, d: Tensor) => d.dot(S.inverse().as("P").dot(d)).add(S.logDet()).div(2),
		sizes: [{ D: 3 }, { D: 4 }],
		args: (draw, { D }) => ({ S: draw.definite(D), d: draw.normal(D) }),
		options: { axes: { S: ["D", "D"], d: ["D"] } },
		textbook: {
			forward: ["P = np.linalg.inv(S)", "loss = (d @ P @ d + np.linalg.slogdet(S)[1]) / 2"],
			backward: ["a = P.T @ d", "grad_S = (P.T - np.outer(a, P @ d)) / 2"],
		},
		source: `${BISHOP}, eqs. (2.118)–(2.122)`,
		jax: ["(d @ jnp.linalg.inv(S) @ d + jnp.linalg.slogdet(S)[1]) / 2"],
	}),
	entry({
		name: "gaussian-process",
		title: { en: "Gaussian process", zh: "高斯过程" },
		why: {
			en: "The gradient by K is ½ (K⁻¹ − ααᵀ); a parameter θ of the kernel gets the trace of its product with ∂K/∂θ.",
			zh: "对 K 的梯度是 ½ (K⁻¹ − ααᵀ)；核的参数 θ 的梯度，就是它与 ∂K/∂θ 之积的迹。",
		},
		f: (K: Tensor, y: Tensor) => y.dot(K.solve(y).as("alpha")).add(K.logDet()).div(2),
		sizes: [{ N: 3 }, { N: 5 }],
		args: (draw, { N }) => ({ K: draw.definite(N), y: draw.normal(N) }),
		options: { axes: { K: ["N", "N"], y: ["N"] } },
		textbook: {
			forward: [
				"alpha = np.linalg.solve(K, y)",
				"loss = (y @ alpha + np.linalg.slogdet(K)[1]) / 2",
			],
			backward: ["grad_K = (np.linalg.inv(K).T - np.outer(alpha, alpha)) / 2"],
		},
		source: `${RASMUSSEN}, eq. (5.9)`,
		jax: ["(y @ jnp.linalg.solve(K, y) + jnp.linalg.slogdet(K)[1]) / 2"],
	}),
	entry({
		name: "kernel-parameters",
		title: { en: "Parameters of a squared-exponential kernel", zh: "平方指数核的参数" },
		why: {
			en: "The kernel is an exponential, so it comes back in its own derivative; the length scale takes the distances along.",
			zh: "核是指数函数，求导后仍含自身；长度尺度的导数再带上距离。",
		},
		f: ({ s, l }: Of<"s" | "l">, d2: Tensor, G: Tensor) =>
			s.square().mul(d2.div(l.square()).mul(-0.5).exp().as("E")).as("K").mul(G).sum(),
		sizes: [{ N: 3 }, { N: 4 }],
		args: (draw, { N }) => ({
			params: { s: draw.positive(), l: draw.positive() },
			d2: draw.positive(N, N),
			G: draw.normal(N, N),
		}),
		options: { axes: { d2: ["N", "N"], G: ["N", "N"] } },
		textbook: {
			forward: ["E = np.exp(-d2 / (2 * l ** 2))", "loss = (s ** 2 * E * G).sum()"],
			backward: ["grad_s = 2 * s * (E * G).sum()", "grad_l = s ** 2 / l ** 3 * (d2 * E * G).sum()"],
		},
		source: `${RASMUSSEN}, eqs. (2.31), (5.9)`,
		jax: ["jnp.sum(s ** 2 * jnp.exp(-d2 / (2 * l ** 2)) * G)"],
	}),
	entry({
		name: "policy-gradient",
		title: { en: "Policy gradient (REINFORCE)", zh: "策略梯度（REINFORCE）" },
		why: {
			en: "It is cross-entropy with the action taken as the label, weighted by the return: good actions become likelier.",
			zh: "它是以所取动作为标签、以回报加权的交叉熵：回报高的动作概率增大。",
		},
		f: (z: Tensor, a: Tensor, R: Tensor) =>
			a.mul(z.logSoftmax(1).as("logp")).sum(1).mul(R).sum().neg(),
		sizes: [
			{ N: 4, K: 3 },
			{ N: 5, K: 2 },
		],
		args: (draw, { N, K }) => ({
			z: draw.normal(N, K),
			a: draw.oneHot(N, K),
			R: draw.normal(N),
		}),
		options: { axes: { z: ["N", "K"], a: ["N", "K"], R: ["N"] }, distributions: { a: 1 } },
		textbook: {
			forward: [
				"p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
				"loss = -((a * np.log(p)).sum(axis=1) * R).sum()",
			],
			backward: ["grad_z = R[:, None] * (p - a)"],
		},
		source: "Williams, Simple Statistical Gradient-Following Algorithms (1992)",
		jax: ["-jnp.sum(jnp.sum(a * jax.nn.log_softmax(z), axis=1) * R)"],
	}),
];
