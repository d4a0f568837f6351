import { given, parameter, type Text } from "../lessons/lesson.ts";
import { net } from "../lessons/net.ts";
import type { Input, Program } from "../protocol.ts";

/** A function to look at. */
export interface Example {
	readonly id: string;
	readonly title: Text;
	readonly program: Program;
}

function example(
	id: string,
	title: Text,
	code: string,
	inputs: readonly Input[],
	sizes: Program["sizes"],
): Example {
	return { id, title, program: { code, inputs, sizes, seed: 0, dtype: "float64" } };
}

function number(name: string, value: string, gradient: boolean): Input {
	return { name, axes: "", kind: "number", gradient, value };
}

export const EXAMPLES: readonly Example[] = [
	example(
		"two-layer-net",
		{ en: "Two-layer net", zh: "两层网络" },
		net.forward,
		net.inputs,
		net.sizes,
	),
	example(
		"one-weight",
		{ en: "One weight", zh: "一个权重" },
		`import type { Tensor } from "adjoint";

export default function loss({ w }: { w: Tensor }, x: Tensor, y: Tensor) {
	const y_pred = x.mul(w).as("y_pred");
	return y_pred.sub(y).square();
}
`,
		[number("w", "0.5", true), number("x", "2", false), number("y", "3", false)],
		{},
	),
	example(
		"softmax-regression",
		{ en: "Softmax regression", zh: "softmax 回归" },
		`import type { Tensor } from "adjoint";

type Params = { w: Tensor; b: Tensor };

export default function loss({ w, b }: Params, x: Tensor, y: Tensor) {
	const logits = x.dot(w).add(b).as("logits");
	return logits.logSoftmax(1).mul(y).sum(1).mean().neg();
}
`,
		[parameter("w", "D, K"), parameter("b", "K"), given("x", "N, D"), given("y", "N, K", "oneHot")],
		{ N: 8, D: 5, K: 3 },
	),
	example(
		"ridge",
		{ en: "Ridge regression", zh: "岭回归" },
		`import type { Tensor } from "adjoint";

export default function loss({ w }: { w: Tensor }, x: Tensor, y: Tensor, lambda: Tensor) {
	const error = x.dot(w).sub(y).as("error");
	return error.square().mean().add(w.square().sum().mul(lambda));
}
`,
		[parameter("w", "D"), given("x", "N, D"), given("y", "N"), number("lambda", "0.1", false)],
		{ N: 8, D: 4 },
	),
	example(
		"attention",
		{ en: "Attention", zh: "注意力" },
		`import type { Tensor } from "adjoint";

type Params = { wq: Tensor; wk: Tensor; wv: Tensor };

export default function loss({ wq, wk, wv }: Params, x: Tensor, y: Tensor) {
	const q = x.dot(wq).as("q");
	const k = x.dot(wk).as("k");
	const v = x.dot(wv).as("v");
	const weights = q.dot(k.T).softmax(1).as("weights");
	return weights.dot(v).sub(y).square().mean();
}
`,
		[
			parameter("wq", "D, E"),
			parameter("wk", "D, E"),
			parameter("wv", "D, D"),
			given("x", "N, D"),
			given("y", "N, D"),
		],
		{ N: 5, D: 4, E: 3 },
	),
	example(
		"recurrent",
		{ en: "Recurrent net", zh: "循环网络" },
		`import { scan, type Tensor } from "adjoint";

type Params = { w: Tensor; u: Tensor; b: Tensor };

export default function loss({ w, u, b }: Params, x: Tensor, h0: Tensor, y: Tensor) {
	const step = (h: Tensor, x: Tensor) => {
		const next = x.dot(w).add(h.dot(u)).add(b).as("z").tanh().as("h");
		return [next, null] as const;
	};
	const [last] = scan(step, h0, x);
	return last.sub(y).square().mean();
}
`,
		[
			parameter("w", "D, H"),
			parameter("u", "H, H"),
			parameter("b", "H"),
			given("x", "T, B, D"),
			given("h0", "B, H"),
			given("y", "B, H"),
		],
		{ T: 5, B: 4, D: 2, H: 3 },
	),
	example(
		"digits",
		{ en: "Handwritten digits", zh: "手写数字" },
		`import type { Tensor } from "adjoint";

type Params = { w1: Tensor; b1: Tensor; w2: Tensor };

// Training: open the tab, set the learning rate to 0.1, and run.
export default function loss({ w1, b1, w2 }: Params, x: Tensor, y: Tensor) {
	const h = x.dot(w1).mul(0.1).add(b1).tanh().as("h");
	const logits = h.dot(w2).as("logits");
	return logits.logSoftmax(1).mul(y).sum(1).mean().neg();
}
`,
		[
			parameter("w1", "pixels, H"),
			parameter("b1", "H"),
			parameter("w2", "H, K"),
			given("x", "N, pixels", "digits"),
			given("y", "N, K", "labels"),
		],
		{ N: 60, pixels: 196, H: 12, K: 10 },
	),
];
