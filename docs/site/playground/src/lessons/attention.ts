import { given, type Lesson, parameter } from "./lesson.ts";

export const attention: Lesson = {
	question: {
		en: "And if the forward pass has a transpose already: does it go away on the way back?",
		zh: "如果前向传播里已经有转置，反向时它会消失吗？",
	},
	text: [
		{
			en: "It moves. Attention compares each query, a row of `q`, with each key, a row of `k`: `qk = q·kᵀ`. It divides that by √D, turns each row of the scores into weights `a` that add up to 1, by softmax, and takes the mean of the values `v` with these weights.",
			zh: "它会换一个位置。注意力把每个查询（`q` 的一行）与每个键（`k` 的一行）比较：`qk = q·kᵀ`；再除以 √D 得到分数，用 softmax 把每一行的分数变成和为 1 的权重 `a`，最后按这些权重求各个值 `v` 的加权平均。",
		},
		{
			en: "`out = a.dot(v)` is a product: lesson 1. Then softmax: let scores[k] grow by a little, ε. Its numerator makes a[k] grow by a[k]·ε, and the sum below makes every a[j] of the row fall by a[j]·a[k]·ε, so that they still add up to 1. So grad_scores[k] = a[k] · (grad_a[k] − Σⱼ a[j] · grad_a[j]), the sum over the row.",
			zh: "`out = a.dot(v)` 是乘积，同第 1 课。接着是 softmax：让 scores[k] 增大一点点，记作 ε。分子使 a[k] 增大 a[k]·ε，而分母上的和使该行的每个 a[j] 减小 a[j]·a[k]·ε，于是总和仍为 1。所以 grad_scores[k] = a[k] · (grad_a[k] − Σⱼ a[j] · grad_a[j])，求和在该行内进行。",
		},
		{
			en: "Last q·kᵀ: qk[i, j] = Σ q[i, d] · k[j, d] over d. So q[i, d] gets Σⱼ grad_qk[i, j] · k[j, d], which is a product as it stands, (N×M)·(M×D): no transpose. And k[j, d] gets Σᵢ grad_qk[i, j] · q[i, d], which needs `grad_qk` turned, (M×N)·(N×D). The forward pass has its transpose at k; backwards it is at the gradient.",
			zh: "最后是 q·kᵀ：qk[i, j] 是 q[i, d] · k[j, d] 对 d 求和。所以 q[i, d] 的梯度是 Σⱼ grad_qk[i, j] · k[j, d]，它本来就是矩阵乘积，(N×M)·(M×D)，不需要转置；而 k[j, d] 的梯度是 Σᵢ grad_qk[i, j] · q[i, d]，要把 `grad_qk` 转过来，(M×N)·(N×D)。前向时转置在 k 上，反向时转到了梯度上。",
		},
	],
	hints: [
		{
			en: "`const grad_v = a.T.dot(grad_out);` and `const grad_a = grad_out.dot(v.T);`",
			zh: "`const grad_v = a.T.dot(grad_out);`，`const grad_a = grad_out.dot(v.T);`",
		},
		{
			en: "`const grad_scores = a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })));`, where { keepDims: true } keeps the sums as N×1, as in lesson 5.",
			zh: "`const grad_scores = a.mul(grad_a.sub(a.mul(grad_a).sum(1, { keepDims: true })));`，其中 { keepDims: true } 使和保持 N×1 的形状，同第 5 课。",
		},
		{
			en: "`const grad_qk = grad_scores.div(scale);`, then `const grad_q = grad_qk.dot(k);` and `const grad_k = grad_qk.T.dot(q);`",
			zh: "`const grad_qk = grad_scores.div(scale);`，然后 `const grad_q = grad_qk.dot(k);`，`const grad_k = grad_qk.T.dot(q);`",
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
	const qk = q.dot(k.T).as("qk");
	const scores = qk.div(scale).as("scores");
	const a = scores.softmax(1).as("a");
	const out = a.dot(v).as("out");
	return out.mul(t).sum();
}
`,
	start: `export function backward({ q, k, v }: Params, t: Tensor) {
	const scale = Math.sqrt(Number(q.shape[1]));
	const a = q.dot(k.T).div(scale).softmax(1);

	const grad_out = t;
	// Your part · 你来写：grad_v, grad_a, grad_scores,
	// grad_qk, grad_q, grad_k
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
	const grad_qk = grad_scores.div(scale);
	const grad_q = grad_qk.dot(k);
	const grad_k = grad_qk.T.dot(q);
	return { grad_out, grad_v, grad_a, grad_scores, grad_qk, grad_q, grad_k };
}
`,
	wanted: ["grad_out", "grad_v", "grad_a", "grad_scores", "grad_qk", "grad_q", "grad_k"],
};
