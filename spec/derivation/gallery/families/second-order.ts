import { grad, jvp, type Tensor } from "../../../../lib/index.ts";
import { type Entry, entry } from "../entry.ts";
import { COOKBOOK } from "../sources.ts";

/** Functions that contain a gradient: the derivation goes through it once more. */
export const secondOrder: readonly Entry[] = [
	entry({
		name: "second-derivative",
		title: { en: "The derivative of x³, derived again", zh: "x³ 的导数再求导" },
		why: {
			en: "The function is the sum of 3x², so its gradient is 6x.",
			zh: "函数是 3x² 之和，所以梯度是 6x。",
		},
		f: (x: Tensor) => (grad((v: Tensor) => v.power(3).sum())(x) as Tensor).as("slope").sum(),
		sizes: [{ D: 3 }, { D: 5 }],
		args: (draw, { D }) => ({ x: draw.normal(D) }),
		options: { axes: { x: ["D"] } },
		textbook: { forward: ["loss = (3 * x ** 2).sum()"], backward: ["grad_x = 6 * x"] },
		source: "Spivak, Calculus (2008), chapter 10",
		jax: ["jnp.sum(jax.grad(lambda v: jnp.sum(v ** 3))(x))"],
	}),
	entry({
		name: "hessian-vector-quadratic",
		title: { en: "Hessian times vector, of a quadratic form", zh: "二次型的 Hessian 乘向量" },
		why: {
			en: "The gradient of g·v is the Hessian times v, here A + Aᵀ, without ever forming the Hessian.",
			zh: "g·v 的梯度就是 Hessian 乘以 v，这里是 A + Aᵀ，而无需写出 Hessian。",
		},
		f: (x: Tensor, A: Tensor, v: Tensor) =>
			(grad((u: Tensor) => u.dot(A).dot(u))(x) as Tensor).as("g").dot(v),
		sizes: [{ D: 3 }, { D: 4 }],
		args: (draw, { D }) => ({ x: draw.normal(D), A: draw.normal(D, D), v: draw.normal(D) }),
		options: { axes: { x: ["D"], A: ["D", "D"], v: ["D"] } },
		textbook: {
			forward: ["g = (A + A.T) @ x", "loss = g @ v"],
			backward: ["grad_x = (A + A.T) @ v"],
		},
		source: `${COOKBOOK}, eq. (81); Pearlmutter, Fast Exact Multiplication by the Hessian (1994)`,
		jax: ["jax.grad(lambda u: u @ A @ u)(x) @ v"],
	}),
	entry({
		name: "hessian-vector-logistic",
		title: { en: "Hessian times vector, of logistic regression", zh: "逻辑回归的 Hessian 乘向量" },
		why: {
			en: "The Hessian is Xᵀ S X with S = p (1 − p) on the diagonal: read from the right, it is three products.",
			zh: "Hessian 为 Xᵀ S X，S 的对角线是 p(1 − p)：从右往左读，就是三次乘法。",
		},
		f: (w: Tensor, x: Tensor, y: Tensor, v: Tensor) => {
			const loss = (u: Tensor) => {
				const z = x.dot(u);
				return z.softplus().sub(y.mul(z)).sum();
			};
			return (grad(loss)(w) as Tensor).as("g").dot(v);
		},
		sizes: [
			{ N: 4, D: 3 },
			{ N: 6, D: 2 },
		],
		args: (draw, { N, D }) => ({
			w: draw.normal(D),
			x: draw.normal(N, D),
			y: draw.bits(N),
			v: draw.normal(D),
		}),
		options: { axes: { w: ["D"], x: ["N", "D"], y: ["N"], v: ["D"] } },
		textbook: {
			forward: ["p = 1 / (1 + np.exp(-(x @ w)))", "loss = x.T @ (p - y) @ v"],
			backward: ["grad_z = x @ v * p * (1 - p)", "grad_w = x.T @ grad_z"],
		},
		source: "Bishop, Pattern Recognition and Machine Learning (2006), eq. (4.97)",
		jax: [
			"loss = lambda u: jnp.sum(jax.nn.softplus(x @ u) - y * (x @ u))",
			"jax.grad(loss)(w) @ v",
		],
	}),
	entry({
		name: "gradient-norm",
		title: { en: "The norm of a gradient", zh: "梯度的范数" },
		why: {
			en: "For a least-squares loss the Hessian is constant: the gradient is 2 H g.",
			zh: "最小二乘损失的 Hessian 是常数，所以梯度是 2 H g。",
		},
		f: (w: Tensor, x: Tensor, y: Tensor) => {
			const loss = (u: Tensor) => x.dot(u).sub(y).square().sum().div(2);
			return (grad(loss)(w) as Tensor).as("g").square().sum();
		},
		sizes: [
			{ N: 4, D: 3 },
			{ N: 5, D: 2 },
		],
		args: (draw, { N, D }) => ({ w: draw.normal(D), x: draw.normal(N, D), y: draw.normal(N) }),
		options: { axes: { w: ["D"], x: ["N", "D"], y: ["N"] } },
		textbook: {
			forward: ["g = x.T @ (x @ w - y)", "loss = g @ g"],
			backward: ["grad_g = 2 * g", "grad_w = x.T @ (x @ grad_g)"],
		},
		source: "Barrett & Dherin, Implicit Gradient Regularization (2021)",
		jax: ["g = jax.grad(lambda u: jnp.sum((x @ u - y) ** 2) / 2)(w)", "g @ g"],
	}),
	entry({
		name: "gradient-penalty",
		title: { en: "Gradient penalty", zh: "梯度惩罚" },
		why: {
			en: "The penalty looks at the slope by the input; its gradient reaches the weights twice, as factors of that slope and inside of tanh.",
			zh: "惩罚的是对输入的斜率；权重既是这个斜率的因子，又在 tanh 里面，所以梯度有两条路到达。",
		},
		f: (w: Tensor, x: Tensor) => {
			const slope = grad((v: Tensor) => v.dot(w).tanh().sum())(x) as Tensor;
			return slope.as("g").square().sum();
		},
		sizes: [
			{ N: 3, D: 2, H: 4 },
			{ N: 2, D: 4, H: 3 },
		],
		args: (draw, { N, D, H }) => ({ w: draw.normal(D, H), x: draw.normal(N, D) }),
		options: { axes: { w: ["D", "H"], x: ["N", "D"] } },
		textbook: {
			forward: ["h = np.tanh(x @ w)", "s = 1 - h ** 2", "g = s @ w.T", "loss = (g ** 2).sum()"],
			backward: [
				"grad_g = 2 * g",
				"grad_s = grad_g @ w",
				"grad_z = -2 * grad_s * h * s",
				"grad_w = x.T @ grad_z + grad_g.T @ s",
			],
		},
		source: "Gulrajani et al., Improved Training of Wasserstein GANs (2017), section 4",
		jax: ["g = jax.grad(lambda v: jnp.sum(jnp.tanh(v @ w)))(x)", "jnp.sum(g ** 2)"],
	}),
	entry({
		name: "one-step-ahead",
		title: { en: "The loss after one step", zh: "走一步之后的损失" },
		why: {
			en: "The start w moves the end u by I − ηH, which is symmetric, so the gradient at u is multiplied by the same matrix.",
			zh: "起点 w 经 I − ηH 影响终点 u；H 对称，所以 u 处的梯度也乘以这个矩阵。",
		},
		f: (w: Tensor, A: Tensor, c: Tensor, eta: Tensor) => {
			const g = grad((v: Tensor) => v.dot(A).dot(v).div(2))(w) as Tensor;
			return w
				.sub(eta.mul(g.as("g")))
				.as("u")
				.sub(c)
				.square()
				.sum();
		},
		sizes: [{ D: 3 }, { D: 4 }],
		args: (draw, { D }) => ({
			w: draw.normal(D),
			A: draw.normal(D, D),
			c: draw.normal(D),
			eta: draw.positive(),
		}),
		options: { axes: { w: ["D"], A: ["D", "D"], c: ["D"] } },
		textbook: {
			forward: ["g = (A + A.T) @ w / 2", "u = w - eta * g", "loss = ((u - c) ** 2).sum()"],
			backward: ["grad_u = 2 * (u - c)", "grad_w = grad_u - eta * (A + A.T) @ grad_u / 2"],
		},
		source: "Finn, Abbeel & Levine, Model-Agnostic Meta-Learning (2017), eq. (1)",
		jax: ["u = w - eta * jax.grad(lambda v: v @ A @ v / 2)(w)", "jnp.sum((u - c) ** 2)"],
	}),
	entry({
		name: "tangent",
		title: { en: "A directional derivative, derived", zh: "对方向导数求导" },
		why: {
			en: "The tangent of Σ tanh(x w) is a sum over (1 − h²)(x v), which is derived by w as any function is.",
			zh: "Σ tanh(x w) 的切线是对 (1 − h²)(x v) 求和，再像普通函数一样对 w 求导。",
		},
		f: (w: Tensor, x: Tensor, v: Tensor) =>
			jvp((u: Tensor) => x.dot(u).tanh().sum(), w, v)[1] as Tensor,
		sizes: [
			{ N: 3, D: 2 },
			{ N: 4, D: 3 },
		],
		args: (draw, { N, D }) => ({ w: draw.normal(D), x: draw.normal(N, D), v: draw.normal(D) }),
		options: { axes: { w: ["D"], x: ["N", "D"], v: ["D"] } },
		textbook: {
			forward: ["h = np.tanh(x @ w)", "t = x @ v", "loss = ((1 - h ** 2) * t).sum()"],
			backward: ["grad_z = -2 * h * (1 - h ** 2) * t", "grad_w = x.T @ grad_z"],
		},
		source: "Pearlmutter, Fast Exact Multiplication by the Hessian (1994)",
		jax: ["jax.jvp(lambda u: jnp.sum(jnp.tanh(x @ u)), (w,), (v,))[1]"],
	}),
];
