import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import { random, type Tensor } from "../../lib/index.ts";
import { suite } from "../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

const [N, D_in, H, D_out] = [6, 5, 4, 3];
const x = normal(1, [N, D_in]);
const y = normal(2, [N, D_out]);
const params = { w1: normal(3, [D_in, H]), w2: normal(4, [H, D_out]) };

function net({ w1, w2 }: typeof params, x: Tensor, y: Tensor): Tensor {
	const h = x.dot(w1).as("h");
	const h_relu = h.maximum(0).as("h_relu");
	const y_pred = h_relu.dot(w2).as("y_pred");
	return y_pred.sub(y).square().sum();
}

const axes = { x: ["N", "D_in"], w1: ["D_in", "H"], w2: ["H", "D_out"], y: ["N", "D_out"] };

suite("derivation/two-layer-net", (test) => {
	test("it is, statement for statement, the program written by hand", () => {
		assert.is(
			derive(net, { params, x, y }, { axes }).print("numpy"),
			[
				"import numpy as np",
				"",
				"# Given: w1 (D_in×H), w2 (H×D_out), x (N×D_in), y (N×D_out)",
				"",
				"# Forward",
				"h = x.dot(w1)",
				"h_relu = np.maximum(h, 0)",
				"y_pred = h_relu.dot(w2)",
				"loss = np.square(y_pred - y).sum()",
				"",
				"# Backward",
				"grad_y_pred = 2.0 * (y_pred - y)",
				"grad_w2 = h_relu.T.dot(grad_y_pred)",
				"grad_h_relu = grad_y_pred.dot(w2.T)",
				"grad_h = grad_h_relu.copy()",
				"grad_h[h < 0] = 0",
				"grad_w1 = x.T.dot(grad_h)",
				"",
			].join("\n"),
		);
	});

	test("names of axes travel, also where sizes are equal", () => {
		const { forward, backward } = derive(net, { params, x, y }, { axes });
		const shapes = new Map(
			[...forward, ...backward].map((line) => [line.variable, line.axes.join("×")]),
		);
		assert.is(shapes.get("h"), "N×H");
		assert.is(shapes.get("loss"), "");
		assert.is(shapes.get("grad_w2"), "H×D_out");
		assert.is(shapes.get("grad_h"), "N×H");
		assert.is(shapes.get("grad_w1"), "D_in×H");
		const square = { w1: normal(3, [4, 4]), w2: normal(4, [4, 4]) };
		const args = { params: square, x: normal(1, [4, 4]), y: normal(2, [4, 4]) };
		const gradient = derive(net, args, { axes }).backward.at(-1)!;
		assert.equal(gradient.axes, ["D_in", "H"]);
	});

	test("each gradient says the map it comes from, the line and argument beside it, and its cotangent", () => {
		const { backward } = derive(net, { params, x, y });
		const from = (variable: string) => {
			const { reason } = backward.find((line) => line.variable === variable)!;
			assert.is(reason.kind, "gradient");
			return (reason.kind === "gradient" ? reason.steps : []).map(
				({ statement, forward, argument, map, cotangent }) =>
					`${statement.variable}: ${forward.op.name} ${argument}, ${map}, ${cotangent}`,
			);
		};
		assert.equal(from("grad_y_pred"), [
			"loss: sum 0, sum over axes, null",
			"loss: square 0, scale, null",
			"loss: sub 0, identity, null",
		]);
		assert.equal(from("grad_w2"), ["y_pred: dot 1, dot with the first argument, grad_y_pred"]);
		assert.equal(from("grad_h"), ["h_relu: maximum 0, keepWhere, grad_h_relu"]);
	});
});
