import { given, type Lesson, parameter } from "./lesson.ts";

export const layerNorm: Lesson = {
	question: {
		en: "The chain rule goes back along one path. What if a value is used in several places?",
		zh: "链式法则沿一条路径往回走。如果一个量用在了好几处，怎么办？",
	},
	text: [
		{
			en: "Then each use sends a gradient back, and they are added. In layer norm this happens twice: the centred row `c` is divided by `s`, and s is made from c itself; and each x goes into c directly and by the mean of its row.",
			zh: "那么每一处都送回一个梯度，把它们相加。层归一化中有两处这样的情况：中心化后的行 `c` 要除以 `s`，而 s 本身又由 c 算出；每个 x 既直接进入 c，又通过该行的平均值进入 c。",
		},
		{
			en: "Go back line by line. `out` is n·g with g broadcast over the rows (lesson 2). `n` is c / s, with one s for each row, so the gradient of s is a sum over the row: `a.sum(1, { keepDims: true })` leaves an axis of size 1, N×1.",
			zh: "逐行往回走。`out` 是 n·g，g 沿各行广播（第 2 课）。`n` 是 c / s，每行一个 s，所以 s 的梯度要在该行上求和：`a.sum(1, { keepDims: true })` 保留一个大小为 1 的轴，形状为 N×1。",
		},
		{
			en: "Then `grad_c` has two parts: from n, with s held fixed, and from s, which is √(mean of c² + 0.00001): its derivative by c is c / (s · D). Last, x: what centring does forwards, it does backwards too.",
			zh: "`grad_c` 有两部分：一部分来自 n（把 s 看作不变），另一部分来自 s = √(c² 的平均 + 0.00001)，它对 c 的导数是 c / (s · D)。最后是 x：中心化前向做什么，反向也做什么。",
		},
	],
	hints: [
		{
			en: "`const grad_g = grad_out.mul(n).sum(0);` and `const grad_n = grad_out.mul(g);`",
			zh: "`const grad_g = grad_out.mul(n).sum(0);`，`const grad_n = grad_out.mul(g);`",
		},
		{
			en: "The derivative of c / s by s is −c / s²: `const grad_s = grad_n.mul(c).div(s.square()).sum(1, { keepDims: true }).neg();`",
			zh: "c / s 对 s 的导数是 −c / s²：`const grad_s = grad_n.mul(c).div(s.square()).sum(1, { keepDims: true }).neg();`",
		},
		{
			en: "Both uses of c: `const grad_c = grad_n.div(s).add(grad_s.mul(c).div(s.mul(D)));`",
			zh: "c 的两处使用相加：`const grad_c = grad_n.div(s).add(grad_s.mul(c).div(s.mul(D)));`",
		},
		{
			en: "`const grad_x = grad_c.sub(grad_c.mean(1, { keepDims: true }));`",
			zh: "`const grad_x = grad_c.sub(grad_c.mean(1, { keepDims: true }));`",
		},
	],
	inputs: [parameter("x", "N, D"), parameter("g", "D"), given("t", "N, D")],
	sizes: { N: 4, D: 5 },
	forward: `import type { Tensor } from "adjoint";

type Params = { x: Tensor; g: Tensor };
const row = { keepDims: true };

export default function loss({ x, g }: Params, t: Tensor) {
	const c = x.sub(x.mean(1, row)).as("c");
	const s = c.square().mean(1, row).add(1e-5).sqrt().as("s");
	const n = c.div(s).as("n");
	const out = n.mul(g).as("out");
	return out.mul(t).sum();
}
`,
	start: `export function backward({ x, g }: Params, t: Tensor) {
	const D = Number(x.shape[1]);
	const c = x.sub(x.mean(1, row));
	const s = c.square().mean(1, row).add(1e-5).sqrt();
	const n = c.div(s);

	const grad_out = t;
	// Your part · 你来写：grad_g, grad_n, grad_s, grad_c, grad_x
	return { grad_out };
}
`,
	solution: `export function backward({ x, g }: Params, t: Tensor) {
	const D = Number(x.shape[1]);
	const c = x.sub(x.mean(1, row));
	const s = c.square().mean(1, row).add(1e-5).sqrt();
	const n = c.div(s);

	const grad_out = t;
	const grad_g = grad_out.mul(n).sum(0);
	const grad_n = grad_out.mul(g);
	const grad_s = grad_n.mul(c).div(s.square()).sum(1, row).neg();
	const grad_c = grad_n.div(s).add(grad_s.mul(c).div(s.mul(D)));
	const grad_x = grad_c.sub(grad_c.mean(1, row));
	return { grad_out, grad_g, grad_n, grad_s, grad_c, grad_x };
}
`,
	wanted: ["grad_out", "grad_g", "grad_n", "grad_s", "grad_c", "grad_x"],
};
