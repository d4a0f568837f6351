import { given, type Lesson, parameter } from "./lesson.ts";

export const recurrent: Lesson = {
	question: {
		en: "Backpropagation is not the data flowing backwards. Then what runs backwards through a loop?",
		zh: "反向传播不是数据流动的反向。那么在一个循环里，反向走的是什么？",
	},
	text: [
		{
			en: "A recurrent net reads a sequence step by step. At step t it makes z = xₜ·w + h·u from the input of the step, `x.slice(t - 1)`, and the state before, and the new state is tanh z, with the same `w` and `u` at every step. The values are called z1, h1, z2, h2, and so on.",
			zh: "循环网络一步一步地读一个序列。第 t 步由这一步的输入 `x.slice(t - 1)` 和前一个状态算出 z = xₜ·w + h·u，新状态是 tanh z；每一步都用同样的 `w` 和 `u`。这些量依次叫做 z1、h1、z2、h2……",
		},
		{
			en: "Backwards, a loop runs from the last step to the first. What runs through it is the gradient of the state, `grad_h`: each step takes it from the step after, goes back through tanh, whose derivative is 1 − h², to `grad_z` (1 − a is written `a.neg().add(1)`), and through `h.dot(u)` to the state before, whose gradient it hands on.",
			zh: "反向时，循环从最后一步走到第一步。在其中往回走的是状态的梯度 `grad_h`：每一步从后一步接过它，先穿过 tanh（导数是 1 − h²；1 − a 写作 `a.neg().add(1)`）得到 `grad_z`，再穿过 `h.dot(u)` 回到前一个状态，把前一个状态的梯度交给下一轮。",
		},
		{
			en: "`w` and `u` are used at every step, so their gradients are sums over the steps (lesson 5: several uses are added). They begin with 0, and each step adds its product, as in lesson 1: for w, D×H, it is made of the input of the step, B×D, and grad_z, B×H; for u of the state before. The states are needed on the way back, which is why they were kept in `states`.",
			zh: "`w` 和 `u` 每一步都用到，所以它们的梯度要对各步求和（第 5 课：多处使用要相加）：从 0 开始，每一步加上一个像第 1 课那样的乘积。w 是 D×H，它的那一项由这一步的输入（B×D）和 grad_z（B×H）得到；u 的那一项则用前一个状态。往回走时需要各个状态，所以前向时把它们存在了 `states` 里。",
		},
		{
			en: "The loop is there. As it stands it forgets tanh and hands on the gradient unchanged, so only grad_h3 is right: mend and write its lines.",
			zh: "循环已经写好，但现在它漏掉了 tanh，也没有把梯度传回前一个状态，所以只有 grad_h3 是对的：请改正并补全其中的几行。",
		},
	],
	hints: [
		{
			en: "Through tanh: `const grad_z = grad_h.mul(h.square().neg().add(1));`",
			zh: "穿过 tanh：`const grad_z = grad_h.mul(h.square().neg().add(1));`",
		},
		{
			en: "`grad_w = grad_w.add(x.slice(t - 1).T.dot(grad_z));` and `grad_u = grad_u.add(before.T.dot(grad_z));`",
			zh: "`grad_w = grad_w.add(x.slice(t - 1).T.dot(grad_z));`，`grad_u = grad_u.add(before.T.dot(grad_z));`",
		},
		{
			en: "To the state before: `grad_h = grad_z.dot(u.T);`",
			zh: "回到前一个状态：`grad_h = grad_z.dot(u.T);`",
		},
	],
	inputs: [
		parameter("w", "D, H"),
		parameter("u", "H, H"),
		given("x", "T, B, D"),
		given("h0", "B, H"),
		given("y", "B, H"),
	],
	sizes: { T: 3, B: 2, D: 3, H: 4 },
	forward: `import { type Tensor, zerosLike } from "adjoint";

type Params = { w: Tensor; u: Tensor };

function statesOf({ w, u }: Params, x: Tensor, h0: Tensor) {
	const states = [h0];
	for (let t = 1; t <= Number(x.shape[0]); t++) {
		const [step, before] = [x.slice(t - 1), states[t - 1]!];
		const z = step.dot(w).add(before.dot(u)).as(\`z\${t}\`);
		states.push(z.tanh().as(\`h\${t}\`));
	}
	return states;
}

export default function loss(params: Params, x: Tensor, h0: Tensor, y: Tensor) {
	const last = statesOf(params, x, h0).at(-1)!;
	return last.sub(y).square().sum();
}
`,
	start: `export function backward({ w, u }: Params, x: Tensor, h0: Tensor, y: Tensor) {
	const states = statesOf({ w, u }, x, h0);
	const gradients: Record<string, Tensor> = {};
	let grad_w = zerosLike(w);
	let grad_u = zerosLike(u);
	let grad_h = states.at(-1)!.sub(y).mul(2);
	for (let t = states.length - 1; t > 0; t--) {
		const [h, before] = [states[t]!, states[t - 1]!];
		gradients[\`grad_h\${t}\`] = grad_h;
		const grad_z = grad_h; // And tanh? · tanh 呢？
		gradients[\`grad_z\${t}\`] = grad_z;
		// Your part · 你来写：grad_w, grad_u, grad_h
	}
	return { ...gradients, grad_w, grad_u };
}
`,
	solution: `export function backward({ w, u }: Params, x: Tensor, h0: Tensor, y: Tensor) {
	const states = statesOf({ w, u }, x, h0);
	const gradients: Record<string, Tensor> = {};
	let grad_w = zerosLike(w);
	let grad_u = zerosLike(u);
	let grad_h = states.at(-1)!.sub(y).mul(2);
	for (let t = states.length - 1; t > 0; t--) {
		const [h, before] = [states[t]!, states[t - 1]!];
		gradients[\`grad_h\${t}\`] = grad_h;
		const grad_z = grad_h.mul(h.square().neg().add(1));
		gradients[\`grad_z\${t}\`] = grad_z;
		grad_w = grad_w.add(x.slice(t - 1).T.dot(grad_z));
		grad_u = grad_u.add(before.T.dot(grad_z));
		grad_h = grad_z.dot(u.T);
	}
	return { ...gradients, grad_w, grad_u };
}
`,
	wanted: ["grad_z3", "grad_h1", "grad_z1", "grad_w", "grad_u"],
};
