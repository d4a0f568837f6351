import { avgPool2d, conv1d, conv2d, maxPool1d, type Tensor } from "../../../../lib/index.ts";
import { type Entry, entry, type Of } from "../entry.ts";
import { GOODFELLOW } from "../sources.ts";

const DUMOULIN = "Dumoulin & Visin, A Guide to Convolution Arithmetic (2016), section 4";

/** Convolutions, pooling, and other sums over windows. */
export const convolution: readonly Entry[] = [
	entry({
		name: "convolution-1d",
		title: { en: "Convolution of a signal", zh: "一维卷积" },
		why: {
			en: "Each number of the filter belongs to one shift of the signal, so its gradient correlates the shifted signal with the gradient of the output. The signal gets that gradient through the filter, turned round.",
			zh: "滤波器的每个系数对应信号的一个平移，所以它的梯度是信号与输出梯度的互相关；传回信号时，则用翻转后的滤波器与输出梯度作用。",
		},
		f: ({ w, x }: Of<"w" | "x">) => conv1d(x, w).as("z").square().sum(),
		sizes: [
			{ N: 2, I: 3, O: 4, L: 6, K: 3 },
			{ N: 3, I: 2, O: 3, L: 8, K: 2 },
		],
		args: (draw, { N, I, O, L, K }) => ({
			params: { w: draw.normal(O, I, K), x: draw.normal(N, I, L) },
		}),
		options: { axes: { w: ["O", "I", "K"], x: ["N", "I", "L"] } },
		textbook: {
			forward: [
				"K = w.shape[2]",
				"windows = np.lib.stride_tricks.sliding_window_view(x, K, axis=2)",
				"z = np.einsum('nilk,oik->nol', windows, w)",
				"loss = (z ** 2).sum()",
			],
			backward: [
				"grad_z = 2 * z",
				"grad_w = np.einsum('nol,nilk->oik', grad_z, windows)",
				"padded = np.pad(grad_z, ((0, 0), (0, 0), (K - 1, K - 1)))",
				"spread = np.lib.stride_tricks.sliding_window_view(padded, K, axis=2)",
				"grad_x = np.einsum('nolk,oik->nil', spread, w[:, :, ::-1])",
			],
		},
		source: `${GOODFELLOW}, eqs. (9.11)–(9.13)`,
		jax: ["jnp.sum(jax.lax.conv_general_dilated(x, w, (1,), 'VALID') ** 2)"],
	}),
	entry({
		name: "convolution-2d",
		title: { en: "A convolutional layer", zh: "卷积层" },
		why: {
			en: "The same sum as in one dimension, over two; the bias, which every place shares, gets the sum over all places.",
			zh: "求和与一维时相同，只是在二维上进行；偏置由所有位置共用，它的梯度是所有位置之和。",
		},
		f: ({ w, b }: Of<"w" | "b">, x: Tensor) =>
			conv2d(x, w)
				.add(b.reshape([-1, 1, 1]))
				.as("z")
				.relu()
				.as("a")
				.sum(),
		sizes: [
			{ N: 2, I: 2, O: 3, L: 5, W: 4, K: 3 },
			{ N: 3, I: 3, O: 2, L: 4, W: 6, K: 2 },
		],
		args: (draw, { N, I, O, L, W, K }) => ({
			params: { w: draw.normal(O, I, K, K), b: draw.normal(O) },
			x: draw.normal(N, I, L, W),
		}),
		options: { axes: { w: ["O", "I", "K", "K"], b: ["O"], x: ["N", "I", "L", "W"] } },
		textbook: {
			forward: [
				"windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))",
				"z = np.einsum('nihwkl,oikl->nohw', windows, w) + b[:, None, None]",
				"loss = np.maximum(z, 0).sum()",
			],
			backward: [
				"grad_z = (z > 0).astype(float)",
				"grad_b = grad_z.sum(axis=(0, 2, 3))",
				"grad_w = np.einsum('nohw,nihwkl->oikl', grad_z, windows)",
			],
		},
		source: `${GOODFELLOW}, eqs. (9.11)–(9.13)`,
		jax: [
			"z = jax.lax.conv_general_dilated(x, w, (1, 1), 'VALID') + b[:, None, None]",
			"jnp.sum(jax.nn.relu(z))",
		],
	}),
	entry({
		name: "strided-convolution",
		title: { en: "A convolution with stride", zh: "带步长的卷积" },
		why: {
			en: "With a stride as long as the filter the windows do not overlap: the layer is a matrix product of patches.",
			zh: "步长等于滤波器长度时，窗口互不重叠：这一层就是各小块的矩阵乘积。",
		},
		f: (w: Tensor, x: Tensor) => conv1d(x, w, { stride: 2 }).as("z").square().sum(),
		sizes: [{ N: 2, I: 3, O: 4, L: 6 }],
		args: (draw, { N, I, O, L }) => ({ w: draw.normal(O, I, 2), x: draw.normal(N, I, L) }),
		options: { axes: { w: ["O", "I", "K"], x: ["N", "I", "L"] } },
		textbook: {
			forward: [
				"patches = x.reshape(x.shape[0], x.shape[1], -1, 2)",
				"z = np.einsum('nipk,oik->nop', patches, w)",
				"loss = (z ** 2).sum()",
			],
			backward: ["grad_z = 2 * z", "grad_w = np.einsum('nop,nipk->oik', grad_z, patches)"],
		},
		source: DUMOULIN,
		jax: ["jnp.sum(jax.lax.conv_general_dilated(x, w, (2,), 'VALID') ** 2)"],
	}),
	entry({
		name: "average-pooling",
		title: { en: "Average pooling", zh: "平均池化" },
		why: {
			en: "Each of the four elements of a window gets a quarter of its gradient.",
			zh: "窗口的四个元素各得梯度的四分之一。",
		},
		f: (x: Tensor) => avgPool2d(x, 2).as("p").square().sum(),
		sizes: [
			{ N: 2, I: 3, P: 2, Q: 3 },
			{ N: 3, I: 2, P: 4, Q: 1 },
		],
		args: (draw, { N, I, P, Q }) => ({ x: draw.normal(N, I, 2 * P, 2 * Q) }),
		options: { axes: { x: ["N", "I", "2·P", "2·Q"] } },
		textbook: {
			forward: [
				"n, i, h, w = x.shape",
				"p = x.reshape(n, i, h // 2, 2, w // 2, 2).mean(axis=(3, 5))",
				"loss = (p ** 2).sum()",
			],
			backward: ["grad_p = 2 * p", "grad_x = np.kron(grad_p, np.ones((2, 2))) / 4"],
		},
		source: `${GOODFELLOW}, section 9.3`,
		jax: [
			"n, i, h, w = x.shape",
			"jnp.sum(x.reshape(n, i, h // 2, 2, w // 2, 2).mean(axis=(3, 5)) ** 2)",
		],
	}),
	entry({
		name: "max-pooling",
		title: { en: "Max pooling", zh: "最大池化" },
		why: {
			en: "The element that won its window takes the whole gradient, the others none.",
			zh: "窗口中胜出的元素得到全部梯度，其余为 0。",
		},
		f: (x: Tensor) => maxPool1d(x, 2).as("p").square().sum(),
		sizes: [
			{ N: 2, I: 3, P: 2 },
			{ N: 3, I: 2, P: 5 },
		],
		args: (draw, { N, I, P }) => ({ x: draw.normal(N, I, 2 * P) }),
		options: { axes: { x: ["N", "I", "2·P"] } },
		textbook: {
			forward: [
				"pairs = x.reshape(x.shape[0], x.shape[1], -1, 2)",
				"p = pairs.max(axis=3)",
				"loss = (p ** 2).sum()",
			],
			backward: [
				"grad_p = 2 * p",
				"grad_x = ((pairs == p[..., None]) * grad_p[..., None]).reshape(x.shape)",
			],
		},
		source: `${GOODFELLOW}, section 9.3`,
		jax: ["jnp.sum(jnp.max(x.reshape(x.shape[0], x.shape[1], -1, 2), axis=3) ** 2)"],
	}),
	entry({
		name: "global-pooling",
		title: { en: "Global average pooling", zh: "全局平均池化" },
		why: {
			en: "The mean over all places shares its gradient equally among them.",
			zh: "对所有位置取平均，梯度也平均分给所有位置。",
		},
		f: (w: Tensor, x: Tensor, y: Tensor) =>
			x.mean([2, 3]).as("m").dot(w).as("p").sub(y).square().sum(),
		sizes: [
			{ N: 2, I: 3, L: 4, W: 2, K: 2 },
			{ N: 3, I: 2, L: 3, W: 5, K: 4 },
		],
		args: (draw, { N, I, L, W, K }) => ({
			w: draw.normal(I, K),
			x: draw.normal(N, I, L, W),
			y: draw.normal(N, K),
		}),
		options: { axes: { w: ["I", "K"], x: ["N", "I", "L", "W"], y: ["N", "K"] } },
		textbook: {
			forward: ["m = x.mean(axis=(2, 3))", "p = m @ w", "loss = ((p - y) ** 2).sum()"],
			backward: ["grad_p = 2 * (p - y)", "grad_w = m.T @ grad_p"],
		},
		source: "Lin, Chen & Yan, Network in Network (2014), section 3.2",
		jax: ["jnp.sum((jnp.mean(x, axis=(2, 3)) @ w - y) ** 2)"],
	}),
	entry({
		name: "row-maxima",
		title: { en: "The sum of the rows' maxima", zh: "各行最大值之和" },
		why: {
			en: "Only the greatest element of a row moves the sum, at rate 1.",
			zh: "一行中只有最大的元素影响总和，速率为 1。",
		},
		f: (x: Tensor, c: Tensor) => x.max(1).as("m").mul(c).sum(),
		sizes: [
			{ N: 3, K: 4 },
			{ N: 5, K: 3 },
		],
		args: (draw, { N, K }) => ({ x: draw.normal(N, K), c: draw.normal(N) }),
		options: { axes: { x: ["N", "K"], c: ["N"] } },
		textbook: {
			forward: ["loss = (x.max(axis=1) * c).sum()"],
			backward: ["grad_x = c[:, None] * np.eye(x.shape[1])[x.argmax(axis=1)]"],
		},
		source: `${GOODFELLOW}, section 6.3`,
		jax: ["jnp.sum(jnp.max(x, axis=1) * c)"],
	}),
	entry({
		name: "differences",
		title: { en: "Differences along time", zh: "沿时间的差分" },
		why: {
			en: "The transpose of taking differences is taking them the other way, with a minus sign.",
			zh: "取差分的转置，是反方向取差分并变号。",
		},
		f: (x: Tensor) =>
			x
				.slice([1, null])
				.sub(x.slice([null, -1]))
				.as("d")
				.square()
				.sum(),
		sizes: [{ T: 5 }, { T: 8 }],
		args: (draw, { T }) => ({ x: draw.normal(T) }),
		options: { axes: { x: ["T"] } },
		textbook: {
			forward: ["d = np.diff(x)", "loss = (d ** 2).sum()"],
			backward: ["grad_d = 2 * d", "grad_x = -np.diff(np.pad(grad_d, 1))"],
		},
		source: "Boyd & Vandenberghe, Convex Optimization (2004), section 6.3.3",
		jax: ["jnp.sum(jnp.diff(x) ** 2)"],
	}),
];
