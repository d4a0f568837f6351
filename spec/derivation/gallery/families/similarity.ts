import type { Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { COOKBOOK, MURPHY } from "../sources.ts";

/** Lengths, angles and what is near. */
export const similarity: readonly Entry[] = [
	entry({
		name: "vector-norm",
		title: { en: "Distance to a point", zh: "到一点的距离" },
		why: {
			en: "The gradient of a length is the unit vector along it: moving that way makes it longer at rate 1.",
			zh: "长度的梯度是同方向的单位向量：沿此方向移动，长度以速率 1 增加。",
		},
		f: (x: Tensor, a: Tensor) => x.sub(a).norm(),
		sizes: [{ D: 4 }, { D: 6 }],
		args: (draw, { D }) => ({ x: draw.normal(D), a: draw.normal(D) }),
		options: { axes: { x: ["D"], a: ["D"] } },
		textbook: {
			forward: ["loss = np.linalg.norm(x - a)"],
			backward: ["grad_x = (x - a) / loss"],
		},
		source: `${COOKBOOK}, eq. (129)`,
		jax: ["jnp.sqrt(jnp.sum((x - a) ** 2))"],
	}),
	entry({
		name: "frobenius-norm",
		title: { en: "Squared Frobenius norm", zh: "Frobenius 范数的平方" },
		why: {
			en: "It is a sum of squares, so the gradient is twice the matrix.",
			zh: "它是平方和，所以梯度是矩阵的两倍。",
		},
		f: (X: Tensor) => X.norm().square(),
		sizes: [
			{ M: 3, N: 4 },
			{ M: 5, N: 2 },
		],
		args: (draw, { M, N }) => ({ X: draw.normal(M, N) }),
		options: { axes: { X: ["M", "N"] } },
		textbook: { forward: ["loss = (X ** 2).sum()"], backward: ["grad_X = 2 * X"] },
		source: `${COOKBOOK}, eq. (132)`,
		jax: ["jnp.sum(X ** 2)"],
	}),
	entry({
		name: "cosine-similarity",
		title: { en: "Cosine similarity", zh: "余弦相似度" },
		why: {
			en: "The part of the other unit vector that lies along x is taken off: length does not change the angle.",
			zh: "减去另一单位向量沿 x 的分量：只改变长度不会改变夹角。",
		},
		f: ({ x, y }: Of<"x" | "y">) =>
			x
				.dot(y)
				.div(x.norm().as("r").mul(y.norm().as("s")))
				.as("c"),
		sizes: [{ D: 3 }, { D: 5 }],
		args: (draw, { D }) => ({ params: { x: draw.normal(D), y: draw.normal(D) } }),
		options: { axes: { x: ["D"], y: ["D"] } },
		textbook: {
			forward: ["r = np.linalg.norm(x)", "s = np.linalg.norm(y)", "c = loss = x @ y / (r * s)"],
			backward: ["grad_x = (y / s - c * x / r) / r", "grad_y = (x / r - c * y / s) / s"],
		},
		source: "Luo et al., Cosine Normalization (2017)",
		jax: ["x @ y / (jnp.sqrt(x @ x) * jnp.sqrt(y @ y))"],
	}),
	entry({
		name: "triplet",
		title: { en: "Triplet loss", zh: "三元组损失" },
		why: {
			en: "While a triplet violates the margin, the anchor is drawn to the positive and away from the negative.",
			zh: "只要三元组违反间隔，锚点就被拉向正例、推离负例。",
		},
		f: ({ a, p, n }: Of<"a" | "p" | "n">) => {
			const near = a.sub(p).square().sum(1);
			const far = a.sub(n).square().sum(1);
			return near.sub(far).add(1).as("m").relu().sum();
		},
		sizes: [
			{ N: 4, D: 3 },
			{ N: 6, D: 2 },
		],
		// So near to each other that the margin is met by some and not by others.
		args: (draw, { N, D }) => {
			const near = () => draw.normal(N, D).mul(0.4);
			return { params: { a: near(), p: near(), n: near() } };
		},
		options: { axes: { a: ["N", "D"], p: ["N", "D"], n: ["N", "D"] } },
		textbook: {
			forward: [
				"m = ((a - p) ** 2).sum(axis=1) - ((a - n) ** 2).sum(axis=1) + 1",
				"loss = np.maximum(m, 0).sum()",
			],
			backward: [
				"grad_m = (m > 0).astype(float)",
				"grad_p = -2 * grad_m[:, None] * (a - p)",
				"grad_n = 2 * grad_m[:, None] * (a - n)",
				"grad_a = -grad_p - grad_n",
			],
		},
		source: `${MURPHY}, section 16.2.5.2`,
		jax: [
			"m = jnp.sum((a - p) ** 2, axis=1) - jnp.sum((a - n) ** 2, axis=1) + 1",
			"jnp.sum(jax.nn.relu(m))",
		],
	}),
	entry({
		name: "contrastive",
		title: { en: "Contrastive loss (InfoNCE)", zh: "对比损失（InfoNCE）" },
		why: {
			en: "Each row is a classification whose right class stands on the diagonal: P − I.",
			zh: "每一行都是一个分类问题，正确的类在对角线上：P − I。",
		},
		f: ({ x, y }: Of<"x" | "y">) =>
			x.dot(y.T).as("S").logSoftmax(1).as("logP").diagonal().mean().neg(),
		sizes: [
			{ N: 4, D: 3 },
			{ N: 3, D: 5 },
		],
		args: (draw, { N, D }) => ({ params: { x: draw.normal(N, D), y: draw.normal(N, D) } }),
		options: { axes: { x: ["N", "D"], y: ["N", "D"] } },
		textbook: {
			forward: [
				"S = x @ y.T",
				"P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)",
				"loss = -np.log(np.diagonal(P)).mean()",
			],
			backward: [
				"grad_S = (P - np.eye(len(x))) / len(x)",
				"grad_x = grad_S @ y",
				"grad_y = grad_S.T @ x",
			],
		},
		source: "van den Oord, Li & Vinyals, Contrastive Predictive Coding (2018), eq. (4)",
		jax: ["-jnp.mean(jnp.diagonal(jax.nn.log_softmax(x @ y.T, axis=1)))"],
	}),
];
