import type { Answers } from "./answers.ts";

export const crossEntropy: Answers = {
	right: [
		[
			[
				"z.softmax(1).sub(y)",
				"grad_log_p.sub(z.softmax(1).mul(grad_log_p.sum(1, { keepDims: true })))",
			],
		],
		[
			["z.softmax(1).sub(y)", "z.exp().div(z.exp().sum(1, { keepDims: true })).add(grad_log_p)"],
			["x.T.dot(grad_z)", "grad_z.T.dot(x).T"],
		],
	],
	wrong: [
		{ change: ["y.neg()", "y"], at: "grad_log_p", en: "the sign is wrong", zh: "符号错了" },
		{
			change: ["y.neg()", "z.logSoftmax(1).neg()"],
			at: "grad_log_p",
			en: "it is the gradient by y, not by log_p",
			zh: "这是对 y 的梯度，而不是对 log_p 的梯度",
		},
		{
			change: ["z.softmax(1).sub(y)", "y.sub(z.softmax(1))"],
			at: "grad_z",
			en: "the sign is wrong",
			zh: "符号错了",
		},
		{
			change: ["z.softmax(1).sub(y)", "grad_log_p"],
			at: "grad_z",
			en: "of the 2 uses of z only the one in the first term of logSoftmax contributes: their gradients have to be added",
			zh: "z 被用了 2 次，却只算了 logSoftmax 的第一项那一次：各次的梯度要相加",
		},
		{
			change: ["z.softmax(1).sub(y)", "z.softmax(1)"],
			at: "grad_z",
			en: "of the 2 uses of z only the one in the sum of logSoftmax contributes: their gradients have to be added",
			zh: "z 被用了 2 次，却只算了 logSoftmax 的求和项那一次：各次的梯度要相加",
		},
		{
			change: ["z.softmax(1).sub(y)", "grad_log_p.sub(z.softmax(1).mul(grad_log_p))"],
			at: "grad_z",
			en: "of the 2 uses of z only the one in the sum of logSoftmax is wrong: the sum along axis 1 is missing",
			zh: "z 被用了 2 次，只有 logSoftmax 的求和项那一次错了：缺少沿轴 1 的求和",
		},
		{
			change: [
				"z.softmax(1).sub(y)",
				"grad_log_p.add(z.softmax(1).mul(grad_log_p.sum(1, { keepDims: true })))",
			],
			at: "grad_z",
			en: "of the 2 uses of z only the one in the sum of logSoftmax is wrong: the sign is wrong",
			zh: "z 被用了 2 次，只有 logSoftmax 的求和项那一次错了：符号错了",
		},
		{
			change: ["z.softmax(1).sub(y)", "grad_log_p.sub(z.softmax(1).mul(grad_log_p.sum(1)))"],
			at: "stops",
			en: "{ keepDims: true } is missing, which makes (6×1) of (6)",
			zh: "缺少 { keepDims: true }：加上它，(6) 就会成为 (6×1)",
		},
		{
			change: ["z.softmax(1).sub(y)", "grad_log_p.sub(z.softmax(1).mul(grad_log_p.sum(0)))"],
			at: "grad_z",
			en: "of the 2 uses of z only the one in the sum of logSoftmax is wrong: it is summed along axis 0, and should be along axis 1",
			zh: "z 被用了 2 次，只有 logSoftmax 的求和项那一次错了：现在是沿轴 0 求和，应当沿轴 1 求和",
		},
		{
			change: ["z.softmax(1).sub(y)", "z.exp().sub(y)"],
			at: "grad_z",
			en: "of the 2 uses of z only the one in the sum of logSoftmax is wrong: what is summed in it is not right",
			zh: "z 被用了 2 次，只有 logSoftmax 的求和项那一次错了：其中求和的内容不对",
		},
		{
			change: ["z.softmax(1).sub(y)", "z.softmax(1).sub(y).mul(2)"],
			at: "grad_z",
			en: "a factor ½ is missing (or a 2 is too many)",
			zh: "缺少因子 ½（或多了一个 2）",
		},
		{
			change: ["z.softmax(1).sub(y)", "z.softmax(1).sub(y).div(6)"],
			at: "grad_z",
			en: "a factor 6 is missing, the size of axis 0 of x: a mean where a sum belongs",
			zh: "缺少因子 6（x 的轴 0 的大小）：该用求和的地方用了平均",
		},
		{
			change: ["x.T.dot(grad_z)", "x.dot(grad_z)"],
			at: "stops",
			en: "a .T is missing: grad_w is x.T.dot(grad_z)",
			zh: "缺少一个 .T：grad_w 应为 x.T.dot(grad_z)",
		},
		{
			change: ["x.T.dot(grad_z)", "x.T.dot(grad_log_p)"],
			at: "grad_w",
			en: "one factor is not the right one: it is x.T.dot(grad_log_p), and x.T.dot(grad_z) agrees",
			zh: "有一个因子不对：写的是 x.T.dot(grad_log_p)，应为 x.T.dot(grad_z)",
		},
	],
};
