import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { programs } from "../../lib/check/index.ts";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { checkpoint, random, sigmoid, sub, type Tensor, tensor } from "../../lib/index.ts";
import { linesOf } from "../derivation/lines.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** The backward lines, each of which has been run and compared. */
function backward(derivation: Derivation): string[] {
	derivation.verify();
	return linesOf(derivation.backward);
}

type Weights = Record<"w1" | "w2", Tensor>;
const weights: Weights = { w1: normal(1, [3, 4]), w2: normal(2, [4, 2]) };
const [x, y] = [normal(3, [5, 3]), normal(4, [5, 2])];

suite("program/equal-values", (test) => {
	test("the gradient of what a helper computes twice is the sum of both: logistic regression gives p − y", () => {
		const net = (w: Tensor, input: Tensor) => sigmoid(input.dot(w).as("z")).as("p");
		const loss = (w: Tensor, input: Tensor, labels: Tensor) =>
			net(w, input)
				.log()
				.mul(labels)
				.add(sub(1, net(w, input)).log().mul(sub(1, labels)))
				.sum()
				.neg();
		const args = { w: normal(1, [3]), x, y: tensor([0, 1, 1, 0, 1]) };
		assert.equal(backward(derive(loss, args)), ["grad_z = p - y", "grad_w = x.T.dot(grad_z)"]);
	});

	test("a value times itself, computed twice, has twice itself for a gradient", () => {
		const f = (v: Tensor) => v.tanh().mul(v.tanh()).sum();
		assert.equal(backward(derive(f, { x })), [
			"grad_tanh1 = 2.0 * tanh1",
			"grad_x = grad_tanh1 * (1 - np.square(tanh1))",
		]);
	});

	test("a model applied twice has one line for the gradient of each of its values", () => {
		const model = ({ w1, w2 }: Weights, input: Tensor) =>
			input.mul(2).dot(w1).as("h").tanh().dot(w2).as("out");
		const loss = (w: Weights, input: Tensor, target: Tensor) =>
			model(w, input).sub(target).square().sum().add(model(w, input).square().sum().mul(0.1));
		assert.equal(backward(derive(loss, { weights, x, y })), [
			"grad_out = 2.0 * out / 10 + 2.0 * (out - y)",
			"grad_w2 = tanh1.T.dot(grad_out)",
			"grad_tanh1 = grad_out.dot(w2.T)",
			"grad_h = grad_tanh1 * (1 - np.square(tanh1))",
			"grad_w1 = (x * 2).T.dot(grad_h)",
		]);
	});

	test("views of one closed-over tensor count as equal, and so does what a checkpoint computes", () => {
		const data = normal(5, [4, 3]);
		const f = (v: Tensor) => data.T.dot(v).as("u").mul(data.T.dot(v).tanh()).sum();
		const lines = backward(derive(f, { v: normal(6, [4]) }));
		assert.is(lines.filter((line) => line.startsWith("grad_u = ")).length, 1);
		const g = (v: Tensor) =>
			checkpoint((u: Tensor) => u.exp())(v)
				.as("e")
				.mul(v.exp())
				.sum();
		assert.equal(backward(derive(g, { v: x })), ["grad_e = 2.0 * e", "grad_v = grad_e * e"]);
	});

	test("a value under one name, under two and under none is one value", () => {
		const names = [
			(v: Tensor) => v,
			(v: Tensor) => v.as("u"),
			(v: Tensor) => v.as("u").as("v"),
			(v: Tensor) => v.as("u").as("v").as("w"),
		];
		for (const first of names) {
			for (const second of names) {
				const f = (v: Tensor) => first(v).tanh().abs().add(second(v).tanh().square()).sum();
				const lines = backward(derive(f, { x }));
				assert.is(lines[0], "grad_tanh1 = 2.0 * tanh1 + np.sign(tanh1)");
			}
		}
	});

	test("every printed gradient of random functions that compute their values twice holds", () => {
		const property = fc.property(programs({ maxOps: 5 }), ({ run, args }) => {
			const twice = (leaves: readonly Tensor[]) =>
				[run(leaves).map((out) => out.tanh()), run(leaves).map((out) => out.sin().mul(0.5))]
					.flat()
					.map((out) => out.sum())
					.reduce((sum, out) => sum.add(out));
			derive(twice, { x: [...args] }).verify();
		});
		fc.assert(property, { numRuns: sampled(8) });
	});
});
