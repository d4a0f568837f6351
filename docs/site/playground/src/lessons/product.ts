import { given, type Lesson, parameter } from "./lesson.ts";

export const product: Lesson = {
	question: {
		en: "Why is the transpose needed? Could one not simply lay out the layers the other way round?",
		zh: "为什么需要使用到转置？直接在设计网络层面的时候反过来不就行了吗？",
	},
	text: [
		{
			en: "The forward pass multiplies two matrices, `p = x.dot(w)`, then each element of p by a given number in `c`, and adds everything up: that is the loss, one number.",
			zh: "前向传播先把两个矩阵相乘，`p = x.dot(w)`，再给 p 的每个元素乘上 `c` 中给定的数，最后全部相加，得到一个数：损失。",
		},
		{
			en: "The gradient `grad_p` says for each element of p how fast the loss grows when this element grows. It has the shape of p. Here it is simply `c`, so this line is written already.",
			zh: "梯度 `grad_p` 告诉我们：p 的某个元素增大时，损失增长得多快。每个元素都对应一个数，所以它的形状与 p 相同。这里它就是 `c`，这一行已经写好。",
		},
		{
			en: "Now `w`. An element of the product is p[i, j] = Σₖ x[i, k] · w[k, j]. So w[k, j] occurs in p[i, j] for every row i, with the factor x[i, k], and the loss grows with it by Σᵢ x[i, k] · grad_p[i, j]. In this sum, i is the first index of both matrices. A matrix product, however, sums over the second index of its first factor. So x has to be turned: that is the transpose.",
			zh: "再看 `w`。乘积的元素是 p[i, j] = Σₖ x[i, k] · w[k, j]。w[k, j] 出现在每一行 i 的 p[i, j] 里，系数是 x[i, k]；所以它增大时，损失的增长率是 Σᵢ x[i, k] · grad_p[i, j]。在这个和里，i 是两个矩阵的第一个下标；而矩阵乘法是对左边矩阵的第二个下标求和的。因此要先把 x 转过来，这就是转置。",
		},
		{
			en: "The shapes say the same. A gradient has the shape of what it belongs to, so `grad_w` is D×K. There are x, N×D, and grad_p, N×K: the N has to go, and only (D×N)·(N×K) does that.",
			zh: "从形状也能看出来。梯度的形状与它所属的量相同，所以 `grad_w` 是 D×K。手里有 x（N×D）和 grad_p（N×K），要消去的是 N，只有 (D×N)·(N×K) 能做到。",
		},
		{
			en: "And if w were laid out the other way round, K×D? Then the forward pass needs a transpose, `x.dot(w.T)`, and `grad_w` still has one: it is K×D now, (K×N)·(N×D). The transpose can move to another place, but not go away: the way back leads from the K columns of p to the D columns of x, and w leads from D to K.",
			zh: "如果一开始就把 w 反过来存成 K×D 呢？那么前向传播就要写转置，`x.dot(w.T)`，而 `grad_w` 里仍然有一个转置：它现在是 K×D，即 (K×N)·(N×D)。转置只会换个地方，不会消失：w 把 D 列变成 K 列，而往回走要从 p 的 K 列回到 x 的 D 列。",
		},
		{
			en: "Write `grad_w` below, in `backward`, at the comment; then find `grad_x` in the same way, and return both beside `grad_p`. You need two operations: `a.dot(b)` is the matrix product, `a.T` the transpose. Each line is checked as you type: see “Your backward pass”.",
			zh: "请在下面的 `backward` 里、注释所在的地方写出 `grad_w`，再用同样的方法求 `grad_x`，并把它们和 `grad_p` 一起返回。只需要两种运算：`a.dot(b)` 是矩阵乘积，`a.T` 是转置。每一行写完就会得到检查，结果在“你写的反向传播”里。",
		},
	],
	hints: [
		{
			en: "Look at the shapes: (D×N)·(N×K) gives D×K for `grad_w`. For `grad_x`, N×D, there are grad_p, N×K, and w, D×K: now the K has to go.",
			zh: "看形状：(D×N)·(N×K) 得到 D×K，这是 `grad_w`。`grad_x` 是 N×D，手里有 grad_p（N×K）和 w（D×K）：这次要消去的是 K。",
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
