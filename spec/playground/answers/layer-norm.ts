import type { Answers } from "./answers.ts";

export const layerNorm: Answers = {
	right: [
		[
			["grad_c.sub(grad_c.mean(1, row))", "grad_c.sub(grad_c.sum(1, row).div(D))"],
			["div(s.square())", "div(s).div(s)"],
		],
		[
			["grad_s.mul(c).div(s.mul(D))", "grad_s.mul(n).div(D)"],
			["grad_out.mul(n).sum(0)", "n.mul(t).sum(0)"],
		],
	],
	wrong: [
		{
			change: ["grad_out.mul(n).sum(0)", "grad_out.mul(n)"],
			at: "grad_g",
			en: "the sum over the axes along which it was broadcast is missing",
			zh: "它曾沿某些轴广播：缺少沿这些轴的求和",
		},
		{
			change: ["grad_out.mul(n).sum(0)", "grad_out.mul(n).sum(1)"],
			at: "grad_g",
			en: "it is summed along axis 1, and should be along axis 0",
			zh: "现在是沿轴 1 求和，应当沿轴 0 求和",
		},
		{
			change: ["grad_out.mul(n).sum(0)", "grad_out.sum(0)"],
			at: "grad_g",
			en: "in the sum, a factor n is missing",
			zh: "被求和的各项缺少因子 n",
		},
		{
			change: ["grad_out.mul(g)", "grad_out"],
			at: "grad_n",
			en: "a factor g is missing",
			zh: "缺少因子 g",
		},
		{
			change: [".sum(1, row).neg()", ".sum(1, row)"],
			at: "grad_s",
			en: "the sign is wrong",
			zh: "符号错了",
		},
		{
			change: [".sum(1, row).neg()", ".neg()"],
			at: "grad_s",
			en: "the sum over the axes along which it was broadcast is missing",
			zh: "它曾沿某些轴广播：缺少沿这些轴的求和",
		},
		{
			change: [".sum(1, row).neg()", ".sum(0, row).neg()"],
			at: "grad_s",
			en: "it is summed along axis 0, and should be along axis 1",
			zh: "现在是沿轴 0 求和，应当沿轴 1 求和",
		},
		{
			change: [".sum(1, row).neg()", ".sum(1).neg()"],
			at: "stops",
			en: "{ keepDims: true } is missing, which makes (4×1) of (4)",
			zh: "缺少 { keepDims: true }：加上它，(4) 就会成为 (4×1)",
		},
		{
			change: ["div(s.square())", "div(s)"],
			at: "grad_s",
			en: "a factor s is too many, or a division by s is missing",
			zh: "多了因子 s，或少除了一次 s",
		},
		{
			change: ["grad_n.div(s).add(grad_s.mul(c).div(s.mul(D)))", "grad_n.div(s)"],
			at: "grad_c",
			en: "of the 2 uses of c only the one in div contributes: their gradients have to be added",
			zh: "c 被用了 2 次，却只算了 div 那一次：各次的梯度要相加",
		},
		{
			change: ["div(s.mul(D))", "div(s)"],
			at: "grad_c",
			en: "of the 2 uses of c only the one in square is wrong: a factor 1/5 is missing, the size of axis 1 of x: a sum where a mean belongs",
			zh: "c 被用了 2 次，只有 square 那一次错了：缺少因子 1/5（x 的轴 1 的大小）：该用平均的地方用了求和",
		},
		{
			change: ["grad_n.div(s).add(", "grad_n.div(s).sub("],
			at: "grad_c",
			en: "of the 2 uses of c only the one in square is wrong: the sign is wrong",
			zh: "c 被用了 2 次，只有 square 那一次错了：符号错了",
		},
		{
			change: ["grad_c.sub(grad_c.mean(1, row))", "grad_c"],
			at: "grad_x",
			en: "of the 2 uses of x only the one in sub contributes: their gradients have to be added",
			zh: "x 被用了 2 次，却只算了 sub 那一次：各次的梯度要相加",
		},
		{
			change: ["grad_c.sub(grad_c.mean(1, row))", "grad_c.sub(grad_c.sum(1, row))"],
			at: "grad_x",
			en: "of the 2 uses of x only the one in mean is wrong: a factor 1/5 is missing, the size of axis 1 of x: a sum where a mean belongs",
			zh: "x 被用了 2 次，只有 mean 那一次错了：缺少因子 1/5（x 的轴 1 的大小）：该用平均的地方用了求和",
		},
		{
			change: ["grad_c.sub(grad_c.mean(1, row))", "grad_c.sub(grad_c.mean(0, row))"],
			at: "grad_x",
			en: "of the 2 uses of x only the one in mean is wrong: the sum in it runs along axis 0, and should along axis 1",
			zh: "x 被用了 2 次，只有 mean 那一次错了：其中的求和沿轴 0 进行，应当沿轴 1 进行",
		},
		{
			change: ["grad_c.sub(grad_c.mean(1, row))", "grad_c.add(grad_c.mean(1, row))"],
			at: "grad_x",
			en: "of the 2 uses of x only the one in mean is wrong: the sign is wrong",
			zh: "x 被用了 2 次，只有 mean 那一次错了：符号错了",
		},
		{
			change: ["grad_c.sub(grad_c.mean(1, row))", "grad_c.sub(grad_c.mean(1))"],
			at: "stops",
			en: "{ keepDims: true } is missing, which makes (4×1) of (4)",
			zh: "缺少 { keepDims: true }：加上它，(4) 就会成为 (4×1)",
		},
	],
};
