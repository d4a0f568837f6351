import type { Answers } from "./answers.ts";

export const broadcast: Answers = {
	right: [
		[
			["const grad_x = grad_z;", "const grad_x = x.add(b).mul(2 / z.size);"],
			["grad_z.sum(0)", "grad_x.sum([0])"],
		],
		[
			["grad_z.sum(0)", "grad_z.T.sum(1)"],
			["z.mul(2).div(z.size)", "z.add(z).div(15)"],
		],
	],
	wrong: [
		{
			change: ["z.mul(2).div(z.size)", "z.mul(2)"],
			at: "grad_z",
			en: "a factor 1/15 is missing, the number of elements of x: a sum where a mean belongs",
			zh: "缺少因子 1/15（x 的元素个数）：该用平均的地方用了求和",
		},
		{
			change: ["z.mul(2).div(z.size)", "z.div(z.size)"],
			at: "grad_z",
			en: "a factor 2 is missing",
			zh: "缺少因子 2",
		},
		{
			change: ["z.mul(2).div(z.size)", "z.mul(2).div(5)"],
			at: "grad_z",
			en: "a factor 1/3 is missing, the size of axis 1 of x: a sum where a mean belongs",
			zh: "缺少因子 1/3（x 的轴 1 的大小）：该用平均的地方用了求和",
		},
		{
			change: ["const grad_x = grad_z", "const grad_x = grad_z.mul(x)"],
			at: "grad_x",
			en: "a factor x is too many, or a division by x is missing",
			zh: "多了因子 x，或少除了一次 x",
		},
		{
			change: ["grad_z.sum(0)", "grad_z"],
			at: "grad_b",
			en: "the sum over the axes along which it was broadcast is missing",
			zh: "它曾沿某些轴广播：缺少沿这些轴的求和",
		},
		{
			change: ["grad_z.sum(0)", "grad_z.sum(1)"],
			at: "grad_b",
			en: "it is summed along axis 1, and should be along axis 0",
			zh: "现在是沿轴 1 求和，应当沿轴 0 求和",
		},
		{
			change: ["grad_z.sum(0)", "grad_z.sum()"],
			at: "grad_b",
			en: "it is summed along axes 0, 1, and should be along axis 0",
			zh: "现在是沿轴 0, 1 求和，应当沿轴 0 求和",
		},
		{
			change: ["grad_z.sum(0)", "grad_z.mean(0)"],
			at: "grad_b",
			en: "a factor 5 is missing, the size of axis 0 of x: a mean where a sum belongs",
			zh: "缺少因子 5（x 的轴 0 的大小）：该用求和的地方用了平均",
		},
		{
			change: ["grad_z.sum(0)", "grad_z.sum(0, { keepDims: true })"],
			at: "grad_b",
			en: "it has an axis of size 1 too many, which { keepDims: true } leaves; its numbers agree",
			zh: "数值正确，但多了一个大小为 1 的轴：它是 { keepDims: true } 留下的",
		},
	],
};
