import type { Answers } from "./answers.ts";

export const product: Answers = {
	right: [
		[
			["x.T.dot(grad_p)", "grad_p.T.dot(x).T"],
			["grad_p.dot(w.T)", "w.dot(grad_p.T).T"],
		],
		[
			[
				"const grad_w = x.T.dot(grad_p);\n\tconst grad_x = grad_p.dot(w.T);",
				"const turned = w.T;\n\tconst grad_x = c.dot(turned);\n\tconst grad_w = x.T.matmul(c);",
			],
		],
		[["x.T.dot(grad_p)", "x.reshape([5, 4, 1]).mul(grad_p.reshape([5, 1, 3])).sum(0)"]],
	],
	wrong: [
		{
			change: ["x.T.dot(grad_p)", "x.dot(grad_p)"],
			at: "stops",
			en: "a .T is missing: grad_w is x.T.dot(grad_p)",
			zh: "缺少一个 .T：grad_w 应为 x.T.dot(grad_p)",
		},
		{
			change: ["x.T.dot(grad_p)", "grad_p.dot(x.T)"],
			at: "stops",
			en: "the factors are in the wrong order: grad_w is x.T.dot(grad_p)",
			zh: "两个因子的顺序反了：grad_w 应为 x.T.dot(grad_p)",
		},
		{
			change: ["x.T.dot(grad_p)", "grad_p.T.dot(x)"],
			at: "grad_w",
			en: "the gradient is transposed: it is grad_p.T.dot(x), and x.T.dot(grad_p) agrees",
			zh: "梯度被转置了：写的是 grad_p.T.dot(x)，应为 x.T.dot(grad_p)",
		},
		{
			change: ["grad_p.dot(w.T)", "grad_p.dot(w)"],
			at: "stops",
			en: "a .T is missing: grad_x is grad_p.dot(w.T)",
			zh: "缺少一个 .T：grad_x 应为 grad_p.dot(w.T)",
		},
		{
			change: ["grad_p.dot(w.T)", "w.T.dot(grad_p)"],
			at: "stops",
			en: "the factors are in the wrong order: grad_x is grad_p.dot(w.T)",
			zh: "两个因子的顺序反了：grad_x 应为 grad_p.dot(w.T)",
		},
		{
			change: ["grad_w, grad_x }", "grad_w: grad_x, grad_x: grad_w }"],
			at: "grad_w",
			en: "it is the gradient by x, not by w",
			zh: "这是对 x 的梯度，而不是对 w 的梯度",
		},
		{
			change: ["x.T.dot(grad_p)", "x.T"],
			at: "grad_w",
			en: "grad_w has shape (4×5), but w has shape (4×3)",
			zh: "grad_w 的形状是 (4×5)，而 w 的形状是 (4×3)",
		},
		{
			change: ["x.T.dot(grad_p)", "x.T * grad_p"],
			at: "stops",
			en: "Number: expected exactly one element, got shape (4×5); JavaScript's own arithmetic knows numbers only: x.data has them, and add(x, y) and its kin take tensors",
			zh: "形状为 (4×5) 的张量不能当作一个数：JavaScript 的 + - * / < 只用于数，张量要写 a.add(b)、a.sub(b)、a.mul(b)、a.div(b)、a.less(b)。",
		},

		{
			change: ["grad_w, grad_x }", "gw: grad_w, grad_x }"],
			at: "stops",
			en: 'checkManual: there is nothing of which gw could be the gradient; there are grad_c, grad_p, grad_x, grad_w, and .as("…") names more',
			zh: "没有哪个量的梯度叫 gw；这里有 grad_c, grad_p, grad_x, grad_w。",
		},
	],
};
