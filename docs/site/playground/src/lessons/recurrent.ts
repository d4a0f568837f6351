import { given, type Lesson, parameter } from "./lesson.ts";

export const recurrent: Lesson = {
	question: {
		en: "Backpropagation is not the data flowing backwards. Then what runs backwards through a loop?",
		zh: "反向传播不是数据流动的反向。那么在一个循环里，反向走的是什么？",
	},
	text: [
		{
			en: "A recurrent net reads a sequence step by step: the new state `h` is made from the input of the step and the state before it, with the same `w` and `u` at every step. The states are called h1, h2, h3.",
			zh: "循环网络一步一步地读一个序列：新状态 `h` 由这一步的输入和前一个状态算出，每一步都用同样的 `w` 和 `u`。各状态叫做 h1、h2、h3。",
		},
		{
			en: "Backwards, a loop runs from the last step to the first. It carries one thing: the gradient of the state. At each step it goes back through tanh, whose derivative is 1 − h², and then through `h.dot(u)` to the state before.",
			zh: "反向时，循环从最后一步走到第一步。它携带的只有一样东西：状态的梯度。每一步先穿过 tanh（导数是 1 − h²），再穿过 `h.dot(u)` 回到前一个状态。",
		},
		{
			en: "`w` and `u` are used at every step, so their gradients are sums over the steps (lesson 5: several uses are added). The loop is there; fill in its lines. The states are needed on the way back, which is why they were kept in `states`.",
			zh: "`w` 和 `u` 每一步都用到，所以它们的梯度是对各步求和（第 5 课：多处使用要相加）。循环已经写好，请填上其中的几行。往回走时需要各个状态，所以前向时把它们存在了 `states` 里。",
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
		const z = x.slice(t - 1).dot(w).add(states[t - 1]!.dot(u));
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
		// Your part · 你来写：grad_z, grad_w, grad_u, grad_h
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
		grad_w = grad_w.add(x.slice(t - 1).T.dot(grad_z));
		grad_u = grad_u.add(before.T.dot(grad_z));
		grad_h = grad_z.dot(u.T);
	}
	return { ...gradients, grad_w, grad_u };
}
`,
	wanted: ["grad_h1", "grad_w", "grad_u"],
};
