import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { naming } from "../../lib/core/labelled.ts";
import { flatten } from "../../lib/core/tree.ts";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { random, relu, type Tensor, tensor, valueAndGrad } from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";
import { linesOf } from "./lines.ts";
import { asArray, hasNumPy, runPython } from "./python.ts";

// Layers name their values, so a derivation of a model says q, k and v as a paper does.

const isThere = hasNumPy();
if (!isThere) console.log("derivation/names of layers: no python3 with NumPy, so it is not run");

const key = random.key(7);
const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);

const block = nn.transformerBlock(8, 2);
const blockParams = block.init(key);
const blockLoss = (params: typeof blockParams, x: Tensor, y: Tensor) =>
	block.apply(params, x).sub(y).square().mean();
const derivedBlock = derive(
	blockLoss,
	{ params: blockParams, x: normal(1, 3, 5, 8), y: normal(2, 3, 5, 8) },
	{ axes: { x: ["N", "T", "D"] } },
);

/** The names of the lines of the forward pass. */
const namesOf = ({ forward }: Derivation) => forward.map(({ variable }) => variable);

/** The derivation, each line of which has been run and compared. */
function verified(derivation: Derivation): Derivation {
	derivation.verify();
	return derivation;
}

suite("derivation/names of layers", (test) => {
	test("a transformer block's projections are lines q, k and v, said once", () => {
		derivedBlock.verify();
		const forward = linesOf(derivedBlock.forward);
		assert.equal(forward.slice(3, 6), [
			"q = add1.dot(attention_query_w) + attention_query_b",
			"k = add1.dot(attention_key_w) + attention_key_b",
			"v = add1.dot(attention_value_w) + attention_value_b",
		]);
		assert.ok(forward.includes("weights = softmax(scores, axis=3)"));
		assert.ok(forward.includes("hidden = 0.5 * z2 * erfc(-z2 / np.sqrt(2))"));
		const backward = linesOf(derivedBlock.backward);
		assert.not(backward.some((line) => /_query_b|_key_b|_value_b/.test(line.split(" = ")[1]!)));
		assert.ok(backward.includes("grad_attention_query_b = grad_q.sum(axis=(0, 1))"));
	});

	if (isThere) {
		test("the block's lines in NumPy hold at another number of samples and places", () => {
			const args = { params: blockParams, x: normal(3, 2, 4, 8), y: normal(4, 2, 4, 8) };
			const [loss, gradients] = valueAndGrad(blockLoss)(args.params, args.x, args.y);
			const leaves = flatten("spec", args, "arguments").leaves;
			const inputs = derivedBlock.arguments.map(
				({ name }, i) => `${name} = ${asArray(leaves[i]!)}`,
			);
			const program = ["import numpy as np", ...inputs, derivedBlock.print("numpy")].join("\n");
			const expected = [loss, ...flatten("spec", gradients, "gradients").leaves];
			const wanted = derivedBlock.arguments.filter(({ differentiated }) => differentiated);
			const names = ["loss", ...wanted.map(({ name }) => `grad_${name}`)];
			assert.is(names.length, expected.length);
			const ran = runPython(program, names);
			for (const [i, name] of names.entries()) {
				const { shape, elements } = ran.get(name)!;
				near(tensor(elements).reshape(shape), expected[i]!, 1e-12);
			}
		});
	}

	test("of two layers the names have numbers; the places of a sequence are one loop, which has them once", () => {
		const net = nn.sequential(nn.linear(3, 4), relu, nn.linear(4, 2));
		const loss = (params: ReturnType<typeof net.init>, x: Tensor) =>
			net.apply(params, x).square().mean();
		const args = { params: net.init(key), x: normal(1, 5, 3) };
		assert.equal(namesOf(verified(derive(loss, args))), ["z1", "relu1", "z2", "loss"]);

		const cell = nn.lstm(3, 4);
		const read = (params: ReturnType<typeof cell.init>, x: Tensor) =>
			cell.apply(params, x).square().mean();
		const names = namesOf(
			verified(derive(read, { params: cell.init(key), x: normal(1, 2, 2, 3) })),
		);
		for (const gate of ["i", "f", "g", "o", "c", "h"]) {
			assert.ok(names.includes(gate) && !names.includes(`${gate}1`), gate);
		}
	});

	test("gates, what is normalized and attention's weights have the names of their papers", () => {
		const gru = nn.gru(3, 4);
		const step = (params: ReturnType<typeof gru.init>, h: Tensor, x: Tensor) =>
			gru.step(params, { h }, x).h.square().sum();
		const args = { params: gru.init(key), h: normal(1, 2, 4), x: normal(2, 2, 3) };
		const names = namesOf(verified(derive(step, args)));
		for (const name of ["a", "r", "z", "n", "h_2"]) assert.ok(names.includes(name), name);

		const norm = nn.layerNorm(4);
		const scaled = (params: ReturnType<typeof norm.init>, x: Tensor) =>
			norm.apply(params, x).square().sum();
		const lines = linesOf(
			verified(derive(scaled, { params: norm.init(key), x: normal(1, 3, 4) })).backward,
		);
		assert.ok(lines.some((line) => line.startsWith("grad_scale = ") && line.includes("x_hat")));
	});

	test("a name that the user gave stands, inside of a layer's and outside", () => {
		const layer = nn.linear(3, 2);
		const loss = (params: ReturnType<typeof layer.init>, x: Tensor) =>
			layer.apply(params, x).as("y_pred").square().mean();
		const args = { params: layer.init(key), x: normal(1, 5, 3) };
		assert.equal(namesOf(verified(derive(loss, args))), ["y_pred", "loss"]);
		const taken = (params: ReturnType<typeof layer.init>, z: Tensor) =>
			layer.apply(params, z).square().mean();
		const both = { params: layer.init(key), z: normal(1, 5, 3) };
		assert.equal(namesOf(verified(derive(taken, both))), ["z_2", "loss"]);
	});

	test("a layer in a compiled function that is recorded meanwhile is no value of the derivation", () => {
		const layer = nn.linear(3, 2);
		const run = compile((params: ReturnType<typeof layer.init>, x: Tensor) =>
			layer.apply(params, x),
		);
		const [params, x] = [layer.init(key), normal(1, 5, 3)];
		const loss = (w: Tensor) => run(params, x).mul(w).sum();
		assert.equal(namesOf(verified(derive(loss, { w: normal(2, 5, 2) }))), ["loss"]);
	});

	test("the result keeps its own name", () => {
		const layer = nn.linear(3, 1);
		const loss = (params: ReturnType<typeof layer.init>, x: Tensor) =>
			layer.apply(params, x).reshape([]);
		const args = { params: layer.init(key), x: normal(1, 1, 3) };
		assert.is(namesOf(verified(derive(loss, args))).at(-1), "loss");
	});

	test("names are in no program, and nobody is told of them once a derivation is there", () => {
		const { instructions } = derivedBlock.origin.program;
		assert.not(instructions.some(({ op }) => op.traits?.label !== undefined));
		assert.is(naming.tell, null);
		const fails = (x: Tensor): Tensor => {
			throw new RangeError(String(x.rank));
		};
		assert.throws(() => derive(fails, { x: normal(1, 2) }), RangeError);
		assert.is(naming.tell, null);
	});
});
