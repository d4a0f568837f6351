import type { Answers } from "./answers.ts";

export const twoLayerNet: Answers = {
	right: [
		[
			["h_relu.T.dot(grad_y_pred)", "grad_y_pred.T.dot(h_relu).T"],
			["h.less(0).where(0, grad_h_relu)", "h.greater(0).mul(grad_h_relu)"],
		],
		[
			["h.less(0).where(0, grad_h_relu)", "h_relu.greater(0).where(grad_h_relu, 0)"],
			["y_pred.sub(y).mul(2)", "y_pred.mul(2).sub(y.mul(2))"],
		],
		[
			["h.less(0).where(0, grad_h_relu)", "grad_h_relu.mul(h_relu.sign())"],
			[
				"{ grad_y_pred, grad_w2, grad_h_relu, grad_h, grad_w1 }",
				"{ grad_w1, grad_w2, grad_h, grad_h_relu, grad_y_pred }",
			],
		],
	],
	wrong: [
		{
			change: ["y_pred.sub(y).mul(2)", "y_pred.sub(y)"],
			at: "grad_y_pred",
			en: "a factor 2 is missing",
			zh: "缺少因子 2",
		},
		{
			change: ["y_pred.sub(y).mul(2)", "y.sub(y_pred).mul(2)"],
			at: "grad_y_pred",
			en: "the sign is wrong",
			zh: "符号错了",
		},
		{
			change: ["y_pred.sub(y).mul(2)", "y_pred.sub(y).mul(2).div(y.size)"],
			at: "grad_y_pred",
			en: "a factor 18 is missing, the number of elements of y: a mean where a sum belongs",
			zh: "缺少因子 18（y 的元素个数）：该用求和的地方用了平均",
		},
		{
			change: ["y_pred.sub(y).mul(2)", "2.0 * (y_pred - y)"],
			at: "stops",
			en: "Number: expected exactly one element, got shape (6×3); JavaScript's own arithmetic knows numbers only: x.data has them, and add(x, y) and its kin take tensors",
			zh: "形状为 (6×3) 的张量不能当作一个数：JavaScript 的 + - * / < 只用于数，张量要写 a.add(b)、a.sub(b)、a.mul(b)、a.div(b)、a.less(b)。",
		},
		{
			change: ["h_relu.T.dot(grad_y_pred)", "h_relu.dot(grad_y_pred)"],
			at: "stops",
			en: "a .T is missing: grad_w2 is h_relu.T.dot(grad_y_pred)",
			zh: "缺少一个 .T：grad_w2 应为 h_relu.T.dot(grad_y_pred)",
		},
		{
			change: ["h_relu.T.dot(grad_y_pred)", "grad_y_pred.dot(h_relu.T)"],
			at: "stops",
			en: "the factors are in the wrong order: grad_w2 is h_relu.T.dot(grad_y_pred)",
			zh: "两个因子的顺序反了：grad_w2 应为 h_relu.T.dot(grad_y_pred)",
		},
		{
			change: ["h_relu.T.dot(grad_y_pred)", "h.T.dot(grad_y_pred)"],
			at: "grad_w2",
			en: "one factor is not the right one: it is h.T.dot(grad_y_pred), and h_relu.T.dot(grad_y_pred) agrees",
			zh: "有一个因子不对：写的是 h.T.dot(grad_y_pred)，应为 h_relu.T.dot(grad_y_pred)",
		},
		{
			change: ["grad_y_pred.dot(w2.T)", "grad_y_pred.dot(w2)"],
			at: "stops",
			en: "a .T is missing: grad_h_relu is grad_y_pred.dot(w2.T)",
			zh: "缺少一个 .T：grad_h_relu 应为 grad_y_pred.dot(w2.T)",
		},
		{
			change: ["grad_y_pred.dot(w2.T)", "w2.dot(grad_y_pred.T)"],
			at: "stops",
			en: "one of the two is transposed",
			zh: "其中一个被转置了",
		},
		{
			change: ["h.less(0).where(0, grad_h_relu)", "grad_h_relu"],
			at: "grad_h",
			en: "a mask is missing: 10 of 24 elements should be 0, and the others agree",
			zh: "缺少掩码：24 个元素中有 10 个应为 0，其余正确",
		},
		{
			change: ["h.less(0).where(0, grad_h_relu)", "h.less(0).where(grad_h_relu, 0)"],
			at: "grad_h",
			en: "a mask is at the wrong elements: of 24, 10 should be 0 and 14 should not, and the others agree",
			zh: "掩码放错了位置：24 个元素中有 10 个应为 0，另有 14 个不应为 0，其余正确",
		},
		{
			change: ["h.less(0).where(0, grad_h_relu)", "grad_h_relu.maximum(0)"],
			at: "grad_h",
			en: "a mask is at the wrong elements: of 24, 7 should be 0 and 2 should not, and the others agree",
			zh: "掩码放错了位置：24 个元素中有 7 个应为 0，另有 2 个不应为 0，其余正确",
		},
		{
			change: ["h.less(0).where(0, grad_h_relu)", "grad_h_relu.mul(h_relu)"],
			at: "grad_h",
			en: "a factor h_relu is too many, or a division by h_relu is missing",
			zh: "多了因子 h_relu，或少除了一次 h_relu",
		},
		{
			change: ["x.T.dot(grad_h)", "x.dot(grad_h)"],
			at: "stops",
			en: "a .T is missing: grad_w1 is x.T.dot(grad_h)",
			zh: "缺少一个 .T：grad_w1 应为 x.T.dot(grad_h)",
		},
		{
			change: ["x.T.dot(grad_h)", "x.T.dot(grad_h_relu)"],
			at: "grad_w1",
			en: "one factor is not the right one: it is x.T.dot(grad_h_relu), and x.T.dot(grad_h) agrees",
			zh: "有一个因子不对：写的是 x.T.dot(grad_h_relu)，应为 x.T.dot(grad_h)",
		},
	],
};
