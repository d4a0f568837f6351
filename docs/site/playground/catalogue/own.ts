import { given, parameter } from "../src/lessons/lesson.ts";
import type { ExampleGroup } from "../src/page/examples.ts";
import type { Input, Program } from "../src/protocol.ts";

function number(name: string, value: string, gradient: boolean): Input {
	return { name, axes: "", kind: "number", gradient, value };
}

function program(code: string, inputs: readonly Input[], sizes: Program["sizes"]): Program {
	return { code, inputs, sizes, seed: 0, dtype: "float64" };
}

/** Functions that are made for this page: numbers with sliders, and something to train. */
export const own: ExampleGroup = {
	title: { en: "To play with", zh: "动手试试" },
	examples: [
		{
			id: "one-weight",
			title: { en: "One weight", zh: "一个权重" },
			program: program(
				`import type { Tensor } from "adjoint";

export default function loss({ w }: { w: Tensor }, x: Tensor, y: Tensor) {
	const y_pred = x.mul(w).as("y_pred");
	return y_pred.sub(y).square();
}
`,
				[number("w", "0.5", true), number("x", "2", false), number("y", "3", false)],
				{},
			),
		},
		{
			id: "digits",
			title: { en: "Handwritten digits", zh: "手写数字" },
			program: program(
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
		},
	],
};
