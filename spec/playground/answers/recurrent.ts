import type { Answers } from "./answers.ts";

export const recurrent: Answers = {
	right: [
		[
			["grad_h.mul(h.square().neg().add(1))", "grad_h.sub(grad_h.mul(h).mul(h))"],
			["grad_w.add(x.slice(t - 1).T.dot(grad_z))", "x.slice(t - 1).T.dot(grad_z).add(grad_w)"],
		],
		[
			[
				"grad_u = grad_u.add(before.T.dot(grad_z));\n\t\tgrad_h = grad_z.dot(u.T);",
				"grad_h = u.dot(grad_z.T).T;\n\t\tgrad_u = grad_u.add(grad_z.T.dot(before).T);",
			],
		],
	],
	wrong: [
		{
			change: ["grad_h.mul(h.square().neg().add(1))", "grad_h"],
			at: "grad_z3",
			en: "it is the gradient by h3, not by z3",
			zh: "这是对 h3 的梯度，而不是对 z3 的梯度",
		},
		{
			change: ["h.square().neg().add(1)", "h.square().sub(1)"],
			at: "grad_z3",
			en: "the sign is wrong",
			zh: "符号错了",
		},
		{
			change: ["\n\t\tgrad_h = grad_z.dot(u.T);", ""],
			at: "grad_h2",
			en: "it is the gradient by h3, not by h2",
			zh: "这是对 h3 的梯度，而不是对 h2 的梯度",
		},
		{
			change: ["grad_h = grad_z.dot(u.T)", "grad_h = grad_z"],
			at: "grad_h2",
			en: "it is the gradient by z3, not by h2",
			zh: "这是对 z3 的梯度，而不是对 h2 的梯度",
		},
		{
			change: ["grad_h = grad_z.dot(u.T)", "grad_h = grad_h.dot(u.T)"],
			at: "grad_h2",
			en: "one factor is not the right one: it is grad_h3.dot(u.T), and grad_z3.dot(u.T) agrees",
			zh: "有一个因子不对：写的是 grad_h3.dot(u.T)，应为 grad_z3.dot(u.T)",
		},
		{
			change: ["grad_h = grad_z.dot(u.T)", "grad_h = grad_z.dot(u)"],
			at: "grad_h2",
			en: "a .T is missing: it is grad_z3.dot(u), and grad_z3.dot(u.T) agrees",
			zh: "缺少一个 .T：写的是 grad_z3.dot(u)，应为 grad_z3.dot(u.T)",
		},
		{
			change: ["grad_h = grad_z.dot(u.T)", "grad_h = u.T.dot(grad_z)"],
			at: "stops",
			en: "the factors are in the wrong order: grad_h2 is grad_z3.dot(u.T), or the factors are in the wrong order: grad_h1 is grad_z2.dot(u.T)",
			zh: "两个因子的顺序反了：grad_h2 应为 grad_z3.dot(u.T)；或者两个因子的顺序反了：grad_h1 应为 grad_z2.dot(u.T)",
		},
		{
			change: ["grad_h = grad_z.dot(u.T)", "grad_h = grad_h.add(grad_z.dot(u.T))"],
			at: "grad_h2",
			en: "grad_h3 is added, and does not belong there",
			zh: "多加了 grad_h3",
		},
		{
			change: ["grad_w.add(x.slice(t - 1).T.dot(grad_z))", "x.slice(t - 1).T.dot(grad_z)"],
			at: "grad_w",
			en: "of the 3 uses of w only one contributes: their gradients have to be added",
			zh: "w 被用了 3 次，却只算了其中一次：各次的梯度要相加",
		},
		{
			change: ["grad_u.add(before.T.dot(grad_z))", "before.T.dot(grad_z)"],
			at: "grad_u",
			en: "of the 3 uses of u only one contributes: their gradients have to be added",
			zh: "u 被用了 3 次，却只算了其中一次：各次的梯度要相加",
		},
		{
			change: ["let grad_w = zerosLike(w)", "let grad_w = w"],
			at: "grad_w",
			en: "w is added, and does not belong there",
			zh: "多加了 w",
		},
		{
			change: ["x.slice(t - 1).T.dot(grad_z)", "x.slice(t - 1).dot(grad_z)"],
			at: "stops",
			en: "a .T is missing: grad_w is x[2].T.dot(grad_z3)",
			zh: "缺少一个 .T：grad_w 应为 x[2].T.dot(grad_z3)",
		},
		{
			change: ["before.T.dot(grad_z)", "before.dot(grad_z)"],
			at: "stops",
			en: "a .T is missing: grad_u is h0.T.dot(grad_z1)",
			zh: "缺少一个 .T：grad_u 应为 h0.T.dot(grad_z1)",
		},
		{
			change: ["x.slice(t - 1).T.dot", "x.slice(t).T.dot"],
			at: "stops",
			en: "slice: index 3 is out of range for axis 0 of size 3",
			zh: "slice：轴 0 的大小是 3，下标 3 超出了范围。",
		},
		{
			change: ["sub(y).mul(2)", "sub(y)"],
			at: "grad_h3",
			en: "a factor 2 is missing",
			zh: "缺少因子 2",
		},
		{
			change: ["t > 0; t--", "t > 1; t--"],
			at: "grad_u",
			en: "of the 3 uses of u one does not contribute: their gradients have to be added",
			zh: "u 被用了 3 次，其中一次没有算进去：各次的梯度要相加",
		},
	],
};
