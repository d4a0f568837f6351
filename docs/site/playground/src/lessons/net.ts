import { given, type Lesson, parameter } from "./lesson.ts";

/** The two-layer net of the introductory program: its inputs and its forward pass. */
export const net: Pick<Lesson, "inputs" | "sizes" | "forward"> = {
	inputs: [
		parameter("w1", "D_in, H"),
		parameter("w2", "H, D_out"),
		given("x", "N, D_in"),
		given("y", "N, D_out"),
	],
	sizes: { N: 6, D_in: 5, H: 4, D_out: 3 },
	forward: `import type { Tensor } from "adjoint";

type Weights = { w1: Tensor; w2: Tensor };

export default function loss({ w1, w2 }: Weights, x: Tensor, y: Tensor) {
	const h = x.dot(w1).as("h");
	const h_relu = h.maximum(0).as("h_relu");
	const y_pred = h_relu.dot(w2).as("y_pred");
	return y_pred.sub(y).square().sum();
}
`,
};
