import type { StepContext, Words } from "./context.ts";

/** The differential and its transpose, as the end of a sentence. */
function both({ formulas, outTangent, gradient }: StepContext): [string, string] {
	if (formulas === null) return ["该运算自身的线性映射", "其转置"];
	return [`$${outTangent} = ${formulas.differential}$`, `$${gradient} = ${formulas.transposed}$`];
}

/** The words of the explanations in Chinese. */
export const chinese: Words = {
	rules: {
		elementwise: (c) => {
			const [forward, backward] = both(c);
			return [
				`$${c.out}$ 的每个元素只依赖于 $${c.arg}$ 在同一位置上的元素，因此微小的改变量在该处乘以偏导数：${forward}。逐元素的缩放，其转置就是它自己，所以梯度也逐元素乘以同样的系数：${backward}。`,
			];
		},
		choice: (c) => {
			const [forward, backward] = both(c);
			return [
				`只有在 $${c.arg}$ 被选中的位置，它的改变量才会传下去，其余位置不起作用：${forward}。方括号表示掩码：条件成立处为 1，不成立处为 0。掩码的转置就是它自己，所以反向传播时把同一个掩码作用在梯度上：${backward}。`,
			];
		},
		reduction: (c) => {
			const [forward, backward] = both(c);
			return [
				`$${c.arg}$ 的每个元素都按各自的权重计入总和：${forward}。加权求和的转置，是把总和的梯度按权重分还给每个元素（求和的转置是广播）：${backward}。`,
			];
		},
		stretch: (c) => {
			const [, backward] = both(c);
			return [
				`$${c.arg}$ 经广播由 $${c.shape}$ 扩展为 $${c.outShape}$，它的每个元素在多个位置上起作用，因此它的梯度是这些位置上梯度之和（广播的转置是求和）：${backward}。`,
			];
		},
		arrangement: (c) => {
			const [forward, backward] = both(c);
			return [
				`这一步只是重新排列元素，不做计算，微分也就是同样的排列：${forward}。其转置把梯度的每个元素送回原来的位置：${backward}。`,
			];
		},
		matrixProduct: (c) => {
			const [forward, backward] = both(c);
			const isLeft = c.argument === 0;
			const [fixed, side] = isLeft ? [c.args[1], "右"] : [c.args[0], "左"];
			const product = `矩阵乘法对每个因子都是线性的。固定 $${fixed}$，微分为 ${forward}，即改变量从${side}边乘以 $${fixed}$。反向模式使用这个线性映射的转置，而“乘以一个矩阵”的转置，就是“乘以这个矩阵的转置”：${backward}。`;
			if (c.product === null) return [product];
			const elements = isLeft
				? "逐元素来看，把这一行记作 $Y = X\\,W$，则 $y_{ij} = \\sum_{k} x_{ik}\\,w_{kj}$。元素 $x_{mn}$ 出现在每一个 $y_{mj}$（$j$ 任意）中，系数为 $w_{nj}$，因此 $\\frac{\\partial L}{\\partial x_{mn}} = \\sum_{j} \\frac{\\partial L}{\\partial y_{mj}}\\,w_{nj}$，这正是 $\\frac{\\partial L}{\\partial Y}\\,W^{\\top}$ 的第 $(m, n)$ 个元素。"
				: "逐元素来看，把这一行记作 $Y = X\\,W$，则 $y_{ij} = \\sum_{k} x_{ik}\\,w_{kj}$。元素 $w_{mn}$ 出现在每一个 $y_{in}$（$i$ 任意）中，系数为 $x_{im}$，因此 $\\frac{\\partial L}{\\partial w_{mn}} = \\sum_{i} x_{im}\\,\\frac{\\partial L}{\\partial y_{in}}$，这正是 $X^{\\top}\\,\\frac{\\partial L}{\\partial Y}$ 的第 $(m, n)$ 个元素。";
			return [product, elements];
		},
		bilinear: (c) => {
			const [forward, backward] = both(c);
			return [
				`这是一种乘积，对每个因子都是线性的。固定另一个因子，有 ${forward}；取这个映射的转置，得 ${backward}。`,
			];
		},
		linear: (c) => {
			const [forward, backward] = both(c);
			return [`这一运算是线性的，微分就是它自己：${forward}。反向模式使用它的转置：${backward}。`];
		},
		own: (c) => {
			const [forward, backward] = both(c);
			return [`微分为 ${forward}；取其转置，得 ${backward}。`];
		},
	},
	identity: (c) => [
		`$${c.arg}$ 的改变量原样通过，$${c.outTangent} = ${c.tangent}$，因此梯度也原样传回：$${c.gradient} = ${c.cotangent}$。`,
	],
	call: (call, part, isByHand) =>
		isByHand
			? `$${part}$ 由带有 ${call} 的函数得到：向后传的是随函数给定的梯度，它不一定是这一行的导数。`
			: `$${part}$ 由带有 ${call} 的函数得到，其梯度一次穿过整个函数向后传。`,
	shapes: ({ left, right, result }) =>
		`形状也只有这样才能相配：$(${left}) \\cdot (${right}) = ${result}$，正是该因子自身的形状。`,
	from: (line, parts) =>
		parts.length === 0
			? `由 $${line}$ 这一行得到。`
			: `由 $${line}$ 这一行得到，其中记 ${parts.map((part) => `$${part}$`).join("，")}。`,
	fanOut: (of, times) =>
		`$${of}$ 用在 ${times} 处，它的改变量经由每一处起作用，因此各处传回的梯度要相加。`,
	together: (line) => `合起来就是 $${line}$。`,
	unused: (of) => `结果不依赖于 $${of}$，所以它的梯度为零。`,
	term: "后面几行共用的一项，只算一次。",
	again: (c) => {
		const [forward, backward] = both(c);
		return `同前：${forward}，转置得 ${backward}。`;
	},
};
