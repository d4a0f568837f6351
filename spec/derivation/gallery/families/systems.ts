import { einsum, outer, type Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { COOKBOOK, MURPHY } from "../sources.ts";

/** Systems of equations, factors, and models that are products of matrices. */
export const systems: readonly Entry[] = [
	entry({
		name: "inverse-form",
		title: { en: "aᵀX⁻¹b", zh: "aᵀX⁻¹b" },
		why: {
			en: "The differential of the inverse is −X⁻¹ dX X⁻¹: the solution with X meets the one with Xᵀ in an outer product.",
			zh: "逆的微分是 −X⁻¹ dX X⁻¹：以 X 求得的解与以 Xᵀ 求得的解作外积。",
		},
		f: (X: Tensor, a: Tensor, b: Tensor) => a.dot(X.inverse().as("Y")).dot(b),
		sizes: [{ D: 3 }, { D: 4 }],
		args: (draw, { D }) => ({ X: draw.regular(D), a: draw.normal(D), b: draw.normal(D) }),
		options: { axes: { X: ["D", "D"], a: ["D"], b: ["D"] } },
		textbook: {
			forward: ["Y = np.linalg.inv(X)", "loss = a @ Y @ b"],
			backward: ["grad_Y = np.outer(a, b)", "grad_X = -Y.T @ grad_Y @ Y.T"],
		},
		source: `${COOKBOOK}, eq. (61)`,
		jax: ["a @ jnp.linalg.inv(X) @ b"],
	}),
	entry({
		name: "linear-system",
		title: { en: "A linear system", zh: "线性方程组" },
		why: {
			en: "The gradient of the right side solves the transposed system: this is the adjoint method.",
			zh: "右端项的梯度是转置方程组的解：这就是伴随方法。",
		},
		f: ({ A, b }: Of<"A" | "b">, c: Tensor) => A.solve(b).as("x").dot(c),
		sizes: [{ D: 3 }, { D: 5 }],
		args: (draw, { D }) => ({
			params: { A: draw.regular(D), b: draw.normal(D) },
			c: draw.normal(D),
		}),
		options: { axes: { A: ["D", "D"], b: ["D"], c: ["D"] } },
		textbook: {
			forward: ["x = np.linalg.solve(A, b)", "loss = x @ c"],
			backward: ["grad_b = np.linalg.solve(A.T, c)", "grad_A = -np.outer(grad_b, x)"],
		},
		source: "Giles, Collected Matrix Derivative Results (2008), section 2",
		jax: ["jnp.linalg.solve(A, b) @ c"],
	}),
	entry({
		name: "rayleigh-quotient",
		title: { en: "Rayleigh quotient", zh: "瑞利商" },
		why: {
			en: "For a symmetric A the gradient is 0 just where A x = ρ x: at the eigenvectors.",
			zh: "A 对称时，梯度恰好在 A x = ρ x 处为 0，也就是在特征向量处。",
		},
		f: (x: Tensor, A: Tensor) => x.dot(A.dot(x)).div(x.dot(x).as("s")).as("rho"),
		sizes: [{ D: 3 }, { D: 5 }],
		args: (draw, { D }) => ({ x: draw.normal(D), A: draw.definite(D) }),
		options: { axes: { x: ["D"], A: ["D", "D"] } },
		textbook: {
			forward: ["s = x @ x", "rho = loss = x @ A @ x / s"],
			backward: ["grad_x = (A @ x + A.T @ x - 2 * rho * x) / s"],
		},
		source: "Trefethen & Bau, Numerical Linear Algebra (1997), lecture 27",
		jax: ["x @ A @ x / (x @ x)"],
	}),
	entry({
		name: "matrix-factorization",
		title: { en: "Matrix factorization", zh: "矩阵分解" },
		why: {
			en: "The masked error of the ratings, times the factors of the other side, and the decay of each factor.",
			zh: "评分的误差（只看已有评分处）乘以另一侧的因子，再加上各自的衰减。",
		},
		f: ({ P, Q }: Of<"P" | "Q">, R: Tensor, known: Tensor, lam: Tensor) => {
			const error = P.dot(Q.T).sub(R).mul(known).as("E");
			return error
				.square()
				.sum()
				.add(lam.mul(P.square().sum().add(Q.square().sum())))
				.div(2);
		},
		sizes: [
			{ U: 3, I: 4, K: 2 },
			{ U: 5, I: 3, K: 4 },
		],
		args: (draw, { U, I, K }) => ({
			params: { P: draw.normal(U, K), Q: draw.normal(I, K) },
			R: draw.normal(U, I),
			known: draw.bits(U, I),
			lam: draw.positive(),
		}),
		options: { axes: { P: ["U", "K"], Q: ["I", "K"], R: ["U", "I"], known: ["U", "I"] } },
		textbook: {
			forward: [
				"E = known * (P @ Q.T - R)",
				"loss = ((E ** 2).sum() + lam * ((P ** 2).sum() + (Q ** 2).sum())) / 2",
			],
			backward: [
				"grad_dot = known * E",
				"grad_P = grad_dot @ Q + lam * P",
				"grad_Q = grad_dot.T @ P + lam * Q",
			],
		},
		source:
			"Koren, Bell & Volinsky, Matrix Factorization Techniques for Recommender Systems (2009), eq. (2)",
		jax: [
			"E = known * (P @ Q.T - R)",
			"(jnp.sum(E ** 2) + lam * (jnp.sum(P ** 2) + jnp.sum(Q ** 2))) / 2",
		],
	}),
	entry({
		name: "graph-convolution",
		title: { en: "Graph convolution", zh: "图卷积" },
		why: {
			en: "The adjacency A spreads features over neighbours; its transpose brings the gradients back along the same edges.",
			zh: "邻接矩阵 A 把特征传给邻居；它的转置沿同样的边把梯度带回。",
		},
		f: ({ w1, w2 }: Of<"w1" | "w2">, A: Tensor, x: Tensor, y: Tensor) => {
			const h = A.dot(x).as("s").dot(w1).as("z").relu().as("h");
			return A.dot(h).as("t").dot(w2).as("out").sub(y).square().sum();
		},
		sizes: [
			{ N: 4, D: 3, H: 5, K: 2 },
			{ N: 6, D: 2, H: 3, K: 4 },
		],
		args: (draw, { N, D, H, K }) => ({
			params: { w1: draw.normal(D, H), w2: draw.normal(H, K) },
			A: draw.bits(N, N),
			x: draw.normal(N, D),
			y: draw.normal(N, K),
		}),
		options: {
			axes: { w1: ["D", "H"], w2: ["H", "K"], A: ["N", "N"], x: ["N", "D"], y: ["N", "K"] },
		},
		textbook: {
			forward: [
				"s = A @ x",
				"z = s @ w1",
				"t = A @ np.maximum(z, 0)",
				"out = t @ w2",
				"loss = ((out - y) ** 2).sum()",
			],
			backward: [
				"grad_out = 2 * (out - y)",
				"grad_w2 = t.T @ grad_out",
				"grad_t = grad_out @ w2.T",
				"grad_h = A.T @ grad_t",
				"grad_z = grad_h * (z > 0)",
				"grad_w1 = s.T @ grad_z",
			],
		},
		source: "Kipf & Welling, Graph Convolutional Networks (2017), eq. (2)",
		jax: ["jnp.sum((A @ jax.nn.relu(A @ x @ w1) @ w2 - y) ** 2)"],
	}),
	entry({
		name: "low-rank",
		title: { en: "Low-rank update (LoRA)", zh: "低秩更新（LoRA）" },
		why: {
			en: "Only the two thin factors are trained; the gradient of the full matrix is never formed.",
			zh: "只训练两个窄的因子，完整矩阵的梯度从不出现。",
		},
		f: ({ A, B }: Of<"A" | "B">, W: Tensor, x: Tensor, y: Tensor) =>
			x.dot(W).add(x.dot(A).as("h").dot(B)).as("out").sub(y).square().sum(),
		sizes: [
			{ N: 4, D: 5, R: 2, K: 3 },
			{ N: 3, D: 4, R: 3, K: 6 },
		],
		args: (draw, { N, D, R, K }) => ({
			params: { A: draw.normal(D, R), B: draw.normal(R, K) },
			W: draw.normal(D, K),
			x: draw.normal(N, D),
			y: draw.normal(N, K),
		}),
		options: {
			axes: { A: ["D", "R"], B: ["R", "K"], W: ["D", "K"], x: ["N", "D"], y: ["N", "K"] },
		},
		textbook: {
			forward: ["h = x @ A", "out = x @ W + h @ B", "loss = ((out - y) ** 2).sum()"],
			backward: [
				"grad_out = 2 * (out - y)",
				"grad_B = h.T @ grad_out",
				"grad_h = grad_out @ B.T",
				"grad_A = x.T @ grad_h",
			],
		},
		source: "Hu et al., LoRA (2021), section 4.1",
		jax: ["jnp.sum((x @ W + x @ A @ B - y) ** 2)"],
	}),
	entry({
		name: "rank-one-fit",
		title: { en: "Best rank one", zh: "最佳秩一逼近" },
		why: {
			en: "With E = uvᵀ − M the gradients are 2 E v and 2 Eᵀ u; both are 0 at a pair of singular vectors of the right length.",
			zh: "记 E = uvᵀ − M，梯度为 2 E v 与 2 Eᵀ u；在长度合适的一对奇异向量处，二者都为 0。",
		},
		f: ({ u, v }: Of<"u" | "v">, M: Tensor) => outer(u, v).sub(M).as("E").square().sum(),
		sizes: [
			{ N: 3, K: 4 },
			{ N: 5, K: 2 },
		],
		args: (draw, { N, K }) => ({
			params: { u: draw.normal(N), v: draw.normal(K) },
			M: draw.normal(N, K),
		}),
		options: { axes: { u: ["N"], v: ["K"], M: ["N", "K"] } },
		textbook: {
			forward: ["E = np.outer(u, v) - M", "loss = (E ** 2).sum()"],
			backward: ["grad_E = 2 * E", "grad_u = grad_E @ v", "grad_v = grad_E.T @ u"],
		},
		source: `${COOKBOOK}, eqs. (71), (132)`,
		jax: ["jnp.sum((jnp.outer(u, v) - M) ** 2)"],
	}),
	entry({
		name: "tensor-contraction",
		title: { en: "A contraction of three axes", zh: "三个轴的缩并" },
		why: {
			en: "An einsum is linear in each operand: its gradient is the einsum of the others.",
			zh: "einsum 对每个操作数都是线性的：它的梯度是其余操作数的 einsum。",
		},
		f: ({ x, W, y }: Of<"x" | "W" | "y">) => einsum("i,ijk,jk->", x, W, y),
		sizes: [
			{ I: 2, J: 3, K: 4 },
			{ I: 4, J: 2, K: 3 },
		],
		args: (draw, { I, J, K }) => ({
			params: { x: draw.normal(I), W: draw.normal(I, J, K), y: draw.normal(J, K) },
		}),
		options: { axes: { x: ["I"], W: ["I", "J", "K"], y: ["J", "K"] } },
		textbook: {
			forward: ["loss = np.einsum('i,ijk,jk->', x, W, y)"],
			backward: [
				"grad_x = np.einsum('ijk,jk->i', W, y)",
				"grad_W = np.einsum('i,jk->ijk', x, y)",
				"grad_y = np.einsum('i,ijk->jk', x, W)",
			],
		},
		source: `${MURPHY}, section 7.8`,
		jax: ["jnp.einsum('i,ijk,jk->', x, W, y)"],
	}),
];
