import { given, type Lesson, parameter } from "./lesson.ts";

export const layerNorm: Lesson = {
	question: {
		en: "The chain rule goes back along one path. What if a value is used in several places?",
		zh: "链式法则沿一条路径往回走。如果一个量用在了好几处，怎么办？",
	},
	text: [
		{
			en: "Then each use sends a gradient back, and they are added. In layer norm this happens twice: `c`, the row without its mean, is divided by `s`, and s is made from c itself; and each x goes into c directly and by the mean of its row.",
			zh: "那么每一处都会送回一个梯度，要把它们相加。层归一化中有两处这样的情况：`c` 是减去了平均值的行，它要除以 `s`，而 s 本身又由 c 算出；每个 x 既直接进入 c，又通过该行的平均值进入 c。",
		},
		{
			en: "Go back line by line. `out` is n·g with g broadcast over the rows, as b was in lesson 2, but times n. `n` is c / s, whose derivative by s is −c / s². There is one s for each row, so its gradient is a sum within the row: `a.sum(1, row)`, where `row` is { keepDims: true }, leaves an axis of size 1, N×1, the shape of s.",
			zh: "逐行往回走。`out` 是 n·g，g 像第 2 课的 b 那样广播到各行，只是要乘以 n。`n` 是 c / s，它对 s 的导数是 −c / s²。每行只有一个 s，所以 s 的梯度要在该行内求和：`a.sum(1, row)` 中的 `row` 是 { keepDims: true }，它保留一个大小为 1 的轴，得到 N×1，正是 s 的形状。",
		},
		{
			en: "Then `grad_c` has two parts: from n, with s held fixed, and from s = √(mean of c² + 0.00001), whose derivative by an element of c is c / (s · D).",
			zh: "接着，`grad_c` 有两部分：一部分来自 n（把 s 看作不变），另一部分来自 s = √(c² 的平均 + 0.00001)，s 对 c 的一个元素的导数是 c / (s · D)。",
		},
		{
			en: "Last, x: x[j] is in c[j] directly, and by the mean with −1/D in every c[k] of its row. So grad_x[j] = grad_c[j] − (1/D) Σₖ grad_c[k]: the mean is taken away backwards too. `a.mean(1, row)` is the mean of each row.",
			zh: "最后是 x：x[j] 直接出现在 c[j] 里，又通过平均值以 −1/D 的系数出现在同一行的每个 c[k] 里。所以 grad_x[j] = grad_c[j] − (1/D) Σₖ grad_c[k]：反向时同样要减去平均值。`a.mean(1, row)` 是各行的平均值。",
		},
	],
	hints: [
		{
			en: "`const grad_g = grad_out.mul(n).sum(0);` and `const grad_n = grad_out.mul(g);`",
			zh: "`const grad_g = grad_out.mul(n).sum(0);`，`const grad_n = grad_out.mul(g);`",
		},
		{
			en: "`const grad_s = grad_n.mul(c).div(s.square()).sum(1, row).neg();`",
			zh: "`const grad_s = grad_n.mul(c).div(s.square()).sum(1, row).neg();`",
		},
		{
			en: "Both uses of c: `const grad_c = grad_n.div(s).add(grad_s.mul(c).div(s.mul(D)));`",
			zh: "c 的两处使用相加：`const grad_c = grad_n.div(s).add(grad_s.mul(c).div(s.mul(D)));`",
		},
		{
			en: "`const grad_x = grad_c.sub(grad_c.mean(1, row));`",
			zh: "`const grad_x = grad_c.sub(grad_c.mean(1, row));`",
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
