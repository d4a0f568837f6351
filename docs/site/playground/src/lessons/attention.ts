import { given, type Lesson, parameter } from "./lesson.ts";

export const attention: Lesson = {
	question: {
		en: "And if the forward pass has a transpose already: does it go away on the way back?",
		zh: "如果前向传播里已经有转置，反向时它会消失吗？",
	},
	text: [
		{
			en: "It moves. Attention compares each query with each key, `scores = q·kᵀ / √D`, turns each row into weights that add up to 1, and takes the weighted mean of the values `v`.",
			zh: "它会换一个位置。注意力把每个查询与每个键比较，`scores = q·kᵀ / √D`，把每一行变成和为 1 的权重，再求各个值 `v` 的加权平均。",
		},
		{
			en: "`out = a.dot(v)` is a product: lesson 1. Then softmax. When a score of a row grows, its weight grows and takes from the others: the gradient of a row is a · (grad_a − Σ a · grad_a), the sum over the row.",
			zh: "`out = a.dot(v)` 是乘积，同第 1 课。接着是 softmax：一行中某个分数增大时，它的权重增大，并从其他权重那里拿走一些。一行的梯度是 a · (grad_a − Σ a · grad_a)，求和在该行上进行。",
		},
		{
			en: "Last q·kᵀ. Here k takes the part of w transposed, so `grad_q` has no transpose at all, and `grad_k` has it at the gradient. Do not forget to divide by √D.",
			zh: "最后是 q·kᵀ。这里 k 相当于转置了的 w，所以 `grad_q` 根本没有转置，而 `grad_k` 的转置落在梯度上。别忘了除以 √D。",
		},
	],
	hints: [
		{
			en: "`const grad_v = a.T.dot(grad_out);` and `const grad_a = grad_out.dot(v.T);`",
			zh: "`const grad_v = a.T.dot(grad_out);`，`const grad_a = grad_out.dot(v.T);`",
		},
		{
			en: "`const grad_scores = a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })));`",
			zh: "`const grad_scores = a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })));`",
		},
		{
			en: "`const grad_q = grad_scores.dot(k).div(scale);` and `const grad_k = grad_scores.T.dot(q).div(scale);`",
			zh: "`const grad_q = grad_scores.dot(k).div(scale);`，`const grad_k = grad_scores.T.dot(q).div(scale);`",
		},
	],
	inputs: [
		parameter("q", "N, D"),
		parameter("k", "M, D"),
		parameter("v", "M, E"),
		given("t", "N, E"),
	],
	sizes: { N: 3, M: 4, D: 5, E: 2 },
	forward: `import type { Tensor } from "adjoint";

type Params = { q: Tensor; k: Tensor; v: Tensor };

export default function loss({ q, k, v }: Params, t: Tensor) {
	const scale = Math.sqrt(Number(q.shape[1]));
	const scores = q.dot(k.T).div(scale).as("scores");
	const a = scores.softmax(1).as("a");
	const out = a.dot(v).as("out");
	return out.mul(t).sum();
}
`,
	start: `export function backward({ q, k, v }: Params, t: Tensor) {
	const scale = Math.sqrt(Number(q.shape[1]));
	const a = q.dot(k.T).div(scale).softmax(1);

	const grad_out = t;
	// Your part · 你来写：grad_v, grad_a, grad_scores, grad_q, grad_k
	return { grad_out };
}
`,
	solution: `export function backward({ q, k, v }: Params, t: Tensor) {
	const scale = Math.sqrt(Number(q.shape[1]));
	const a = q.dot(k.T).div(scale).softmax(1);

	const grad_out = t;
	const grad_v = a.T.dot(grad_out);
	const grad_a = grad_out.dot(v.T);
	const grad_scores = a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })));
	const grad_q = grad_scores.dot(k).div(scale);
	const grad_k = grad_scores.T.dot(q).div(scale);
	return { grad_out, grad_v, grad_a, grad_scores, grad_q, grad_k };
}
`,
	wanted: ["grad_out", "grad_v", "grad_a", "grad_scores", "grad_q", "grad_k"],
};
