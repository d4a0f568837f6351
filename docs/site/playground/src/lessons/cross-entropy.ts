import { given, type Lesson, parameter } from "./lesson.ts";

export const crossEntropy: Lesson = {
	question: {
		en: "The first line of the net was 2·(y_pred − y). Does it always look like that, or does it come from the loss?",
		zh: "网络的第一行是 2·(y_pred − y)。它总是这样，还是由损失函数决定的？",
	},
	text: [
		{
			en: "It comes from the loss. Where the answer is one of several classes, one takes another loss: softmax turns the numbers `z` of a row into probabilities p that add up to 1, p[k] = exp z[k] / Σⱼ exp z[j], and the cross-entropy is minus the logarithm of the probability of the right class.",
			zh: "它由损失决定。如果答案是若干类别中的一个，就用另一种损失：softmax 把一行的数 `z` 变成和为 1 的概率 p，p[k] = exp z[k] / Σⱼ exp z[j]；交叉熵是正确类别的概率取对数，再取负号。",
		},
		{
			en: "`y` is one-hot: a row has a 1 at the right class and 0 elsewhere. `z.logSoftmax(1)` gives the logarithms of the probabilities along axis 1, that is within each row: log_p[j] = z[j] − log Σₖ exp z[k].",
			zh: "`y` 是 one-hot：每行在正确类别处为 1，其余为 0。`z.logSoftmax(1)` 沿轴 1（即在每一行内）给出概率的对数：log_p[j] = z[j] − log Σₖ exp z[k]。",
		},
		{
			en: "Let z[k] grow by a little, ε. Then two things happen: log_p[k] grows by ε, and every log_p[j] of the row falls by p[k]·ε, since the derivative of log Σ exp z by z[k] is exp z[k] / Σ exp z. So grad_z[k] = grad_log_p[k] − p[k] · Σⱼ grad_log_p[j], the sum over the row.",
			zh: "让 z[k] 增大一点点，记作 ε，会发生两件事：log_p[k] 增大 ε；同一行的每个 log_p[j] 都减小 p[k]·ε，因为 log Σ exp z 对 z[k] 的导数是 exp z[k] / Σ exp z，也就是 p[k]。所以 grad_z[k] = grad_log_p[k] − p[k] · Σⱼ grad_log_p[j]，求和在该行内进行。",
		},
		{
			en: "Put in that a row of y adds up to 1, and see what remains; `z.softmax(1)` gives p, and `y.neg()` is −y. Last comes a product as in lesson 1: `grad_w` is D×K, from x, N×D, and grad_z, N×K.",
			zh: "代入“y 的每行之和为 1”，看看还剩什么。`z.softmax(1)` 给出 p，`y.neg()` 是 −y。最后是像第 1 课那样的乘积：`grad_w` 是 D×K，由 x（N×D）和 grad_z（N×K）得到。",
		},
	],
	hints: [
		{
			en: "The loss is −Σ y · log_p, so `grad_log_p` is −y: `const grad_log_p = y.neg();`",
			zh: "损失是 −Σ y · log_p，所以 `grad_log_p` 是 −y：`const grad_log_p = y.neg();`",
		},
		{
			en: "The sum of −y over a row is −1. So grad_z = −y + p.",
			zh: "−y 在一行上的和是 −1，所以 grad_z = −y + p。",
		},
		{
			en: "`const grad_z = z.softmax(1).sub(y);` and, as in lesson 1, `const grad_w = x.T.dot(grad_z);`",
			zh: "`const grad_z = z.softmax(1).sub(y);`，然后与第 1 课一样，`const grad_w = x.T.dot(grad_z);`",
		},
	],
	inputs: [parameter("w", "D, K"), given("x", "N, D"), given("y", "N, K", "oneHot")],
	sizes: { N: 6, D: 4, K: 3 },
	forward: `import type { Tensor } from "adjoint";

export default function loss({ w }: { w: Tensor }, x: Tensor, y: Tensor) {
	const z = x.dot(w).as("z");
	const log_p = z.logSoftmax(1).as("log_p");
	return y.mul(log_p).sum().neg();
}
`,
	start: `export function backward({ w }: { w: Tensor }, x: Tensor, y: Tensor) {
	const z = x.dot(w);
	// Your part · 你来写：grad_log_p, grad_z, grad_w

	return {};
}
`,
	solution: `export function backward({ w }: { w: Tensor }, x: Tensor, y: Tensor) {
	const z = x.dot(w);
	const grad_log_p = y.neg();
	const grad_z = z.softmax(1).sub(y);
	const grad_w = x.T.dot(grad_z);
	return { grad_log_p, grad_z, grad_w };
}
`,
	wanted: ["grad_log_p", "grad_z", "grad_w"],
};
