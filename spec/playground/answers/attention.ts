import type { Answers } from "./answers.ts";

export const attention: Answers = {
	right: [
		[
			[
				"a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })))",
				"a.mul(grad_a).sub(a.mul(a.mul(grad_a).sum(1, { keepDims: true })))",
			],
			["grad_qk.T.dot(q)", "q.T.dot(grad_qk).T"],
		],
		[
			["a.T.dot(grad_out)", "t.T.dot(a).T"],
			["grad_scores.div(scale)", "grad_scores.mul(1 / scale)"],
		],
	],
	wrong: [
		{
			change: ["a.T.dot(grad_out)", "a.dot(grad_out)"],
			at: "stops",
			en: "a .T is missing: grad_v is a.T.dot(grad_out)",
			zh: "缺少一个 .T：grad_v 应为 a.T.dot(grad_out)",
		},
		{
			change: ["a.T.dot(grad_out)", "grad_out.T.dot(a)"],
			at: "grad_v",
			en: "the gradient is transposed: it is grad_out.T.dot(a), and a.T.dot(grad_out) agrees",
			zh: "梯度被转置了：写的是 grad_out.T.dot(a)，应为 a.T.dot(grad_out)",
		},
		{
			change: ["grad_out.dot(v.T)", "v.dot(grad_out.T)"],
			at: "stops",
			en: "one of the two is transposed",
			zh: "其中一个被转置了",
		},
		{
			change: ["a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })))", "a.mul(grad_a)"],
			at: "grad_scores",
			en: "of the 2 uses of scores only the one in the numerator of softmax contributes: their gradients have to be added",
			zh: "scores 被用了 2 次，却只算了 softmax 的分子那一次：各次的梯度要相加",
		},
		{
			change: ["a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })))", "grad_a"],
			at: "grad_scores",
			en: "it is the gradient by a, not by scores",
			zh: "这是对 a 的梯度，而不是对 scores 的梯度",
		},
		{
			change: [
				"a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })))",
				"a.mul(grad_a).mul(a.neg().add(1))",
			],
			at: "grad_scores",
			en: "of the 2 uses of scores only the one in the sum of softmax is wrong: the sum along axis 1 is missing",
			zh: "scores 被用了 2 次，只有 softmax 的求和项那一次错了：缺少沿轴 1 的求和",
		},
		{
			change: ["a.mul(grad_a).sum(1", "a.mul(grad_a).sum(0"],
			at: "grad_scores",
			en: "of the 2 uses of scores only the one in the sum of softmax is wrong: it is summed along axis 0, and should be along axis 1",
			zh: "scores 被用了 2 次，只有 softmax 的求和项那一次错了：现在是沿轴 0 求和，应当沿轴 1 求和",
		},
		{
			change: ["a.mul(grad_a).sum(1", "grad_a.sum(1"],
			at: "grad_scores",
			en: "of the 2 uses of scores only the one in the sum of softmax is wrong: what is summed in it is not right",
			zh: "scores 被用了 2 次，只有 softmax 的求和项那一次错了：其中求和的内容不对",
		},
		{
			change: ["sum(1, { keepDims: true })", "sum(1)"],
			at: "stops",
			en: "{ keepDims: true } is missing, which makes (3×1) of (3)",
			zh: "缺少 { keepDims: true }：加上它，(3) 就会成为 (3×1)",
		},
		{
			change: [
				"a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })))",
				"grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true }))",
			],
			at: "grad_scores",
			en: "a factor a is missing",
			zh: "缺少因子 a",
		},
		{
			change: ["grad_scores.div(scale)", "grad_scores"],
			at: "grad_qk",
			en: "a factor 1/√5 is missing: 5 is the size of axis 1 of q",
			zh: "缺少因子 1/√5：5 是 q 的轴 1 的大小",
		},
		{
			change: ["grad_qk.dot(k)", "grad_scores.dot(k)"],
			at: "grad_q",
			en: "a factor 1/√5 is missing: 5 is the size of axis 1 of q",
			zh: "缺少因子 1/√5：5 是 q 的轴 1 的大小",
		},
		{
			change: ["grad_qk.dot(k)", "grad_qk.dot(k.T)"],
			at: "stops",
			en: "a .T is too many: grad_q is grad_qk.dot(k)",
			zh: "多了一个 .T：grad_q 应为 grad_qk.dot(k)",
		},
		{
			change: ["grad_qk.T.dot(q)", "grad_qk.dot(q)"],
			at: "stops",
			en: "a .T is missing: grad_k is grad_qk.T.dot(q)",
			zh: "缺少一个 .T：grad_k 应为 grad_qk.T.dot(q)",
		},
		{
			change: ["grad_qk.T.dot(q)", "q.T.dot(grad_qk)"],
			at: "grad_k",
			en: "the gradient is transposed: it is q.T.dot(grad_qk), and grad_qk.T.dot(q) agrees",
			zh: "梯度被转置了：写的是 q.T.dot(grad_qk)，应为 grad_qk.T.dot(q)",
		},
	],
};
