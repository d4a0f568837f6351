import type { Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { BISHOP } from "../sources.ts";

/** Models with something hidden: a component, a code. */
export const latent: readonly Entry[] = [
	entry({
		name: "kl-of-gaussians",
		title: { en: "KL divergence to the standard normal", zh: "到标准正态的 KL 散度" },
		why: {
			en: "It pulls the mean to 0 and the variance to 1, each by how far it is away.",
			zh: "它把均值拉向 0、方差拉向 1，力度取决于各自的偏离。",
		},
		f: ({ mu, logvar }: Of<"mu" | "logvar">) =>
			logvar.exp().as("v").add(mu.square()).sub(1).sub(logvar).sum().div(2),
		sizes: [
			{ N: 3, D: 2 },
			{ N: 2, D: 5 },
		],
		args: (draw, { N, D }) => ({
			params: { mu: draw.normal(N, D), logvar: draw.normal(N, D) },
		}),
		options: { axes: { mu: ["N", "D"], logvar: ["N", "D"] } },
		textbook: {
			forward: ["v = np.exp(logvar)", "loss = (v + mu ** 2 - 1 - logvar).sum() / 2"],
			backward: ["grad_mu = mu", "grad_logvar = (v - 1) / 2"],
		},
		source: "Kingma & Welling, Auto-Encoding Variational Bayes (2014), appendix B",
		jax: ["jnp.sum(jnp.exp(logvar) + mu ** 2 - 1 - logvar) / 2"],
	}),
	entry({
		name: "reparameterization",
		title: { en: "Reparameterization", zh: "重参数化" },
		why: {
			en: "The noise is drawn outside, so a sample is a smooth function of mean and deviation, and the gradient goes through it.",
			zh: "噪声在外面抽取，样本就是均值与标准差的光滑函数，梯度可以穿过它。",
		},
		f: ({ mu, rho }: Of<"mu" | "rho">, eps: Tensor, y: Tensor) => {
			const sigma = rho.exp().as("sigma");
			return mu.add(sigma.mul(eps)).as("z").sub(y).square().sum();
		},
		sizes: [{ D: 3 }, { D: 5 }],
		args: (draw, { D }) => ({
			params: { mu: draw.normal(D), rho: draw.normal(D) },
			eps: draw.normal(D),
			y: draw.normal(D),
		}),
		options: { axes: { mu: ["D"], rho: ["D"], eps: ["D"], y: ["D"] } },
		textbook: {
			forward: ["sigma = np.exp(rho)", "z = mu + sigma * eps", "loss = ((z - y) ** 2).sum()"],
			backward: ["grad_z = 2 * (z - y)", "grad_mu = grad_z", "grad_rho = grad_z * eps * sigma"],
		},
		source: "Kingma & Welling, Auto-Encoding Variational Bayes (2014), section 2.4",
		jax: ["jnp.sum((mu + jnp.exp(rho) * eps - y) ** 2)"],
	}),
	entry({
		name: "mixture-of-gaussians",
		title: { en: "Mixture of Gaussians", zh: "高斯混合" },
		why: {
			en: "The derivative of log-sum-exp is the responsibility of each component; it weights what each mean would get alone.",
			zh: "log-sum-exp 的导数就是各分量的责任度，它给每个均值单独应得的梯度加权。",
		},
		f: ({ mu, a }: Of<"mu" | "a">, x: Tensor) => {
			const d = x.expandDims(1).sub(mu).as("d");
			return a.logSoftmax().as("logpi").sub(d.square().div(2)).as("q").logSumExp(1).sum().neg();
		},
		sizes: [
			{ N: 4, K: 3 },
			{ N: 6, K: 2 },
		],
		args: (draw, { N, K }) => ({
			params: { mu: draw.normal(K), a: draw.normal(K) },
			x: draw.normal(N),
		}),
		options: { axes: { mu: ["K"], a: ["K"], x: ["N"] } },
		textbook: {
			forward: [
				"d = x[:, None] - mu",
				"pi = np.exp(a) / np.exp(a).sum()",
				"q = pi * np.exp(-d ** 2 / 2)",
				"loss = -np.log(q.sum(axis=1)).sum()",
			],
			backward: [
				"gamma = q / q.sum(axis=1, keepdims=True)",
				"grad_mu = -(gamma * d).sum(axis=0)",
				"grad_a = len(x) * pi - gamma.sum(axis=0)",
			],
		},
		source: `${BISHOP}, eqs. (9.13), (9.16)`,
		jax: [
			"q = jax.nn.log_softmax(a) - (x[:, None] - mu) ** 2 / 2",
			"-jnp.sum(jax.scipy.special.logsumexp(q, axis=1))",
		],
	}),
	entry({
		name: "variational-autoencoder",
		title: { en: "Variational autoencoder", zh: "变分自编码器" },
		why: {
			en: "Reconstruction and prior both reach the encoder: the first through the sample, the second directly.",
			zh: "重构项与先验项都作用于编码器：前者经过样本，后者直接作用。",
		},
		f: ({ wm, ws, wd }: Of<"wm" | "ws" | "wd">, x: Tensor, eps: Tensor) => {
			const mu = x.dot(wm).as("mu");
			const rho = x.dot(ws).as("rho");
			const z = mu.add(rho.exp().as("sigma").mul(eps)).as("z");
			const out = z.dot(wd).as("out");
			const prior = rho.mul(2).exp().add(mu.square()).sub(1).div(2).sub(rho);
			return out.softplus().sub(x.mul(out)).sum().add(prior.sum());
		},
		sizes: [
			{ N: 3, D: 4, Z: 2 },
			{ N: 2, D: 5, Z: 3 },
		],
		args: (draw, { N, D, Z }) => ({
			params: {
				wm: draw.normal(D, Z).mul(0.5),
				ws: draw.normal(D, Z).mul(0.5),
				wd: draw.normal(Z, D),
			},
			x: draw.bits(N, D),
			eps: draw.normal(N, Z),
		}),
		options: {
			axes: { wm: ["D", "Z"], ws: ["D", "Z"], wd: ["Z", "D"], x: ["N", "D"], eps: ["N", "Z"] },
		},
		textbook: {
			forward: [
				"mu, rho = x @ wm, x @ ws",
				"sigma = np.exp(rho)",
				"z = mu + sigma * eps",
				"out = z @ wd",
				"fit = (np.log1p(np.exp(out)) - x * out).sum()",
				"loss = fit + ((sigma ** 2 + mu ** 2 - 1) / 2 - rho).sum()",
			],
			backward: [
				"grad_out = 1 / (1 + np.exp(-out)) - x",
				"grad_wd = z.T @ grad_out",
				"grad_z = grad_out @ wd.T",
				"grad_mu = grad_z + mu",
				"grad_wm = x.T @ grad_mu",
				"grad_sigma = grad_z * eps + sigma",
				"grad_rho = grad_sigma * sigma - 1",
				"grad_ws = x.T @ grad_rho",
			],
		},
		source: "Kingma & Welling, Auto-Encoding Variational Bayes (2014), eq. (10), appendix C",
		jax: [
			"mu, rho = x @ wm, x @ ws",
			"out = (mu + jnp.exp(rho) * eps) @ wd",
			"fit = jnp.sum(jax.nn.softplus(out) - x * out)",
			"fit + jnp.sum((jnp.exp(2 * rho) + mu ** 2 - 1) / 2 - rho)",
		],
	}),
];
