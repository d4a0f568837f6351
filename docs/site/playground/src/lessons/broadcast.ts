import { type Lesson, parameter } from "./lesson.ts";

export const broadcast: Lesson = {
	question: {
		en: "Derivative or gradient: what is the difference, and which shape does a gradient have?",
		zh: "求导和求梯度有什么区别？梯度是什么形状？",
	},
	text: [
		{
			en: "A derivative belongs to one number. A gradient is all the derivatives of one loss with respect to the elements of a tensor, put where the elements stand: so it has the tensor's shape, always. This alone often says what a line must look like.",
			zh: "导数属于一个数；梯度则是同一个损失对张量各元素的偏导数，放在各元素所在的位置上，所以它的形状总与该张量相同。仅凭这一点，往往就能看出一行应该怎么写。",
		},
		{
			en: "Here a vector `b` (D) is added to each row of `x` (N×D): it is “broadcast”. The loss is the mean of the squares of `z`, over all N·D elements.",
			zh: "这里向量 `b`（D）被加到 `x`（N×D）的每一行上，这叫“广播”。损失是 `z` 的各元素平方的平均值，共 N·D 个元素。",
		},
		{
			en: "Begin at the end. Each z[i, j] enters the loss as z[i, j]² divided by the number of elements, `z.size`: take the derivative of that. Then x: when x[i, j] grows, z[i, j] grows by the same, so the gradient passes unchanged.",
			zh: "从最后开始。每个 z[i, j] 以 z[i, j]² 除以元素个数 `z.size` 的形式进入损失：请对它求导。再看 x：x[i, j] 增大多少，z[i, j] 就增大多少，所以梯度原样通过。",
		},
		{
			en: "Then b: b[j] enters z[i, j] in every row i, so what comes back from the rows is added up: grad_b[j] = Σᵢ grad_z[i, j]. The shapes say the same: grad_z is N×D, b has D elements, so the rows have to be summed away.",
			zh: "最后是 b：每一行 i 的 z[i, j] 里都有 b[j]，所以要把各行送回来的梯度加起来：grad_b[j] = Σᵢ grad_z[i, j]。从形状也能看出来：grad_z 是 N×D，而 b 只有 D 个元素，所以要沿着各行求和，把 N 消去。",
		},
		{
			en: "You need `a.mul(2)`, `a.div(n)`, and `a.sum(0)`, which adds up along the first axis, axis 0, that is over the rows. The first line is begun; the page says what it lacks.",
			zh: "需要的运算：`a.mul(2)`、`a.div(n)`，以及 `a.sum(0)`：沿第一个轴（轴 0，即各行）相加。第一行已经起了头，还缺什么，页面会告诉你。",
		},
	],
	hints: [
		{
			en: "The derivative of z² is 2·z. A mean divides by the number of its elements, and so does its gradient.",
			zh: "z² 的导数是 2·z。平均要除以元素个数，它的梯度也一样。",
		},
		{
			en: "`const grad_z = z.mul(2).div(z.size);` and `const grad_x = grad_z;`",
			zh: "`const grad_z = z.mul(2).div(z.size);`，`const grad_x = grad_z;`",
		},
		{
			en: "`const grad_b = grad_z.sum(0);`: what was repeated on the way forward is summed on the way back.",
			zh: "`const grad_b = grad_z.sum(0);`：前向时重复使用的，反向时就要求和。",
		},
	],
	inputs: [parameter("x", "N, D"), parameter("b", "D")],
	sizes: { N: 5, D: 3 },
	forward: `import type { Tensor } from "adjoint";

type Params = { x: Tensor; b: Tensor };

export default function loss({ x, b }: Params) {
	const z = x.add(b).as("z");
	return z.square().mean();
}
`,
	start: `export function backward({ x, b }: Params) {
	const z = x.add(b);
	const grad_z = z.mul(2);
	// Is this all? Then · 还缺什么？再写：grad_x, grad_b

	return { grad_z };
}
`,
	solution: `export function backward({ x, b }: Params) {
	const z = x.add(b);
	const grad_z = z.mul(2).div(z.size);
	const grad_x = grad_z;
	const grad_b = grad_z.sum(0);
	return { grad_z, grad_x, grad_b };
}
`,
	wanted: ["grad_z", "grad_x", "grad_b"],
};
