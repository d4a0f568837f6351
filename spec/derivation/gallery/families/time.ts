import { scan, sub, type Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { BISHOP, GOODFELLOW } from "../sources.ts";

/** Models whose step is a loop over time. */
export const time: readonly Entry[] = [
	entry({
		name: "rnn-over-time",
		title: { en: "Back-propagation through time", zh: "随时间反向传播" },
		why: {
			en: "The loop runs back: each step adds what its own loss sends to what the step after it sends, and the shared weights collect a term at every step.",
			zh: "循环倒着走：每一步把本步损失传来的梯度与后一步传来的相加，共享的权重在每一步都收集一项。",
		},
		f: ({ W, U, b }: Of<"W" | "U" | "b">, x: Tensor, h0: Tensor, y: Tensor) => {
			const step = (before: Tensor, x: Tensor) => {
				const h = x.dot(W).add(before.dot(U)).add(b).as("a").tanh().as("h");
				return [h, h] as const;
			};
			const [, hs] = scan(step, h0, x);
			return hs.sub(y).square().sum();
		},
		sizes: [
			{ T: 4, N: 2, D: 3, H: 5 },
			{ T: 3, N: 4, D: 2, H: 3 },
		],
		args: (draw, { T, N, D, H }) => ({
			params: { W: draw.normal(D, H), U: draw.normal(H, H), b: draw.normal(H) },
			...{ x: draw.normal(T, N, D), h0: draw.normal(N, H), y: draw.normal(T, N, H) },
		}),
		options: {
			axes: {
				...{ W: ["D", "H"], U: ["H", "H"], b: ["H"] },
				...{ x: ["T", "N", "D"], h0: ["N", "H"], y: ["T", "N", "H"] },
			},
		},
		textbook: {
			forward: [
				"hs = np.zeros(y.shape)",
				"before = np.zeros(y.shape)",
				"h = h0",
				"for t in range(len(x)):",
				"    before[t] = h",
				"    h = np.tanh(x[t] @ W + h @ U + b)",
				"    hs[t] = h",
				"loss = ((hs - y) ** 2).sum()",
			],
			backward: [
				"grad_hs = 2 * (hs - y)",
				"grad_h = np.zeros(h0.shape)",
				"grad_W = np.zeros(W.shape)",
				"grad_U = np.zeros(U.shape)",
				"grad_b = np.zeros(b.shape)",
				"for t in reversed(range(len(x))):",
				"    grad_h = grad_hs[t] + grad_h",
				"    grad_a = grad_h * (1 - hs[t] ** 2)",
				"    grad_W += x[t].T @ grad_a",
				"    grad_U += before[t].T @ grad_a",
				"    grad_b += grad_a.sum(axis=0)",
				"    grad_h = grad_a @ U.T",
			],
		},
		source: `${GOODFELLOW}, eqs. (10.8)–(10.9), (10.22)–(10.28)`,
		jax: [
			"def step(h, xt):",
			"    h = jnp.tanh(xt @ W + h @ U + b)",
			"    return h, h",
			"hs = jax.lax.scan(step, h0, x)[1]",
			"jnp.sum((hs - y) ** 2)",
		],
	}),
	entry({
		name: "leaky-integrator",
		title: { en: "A leaky integrator", zh: "漏积分器" },
		why: {
			en: "Each step keeps a share of the state, `leak`, so the gradient that runs back keeps that share as well; the gradient of `leak` collects the states before.",
			zh: "状态每步保留 `leak` 这一份额，倒传的梯度也保留同样的份额；`leak` 的梯度收集各步之前的状态。",
		},
		f: ({ leak, W }: Of<"leak" | "W">, x: Tensor, v0: Tensor, y: Tensor) => {
			const step = (before: Tensor, x: Tensor) => {
				const v = before.mul(leak).add(x.dot(W)).as("v");
				return [v, v] as const;
			};
			const [, vs] = scan(step, v0, x);
			return vs.sub(y).square().sum();
		},
		sizes: [
			{ T: 5, D: 3, H: 2 },
			{ T: 4, D: 2, H: 3 },
		],
		args: (draw, { T, D, H }) => ({
			params: { leak: draw.positive(H).mul(0.45), W: draw.normal(D, H) },
			...{ x: draw.normal(T, D), v0: draw.normal(H), y: draw.normal(T, H) },
		}),
		options: {
			axes: {
				...{ leak: ["H"], W: ["D", "H"], x: ["T", "D"], v0: ["H"], y: ["T", "H"] },
			},
		},
		textbook: {
			forward: [
				"vs = np.zeros(y.shape)",
				"before = np.zeros(y.shape)",
				"v = v0",
				"for t in range(len(x)):",
				"    before[t] = v",
				"    v = leak * v + x[t] @ W",
				"    vs[t] = v",
				"loss = ((vs - y) ** 2).sum()",
			],
			backward: [
				"grad_vs = 2 * (vs - y)",
				"grad_v = np.zeros(v0.shape)",
				"grad_leak = np.zeros(leak.shape)",
				"grad_W = np.zeros(W.shape)",
				"for t in reversed(range(len(x))):",
				"    grad_v = grad_vs[t] + grad_v",
				"    grad_leak += grad_v * before[t]",
				"    grad_W += np.outer(x[t], grad_v)",
				"    grad_v = leak * grad_v",
			],
		},
		source: `${GOODFELLOW}, section 10.11`,
		jax: [
			"def step(v, xt):",
			"    v = leak * v + xt @ W",
			"    return v, v",
			"vs = jax.lax.scan(step, v0, x)[1]",
			"jnp.sum((vs - y) ** 2)",
		],
	}),
	entry({
		name: "gru-over-time",
		title: { en: "A gated recurrent unit over time", zh: "随时间展开的门控循环单元" },
		why: {
			en: "The state's gradient runs back by three ways at every step: kept by the gate, through the candidate, and through the gate itself.",
			zh: "状态的梯度在每一步都沿三条路倒传：经门保留的部分、经候选状态、以及经门本身。",
		},
		f: ({ Wz, Uz, Wn, Un }: Of<"Wz" | "Uz" | "Wn" | "Un">, x: Tensor, h0: Tensor, C: Tensor) => {
			const step = (h: Tensor, x: Tensor) => {
				const z = x.dot(Wz).add(h.dot(Uz)).as("az").sigmoid().as("z");
				const n = x.dot(Wn).add(h.dot(Un)).as("an").tanh().as("n");
				return [sub(1, z).mul(n).add(z.mul(h)).as("h"), null] as const;
			};
			return scan(step, h0, x)[0].mul(C).sum();
		},
		sizes: [
			{ T: 4, N: 2, D: 3, H: 5 },
			{ T: 3, N: 4, D: 2, H: 3 },
		],
		args: (draw, { T, N, D, H }) => ({
			params: {
				...{ Wz: draw.normal(D, H), Uz: draw.normal(H, H) },
				...{ Wn: draw.normal(D, H), Un: draw.normal(H, H) },
			},
			...{ x: draw.normal(T, N, D), h0: draw.normal(N, H), C: draw.normal(N, H) },
		}),
		options: {
			axes: {
				...{ Wz: ["D", "H"], Uz: ["H", "H"], Wn: ["D", "H"], Un: ["H", "H"] },
				...{ x: ["T", "N", "D"], h0: ["N", "H"], C: ["N", "H"] },
			},
		},
		textbook: {
			forward: [
				"sigmoid = lambda v: 1 / (1 + np.exp(-v))",
				"zs, ns, before, h = [], [], [], h0",
				"for x_t in x:",
				"    before.append(h)",
				"    z = sigmoid(x_t @ Wz + h @ Uz)",
				"    n = np.tanh(x_t @ Wn + h @ Un)",
				"    h = (1 - z) * n + z * h",
				"    zs.append(z)",
				"    ns.append(n)",
				"loss = (h * C).sum()",
			],
			backward: [
				"grad_h = C",
				"grad_Wz, grad_Uz = np.zeros(Wz.shape), np.zeros(Uz.shape)",
				"grad_Wn, grad_Un = np.zeros(Wn.shape), np.zeros(Un.shape)",
				"for x_t, h, z, n in zip(x[::-1], before[::-1], zs[::-1], ns[::-1]):",
				"    grad_z = grad_h * (h - n)",
				"    grad_az = grad_z * z * (1 - z)",
				"    grad_n = grad_h * (1 - z)",
				"    grad_an = grad_n * (1 - n ** 2)",
				"    grad_Wz += x_t.T @ grad_az",
				"    grad_Uz += h.T @ grad_az",
				"    grad_Wn += x_t.T @ grad_an",
				"    grad_Un += h.T @ grad_an",
				"    grad_h = grad_h * z + grad_az @ Uz.T + grad_an @ Un.T",
			],
		},
		source:
			"Cho et al., Learning Phrase Representations (2014), eqs. (5)–(8), without the reset gate",
		jax: [
			"def step(h, xt):",
			"    z = jax.nn.sigmoid(xt @ Wz + h @ Uz)",
			"    n = jnp.tanh(xt @ Wn + h @ Un)",
			"    return (1 - z) * n + z * h, None",
			"jnp.sum(jax.lax.scan(step, h0, x)[0] * C)",
		],
	}),
	entry({
		name: "kalman-filter",
		title: { en: "A Kalman filter", zh: "卡尔曼滤波" },
		why: {
			en: "The likelihood of each observation is that of a surprise e with the variance s; mean and variance of the state are handed on, and their gradients run back together.",
			zh: "每个观测的似然由新息 e 及其方差 s 给出；状态的均值与方差逐步传递，二者的梯度一同倒传。",
		},
		f: ({ a, q, r }: Of<"a" | "q" | "r">, y: Tensor, m0: Tensor, p0: Tensor, C: Tensor) => {
			const step = ([m, p]: readonly [Tensor, Tensor], y: Tensor) => {
				const mean = m.mul(a).as("mean");
				const variance = p.mul(a.square()).add(q).as("variance");
				const s = variance.add(r).as("s");
				const e = y.sub(mean).as("e");
				const k = variance.div(s).as("k");
				const term = e.square().div(s).add(s.log());
				const next = [mean.add(k.mul(e)).as("m"), sub(1, k).mul(variance).as("p")] as const;
				return [next, term] as const;
			};
			return scan(step, [m0, p0], y)[1].mul(C).sum();
		},
		sizes: [
			{ T: 5, N: 3 },
			{ T: 4, N: 2 },
		],
		args: (draw, { T, N }) => ({
			params: { a: draw.positive(N), q: draw.positive(N), r: draw.positive(N) },
			...{ y: draw.normal(T, N), m0: draw.normal(N), p0: draw.positive(N), C: draw.positive(T, N) },
		}),
		options: {
			axes: { a: ["N"], q: ["N"], r: ["N"], y: ["T", "N"], m0: ["N"], p0: ["N"], C: ["T", "N"] },
		},
		textbook: {
			forward: [
				"steps, m, p, loss = [], m0, p0, 0",
				"for y_t, c in zip(y, C):",
				"    variance = a ** 2 * p + q",
				"    s, e = variance + r, y_t - a * m",
				"    k = variance / s",
				"    steps.append((c, m, p, variance, s, e, k))",
				"    m, p = a * m + k * e, (1 - k) * variance",
				"    loss = loss + (c * (e ** 2 / s + np.log(s))).sum()",
			],
			backward: [
				"grad_m = np.zeros(m0.shape)",
				"grad_p = np.zeros(p0.shape)",
				"grad_a = np.zeros(a.shape)",
				"grad_q = np.zeros(q.shape)",
				"grad_r = np.zeros(r.shape)",
				"for c, m, p, variance, s, e, k in reversed(steps):",
				"    grad_k = grad_m * e - grad_p * variance",
				"    grad_e = grad_m * k + 2 * c * e / s",
				"    grad_s = c * (1 / s - e ** 2 / s ** 2) - grad_k * variance / s ** 2",
				"    grad_variance = grad_p * (1 - k) + grad_k / s + grad_s",
				"    grad_mean = grad_m - grad_e",
				"    grad_a += grad_mean * m + 2 * a * p * grad_variance",
				"    grad_q += grad_variance",
				"    grad_r += grad_s",
				"    grad_m = grad_mean * a",
				"    grad_p = grad_variance * a ** 2",
			],
		},
		source: `${BISHOP}, section 13.3, eqs. (13.88)–(13.92)`,
		jax: [
			"def step(state, yt):",
			"    m, p = state",
			"    variance = a ** 2 * p + q",
			"    s, e = variance + r, yt - a * m",
			"    k = variance / s",
			"    return (a * m + k * e, (1 - k) * variance), e ** 2 / s + jnp.log(s)",
			"jnp.sum(jax.lax.scan(step, (m0, p0), y)[1] * C)",
		],
	}),
];
