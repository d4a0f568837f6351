import { given, type Lesson, parameter } from "./lesson.ts";

export const product: Lesson = {
	question: {
		en: "Why is the transpose needed? Could one not simply lay out the layers the other way round?",
		zh: "为什么需要使用到转置？直接在设计网络层面的时候反过来不就行了吗？",
	},
	text: [
		{
			en: "The forward pass multiplies two matrices, `p = x.dot(w)`, weighs each element of p by a given number in `c`, and adds everything up: that is the loss, one number.",
			zh: "前向传播把两个矩阵相乘，`p = x.dot(w)`，再给 p 的每个元素乘上 `c` 中给定的数，最后全部相加：得到一个数，即损失。",
		},
		{
			en: "The gradient `grad_p` says for each element of p how fast the loss grows when this element grows. It has the shape of p. Here it is simply `c`, so this line is written already.",
			zh: "梯度 `grad_p` 说明：p 的每个元素增大时，损失增长得多快。它的形状与 p 相同。这里它就是 `c`，所以这一行已经写好。",
		},
		{
			en: "Now `w`. An element of the product is p[i, j] = Σₖ x[i, k] · w[k, j]. So w[k, j] occurs in p[i, j] for every row i, with the factor x[i, k]. The loss therefore grows with it by Σᵢ x[i, k] · grad_p[i, j]. The sum runs over the rows of both matrices. A matrix product sums over the columns of its first factor, so x has to be turned: that is the transpose. Write `grad_w` in this way, and then find `grad_x` in the same way. Return both beside `grad_p`.",
			zh: "再看 `w`。乘积的元素是 p[i, j] = Σₖ x[i, k] · w[k, j]。所以 w[k, j] 出现在每一行 i 的 p[i, j] 中，系数是 x[i, k]；它增大时，损失增长 Σᵢ x[i, k] · grad_p[i, j]。这里求和沿着两个矩阵的行进行，而矩阵乘法是沿第一个因子的列求和的，因此要把 x 转过来：这就是转置。请这样写出 `grad_w`，再用同样的方法求 `grad_x`，并把它们和 `grad_p` 一起返回。",
		},
		{
			en: "You need two operations: `a.dot(b)` is the matrix product, `a.T` the transpose. Each line is checked as you type.",
			zh: "只需要两种运算：`a.dot(b)` 是矩阵乘积，`a.T` 是转置。你输入的每一行都会立即得到检查。",
		},
	],
	hints: [
		{
			en: "Look at the shapes: x is N×D, w is D×K, grad_p is N×K. A gradient has the shape of what it belongs to: grad_w is D×K.",
			zh: "看形状：x 是 N×D，w 是 D×K，grad_p 是 N×K。梯度的形状与它所属的量相同：grad_w 是 D×K。",
		},
		{
			en: "`const grad_w = x.T.dot(grad_p);` is the first. For x it is w that is turned, and it stands on the other side.",
			zh: "第一行是 `const grad_w = x.T.dot(grad_p);`。对 x 来说，要转置的是 w，而且它在另一边。",
		},
		{
			en: "`const grad_x = grad_p.dot(w.T);` and then `return { grad_p, grad_w, grad_x };`",
			zh: "`const grad_x = grad_p.dot(w.T);`，然后 `return { grad_p, grad_w, grad_x };`",
		},
	],
	inputs: [parameter("x", "N, D"), parameter("w", "D, K"), given("c", "N, K")],
	sizes: { N: 5, D: 4, K: 3 },
	forward: `import type { Tensor } from "adjoint";

type Params = { x: Tensor; w: Tensor };

export default function loss({ x, w }: Params, c: Tensor) {
	const p = x.dot(w).as("p");
	return p.mul(c).sum();
}
`,
	start: `export function backward({ x, w }: Params, c: Tensor) {
	const grad_p = c;
	// Your part · 你来写：grad_w, grad_x

	return { grad_p };
}
`,
	solution: `export function backward({ x, w }: Params, c: Tensor) {
	const grad_p = c;
	const grad_w = x.T.dot(grad_p);
	const grad_x = grad_p.dot(w.T);
	return { grad_p, grad_w, grad_x };
}
`,
	wanted: ["grad_p", "grad_w", "grad_x"],
};
