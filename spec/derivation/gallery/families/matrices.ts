import type { Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { COOKBOOK } from "../sources.ts";

const square = { X: ["D", "D"] };

/** Scalars of vectors and matrices, by the numbers of their equations. */
export const matrices: readonly Entry[] = [
	entry({
		name: "bilinear-form",
		title: { en: "aᵀXb", zh: "aᵀXb" },
		why: {
			en: "X enters linearly: element (i, j) is multiplied by aᵢbⱼ, the outer product.",
			zh: "它对 X 是线性的：元素 (i, j) 的系数是 aᵢbⱼ，合起来就是外积。",
		},
		f: (X: Tensor, a: Tensor, b: Tensor) => a.dot(X).dot(b),
		sizes: [
			{ M: 3, N: 4 },
			{ M: 5, N: 2 },
		],
		args: (draw, { M, N }) => ({ X: draw.normal(M, N), a: draw.normal(M), b: draw.normal(N) }),
		options: { axes: { X: ["M", "N"], a: ["M"], b: ["N"] } },
		textbook: { forward: ["loss = a @ X @ b"], backward: ["grad_X = np.outer(a, b)"] },
		source: `${COOKBOOK}, eq. (70)`,
		jax: ["a @ X @ b"],
	}),
	entry({
		name: "quadratic-form",
		title: { en: "xᵀAx", zh: "xᵀAx" },
		why: {
			en: "x occurs twice, so there are two terms: A x and Aᵀ x, which are equal where A is symmetric. In A, the function is linear.",
			zh: "x 出现两次，所以有两项：A x 与 Aᵀ x，A 对称时二者相等。对 A 来说函数是线性的。",
		},
		f: ({ x, A }: Of<"x" | "A">) => x.dot(A).dot(x),
		sizes: [{ D: 3 }, { D: 5 }],
		args: (draw, { D }) => ({ params: { x: draw.normal(D), A: draw.normal(D, D) } }),
		options: { axes: { x: ["D"], A: ["D", "D"] } },
		textbook: {
			forward: ["loss = x @ A @ x"],
			backward: ["grad_x = (A + A.T) @ x", "grad_A = np.outer(x, x)"],
		},
		source: `${COOKBOOK}, eqs. (72), (81)`,
		jax: ["x @ A @ x"],
	}),
	entry({
		name: "weighted-residual",
		title: { en: "(x − As)ᵀW(x − As)", zh: "(x − As)ᵀW(x − As)" },
		why: {
			en: "The residual is weighted by W and its transpose; then the linear map A sends it back to s.",
			zh: "残差先以 W 及其转置加权，再由线性映射 A 的转置传回 s。",
		},
		f: ({ s, A }: Of<"s" | "A">, x: Tensor, W: Tensor) => {
			const r = x.sub(A.dot(s)).as("r");
			return r.dot(W.dot(r));
		},
		sizes: [
			{ M: 4, N: 3 },
			{ M: 2, N: 5 },
		],
		args: (draw, { M, N }) => ({
			params: { s: draw.normal(N), A: draw.normal(M, N) },
			x: draw.normal(M),
			W: draw.normal(M, M),
		}),
		options: { axes: { s: ["N"], A: ["M", "N"], x: ["M"], W: ["M", "M"] } },
		textbook: {
			forward: ["r = x - A @ s", "loss = r @ W @ r"],
			backward: [
				"grad_r = (W + W.T) @ r",
				"grad_s = -A.T @ grad_r",
				"grad_A = -np.outer(grad_r, s)",
			],
		},
		source: `${COOKBOOK}, eqs. (84), (88)`,
		jax: ["r = x - A @ s", "r @ W @ r"],
	}),
	entry({
		name: "trace-product",
		title: { en: "tr(AXB)", zh: "tr(AXB)" },
		why: {
			en: "Under a trace the factors may be turned round in a circle, so X stands beside BA, and the gradient is its transpose.",
			zh: "迹内的因子可以循环移动，于是 X 与 BA 相邻，梯度就是 BA 的转置。",
		},
		f: (X: Tensor, A: Tensor, B: Tensor) => A.dot(X).dot(B).diagonal().sum(),
		sizes: [
			{ K: 3, M: 4, N: 2 },
			{ K: 2, M: 3, N: 5 },
		],
		args: (draw, { K, M, N }) => ({
			X: draw.normal(M, N),
			A: draw.normal(K, M),
			B: draw.normal(N, K),
		}),
		options: { axes: { X: ["M", "N"], A: ["K", "M"], B: ["N", "K"] } },
		textbook: { forward: ["loss = np.trace(A @ X @ B)"], backward: ["grad_X = A.T @ B.T"] },
		source: `${COOKBOOK}, eq. (101)`,
		jax: ["jnp.trace(A @ X @ B)"],
	}),
	entry({
		name: "trace-square",
		title: { en: "tr(X²)", zh: "tr(X²)" },
		why: {
			en: "Both factors give the same term.",
			zh: "两个因子给出同样的一项。",
		},
		f: (X: Tensor) => X.dot(X).diagonal().sum(),
		sizes: [{ D: 3 }, { D: 5 }],
		args: (draw, { D }) => ({ X: draw.normal(D, D) }),
		options: { axes: square },
		textbook: { forward: ["loss = np.trace(X @ X)"], backward: ["grad_X = 2 * X.T"] },
		source: `${COOKBOOK}, eq. (106)`,
		jax: ["jnp.trace(X @ X)"],
	}),
	entry({
		name: "trace-quadratic",
		title: { en: "tr(XᵀBX)", zh: "tr(XᵀBX)" },
		why: {
			en: "It is a quadratic form for each column of X, so the gradient is that of xᵀBx, column by column.",
			zh: "对 X 的每一列都是一个二次型，所以梯度逐列等于 xᵀBx 的梯度。",
		},
		f: (X: Tensor, B: Tensor) => X.T.dot(B).dot(X).diagonal().sum(),
		sizes: [
			{ M: 3, N: 2 },
			{ M: 4, N: 5 },
		],
		args: (draw, { M, N }) => ({ X: draw.normal(M, N), B: draw.normal(M, M) }),
		options: { axes: { X: ["M", "N"], B: ["M", "M"] } },
		textbook: { forward: ["loss = np.trace(X.T @ B @ X)"], backward: ["grad_X = B @ X + B.T @ X"] },
		source: `${COOKBOOK}, eq. (108)`,
		jax: ["jnp.trace(X.T @ B @ X)"],
	}),
	entry({
		name: "residual-norm",
		title: { en: "‖AXB + C‖²", zh: "‖AXB + C‖²" },
		why: {
			en: "The residual R is sent back through both factors: Aᵀ from the left, Bᵀ from the right.",
			zh: "残差 R 穿过两个因子传回：左乘 Aᵀ，右乘 Bᵀ。",
		},
		f: (X: Tensor, A: Tensor, B: Tensor, C: Tensor) =>
			A.dot(X).dot(B).add(C).as("R").square().sum(),
		sizes: [
			{ K: 3, M: 4, N: 2, P: 5 },
			{ K: 2, M: 3, N: 4, P: 3 },
		],
		args: (draw, { K, M, N, P }) => ({
			X: draw.normal(M, N),
			A: draw.normal(K, M),
			B: draw.normal(N, P),
			C: draw.normal(K, P),
		}),
		options: { axes: { X: ["M", "N"], A: ["K", "M"], B: ["N", "P"], C: ["K", "P"] } },
		textbook: {
			forward: ["R = A @ X @ B + C", "loss = (R ** 2).sum()"],
			backward: ["grad_R = 2 * R", "grad_X = A.T @ grad_R @ B.T"],
		},
		source: `${COOKBOOK}, eq. (119)`,
		jax: ["jnp.sum((A @ X @ B + C) ** 2)"],
	}),
	entry({
		name: "determinant",
		title: { en: "det X", zh: "det X" },
		why: {
			en: "The gradient of a determinant is the matrix of cofactors, det X times the transposed inverse.",
			zh: "行列式的梯度是余子式矩阵，即 det X 乘以逆的转置。",
		},
		f: (X: Tensor) => X.determinant().as("d"),
		sizes: [{ D: 3 }, { D: 4 }],
		args: (draw, { D }) => ({ X: draw.regular(D) }),
		options: { axes: square },
		textbook: {
			forward: ["loss = np.linalg.det(X)"],
			backward: ["grad_X = loss * np.linalg.inv(X).T"],
		},
		source: `${COOKBOOK}, eq. (49)`,
		jax: ["jnp.linalg.det(X)"],
	}),
	entry({
		name: "determinant-of-form",
		title: { en: "det(AXB)", zh: "det(AXB)" },
		why: {
			en: "The determinant of a product is the product of determinants, so A and B only scale the gradient.",
			zh: "乘积的行列式等于行列式的乘积，所以 A 与 B 只缩放梯度。",
		},
		f: (X: Tensor, A: Tensor, B: Tensor) => A.dot(X).dot(B).as("Y").determinant(),
		sizes: [{ D: 3 }, { D: 2 }],
		args: (draw, { D }) => ({ X: draw.regular(D), A: draw.regular(D), B: draw.regular(D) }),
		options: { axes: { X: ["D", "D"], A: ["D", "D"], B: ["D", "D"] } },
		textbook: {
			forward: ["Y = A @ X @ B", "loss = np.linalg.det(Y)"],
			backward: ["grad_Y = loss * np.linalg.inv(Y).T", "grad_X = A.T @ grad_Y @ B.T"],
		},
		source: `${COOKBOOK}, eqs. (49), (51)`,
		jax: ["jnp.linalg.det(A @ X @ B)"],
	}),
	entry({
		name: "log-determinant",
		title: { en: "log det X", zh: "log det X" },
		why: {
			en: "The logarithm divides by the determinant: the transposed inverse alone is left.",
			zh: "取对数相当于除以行列式，只剩下逆的转置。",
		},
		f: (X: Tensor) => X.logDet(),
		sizes: [{ D: 3 }, { D: 5 }],
		args: (draw, { D }) => ({ X: draw.definite(D) }),
		options: { axes: square },
		textbook: {
			forward: ["loss = np.linalg.slogdet(X)[1]"],
			backward: ["grad_X = np.linalg.inv(X).T"],
		},
		source: `${COOKBOOK}, eq. (57)`,
		jax: ["jnp.linalg.slogdet(X)[1]"],
	}),
	entry({
		name: "trace-inverse",
		title: { en: "tr(AX⁻¹B)", zh: "tr(AX⁻¹B)" },
		why: {
			en: "The gradient of the trace by Y = X⁻¹ stands between two transposed inverses.",
			zh: "迹对 Y = X⁻¹ 的梯度夹在两个逆的转置之间。",
		},
		f: (X: Tensor, A: Tensor, B: Tensor) => A.dot(X.inverse().as("Y")).dot(B).diagonal().sum(),
		sizes: [
			{ D: 3, K: 2 },
			{ D: 4, K: 5 },
		],
		args: (draw, { D, K }) => ({
			X: draw.regular(D),
			A: draw.normal(K, D),
			B: draw.normal(D, K),
		}),
		options: { axes: { X: ["D", "D"], A: ["K", "D"], B: ["D", "K"] } },
		textbook: {
			forward: ["Y = np.linalg.inv(X)", "loss = np.trace(A @ Y @ B)"],
			backward: ["grad_X = -(Y @ B @ A @ Y).T"],
		},
		source: `${COOKBOOK}, eq. (124)`,
		jax: ["jnp.trace(A @ jnp.linalg.inv(X) @ B)"],
	}),
];
