import type { Lesson } from "./lesson.ts";
import { net } from "./net.ts";

export const twoLayerNet: Lesson = {
	question: {
		en: "How do the five lines of the backward pass come about, and what does `grad_h[h < 0] = 0` do?",
		zh: "反向传播的那几行是怎么来的？`grad_h[h < 0] = 0` 又是做什么的？",
	},
	text: [
		{
			en: "This is the whole net of the introductory program: a product, an activation that puts 0 in the place of negative numbers, a second product, and as the loss the sum of the squared errors.",
			zh: "这就是入门程序里的整个网络：一个乘积、一个把负数置为 0 的激活函数、第二个乘积，损失是各误差的平方之和。",
		},
		{
			en: "What goes backwards is not data but the question “how much does the loss depend on this?”. Go through the forward pass from its last line to its first. Each step takes the gradient of its result and gives the gradient of what it was made from: five lines, each of which, but for the first, uses one before it.",
			zh: "反向传播的不是数据，而是“损失对它的依赖有多大”这个问题。请从前向的最后一行走到第一行：每一步都由结果的梯度，求出组成它的那些量的梯度。一共五行，除第一行外，每一行都要用到前面的某一行。",
		},
		{
			en: "Four of the five you know: a square as in lesson 2, here without a mean, and three products as in lesson 1. If in doubt which matrix to turn, write down the shapes: `grad_w2` is H×D_out, and is made of h_relu, N×H, and grad_y_pred, N×D_out. So the N has to go: grad_w2[k, j] = Σᵢ h_relu[i, k] · grad_y_pred[i, j], the sum over the samples.",
			zh: "五行中有四行你已经会了：一个像第 2 课那样的平方（这里没有平均），三个像第 1 课那样的乘积。拿不准该转置哪个矩阵时，就把形状写下来：`grad_w2` 是 H×D_out，由 h_relu（N×H）和 grad_y_pred（N×D_out）得到，要消去的是 N：grad_w2[k, j] = Σᵢ h_relu[i, k] · grad_y_pred[i, j]，即对各样本求和。",
		},
		{
			en: "New is the activation. Where h is negative, `h_relu` is 0 whatever h is, so the loss does not depend on it: the gradient is 0 there. Elsewhere `h_relu` is h itself, and the gradient passes unchanged. What puts the 0 there is called a mask; it is made from h, not from the gradient.",
			zh: "新的是激活函数：在 h 为负的地方，不管 h 是多少，`h_relu` 都是 0，损失与它无关，梯度为 0；在其他地方，`h_relu` 就是 h，梯度原样通过。像这样把某些位置置为 0，叫做加掩码；掩码看的是 h 的正负，而不是梯度的正负。",
		},
		{
			en: "In NumPy that is `grad_h = grad_h_relu.copy()` and `grad_h[h < 0] = 0`. Tensors here never change; the same reads `h.less(0).where(0, grad_h_relu)`: where h is less than 0 take 0, else the gradient. Besides, `a.sub(b)` subtracts and `a.mul(2)` multiplies by a number. Return each line as soon as you have it, `return { grad_y_pred };`: it is checked at once.",
			zh: "在 NumPy 中，这是 `grad_h = grad_h_relu.copy()` 和 `grad_h[h < 0] = 0`。这里的张量不会被修改，同样的意思写作 `h.less(0).where(0, grad_h_relu)`：h 小于 0 的地方取 0，否则取梯度。另外，`a.sub(b)` 是相减，`a.mul(2)` 是乘以一个数。每写好一行就把它返回，例如 `return { grad_y_pred };`，马上就会得到检查。",
		},
	],
	hints: [
		{
			en: "The first line: the loss is the sum of (y_pred − y)², so `const grad_y_pred = y_pred.sub(y).mul(2);`",
			zh: "第一行：损失是 (y_pred − y)² 之和，所以 `const grad_y_pred = y_pred.sub(y).mul(2);`",
		},
		{
			en: "y_pred is the product of h_relu and w2. So `grad_w2` and `grad_h_relu` are made from `grad_y_pred` as `grad_w` and `grad_x` were from `grad_p`.",
			zh: "y_pred 是 h_relu 与 w2 的乘积。所以由 `grad_y_pred` 求 `grad_w2` 和 `grad_h_relu`，就像第 1 课由 `grad_p` 求 `grad_w` 和 `grad_x`。",
		},
		{
			en: "`const grad_w2 = h_relu.T.dot(grad_y_pred);`, `const grad_h_relu = grad_y_pred.dot(w2.T);`, then the mask.",
			zh: "`const grad_w2 = h_relu.T.dot(grad_y_pred);`，`const grad_h_relu = grad_y_pred.dot(w2.T);`，然后是掩码。",
		},
		{
			en: "`const grad_h = h.less(0).where(0, grad_h_relu);` and `const grad_w1 = x.T.dot(grad_h);`",
			zh: "`const grad_h = h.less(0).where(0, grad_h_relu);`，`const grad_w1 = x.T.dot(grad_h);`",
		},
	],
	...net,
	start: `export function backward({ w1, w2 }: Weights, x: Tensor, y: Tensor) {
	const h = x.dot(w1);
	const h_relu = h.maximum(0);
	const y_pred = h_relu.dot(w2);

	// Your five lines · 你的五行：
	// grad_y_pred, grad_w2, grad_h_relu, grad_h, grad_w1
	return {};
}
`,
	solution: `export function backward({ w1, w2 }: Weights, x: Tensor, y: Tensor) {
	const h = x.dot(w1);
	const h_relu = h.maximum(0);
	const y_pred = h_relu.dot(w2);

	const grad_y_pred = y_pred.sub(y).mul(2);
	const grad_w2 = h_relu.T.dot(grad_y_pred);
	const grad_h_relu = grad_y_pred.dot(w2.T);
	const grad_h = h.less(0).where(0, grad_h_relu);
	const grad_w1 = x.T.dot(grad_h);
	return { grad_y_pred, grad_w2, grad_h_relu, grad_h, grad_w1 };
}
`,
	wanted: ["grad_y_pred", "grad_w2", "grad_h_relu", "grad_h", "grad_w1"],
};
