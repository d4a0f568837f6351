import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	arange,
	eye,
	mapTree,
	random,
	ShapeError,
	type Tensor,
	tensor,
	treeLeaves,
	valueAndGrad,
} from "../../lib/index.ts";
import { gru, type Hidden, lstm, type Recurrent, rnn } from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

/** cos(a·i) for the elements i of a shape: the numbers of the reference runs. */
const wave = (a: number, ...shape: number[]) =>
	arange(shape.reduce((x, y) => x * y))
		.mul(a)
		.cos()
		.reshape(shape);

const x = wave(1.7, 2, 3, 2);
const weights = (gates: number) => ({
	wx: wave(0.7, 2, 2 * gates),
	wh: wave(1.1, 2, 2 * gates),
	b: wave(2.3, 2 * gates),
});

// biome-ignore lint/suspicious/noExplicitAny: layers of all sorts
const all: readonly [name: string, layer: Recurrent<any, any>][] = [
	["rnn", rnn(2, 2)],
	["gru", gru(2, 2)],
	["lstm", lstm(2, 2)],
];

suite("nn/recurrent", (test) => {
	test("the outputs for the second sequence are those of PyTorch 2.15", () => {
		near(
			rnn(2, 2).apply(weights(1), x).slice(1).reshape([6]),
			[
				0.39637466830541324, -0.9230744288654488, 0.9799099473633119, 0.8564374551144869,
				0.8784188970971877, -0.9443904617365494,
			],
		);
		near(
			gru(2, 2)
				.apply({ ...weights(3), bh: wave(0.3, 2) }, x)
				.slice(1)
				.reshape([6]),
			[
				0.26236783776761496, 0.1119160124663614, -0.5574570912299907, 0.2855124691153174,
				-0.19473920544984813, 0.3360137794545572,
			],
		);
		const { outputs, hidden } = lstm(2, 2).scan(weights(4), x);
		near(
			outputs.slice(1).reshape([6]),
			[
				-0.19902006905525363, 0.02919104839777965, -0.3661034982601786, 0.08914785236697881,
				-0.22215372968134578, -0.0022769075772713396,
			],
		);
		near(hidden.h, [
			[-0.39556940522855183, 0.01238533689938173],
			[-0.22215372968134578, -0.0022769075772713396],
		]);
		near(hidden.c, [
			[-0.9092051207424381, 0.03328566083044786],
			[-0.9999974388716715, -0.013161396582542395],
		]);
	});

	for (const [name, layer] of all) {
		const params = layer.init(random.key(1));

		test(`${name} holds up, with its derivatives through time`, () => {
			const tree = { params, x: normal(2, [1, 3, 2]) };
			holdsUp(({ params, x }) => layer.apply(params, x), tree, 2, 1e-13);
		});

		test(`${name} step by step, or in two halves, is ${name} all at once`, () => {
			const whole = layer.scan(params, x);
			let hidden: Hidden = layer.start(2);
			for (let t = 0; t < 3; t++) {
				hidden = layer.step(params, hidden, x.slice(null, t));
				near(hidden.h, whole.outputs.slice(null, t), 1e-14);
			}
			const first = layer.scan(params, x.slice(null, [0, 1]));
			const second = layer.scan(params, x.slice(null, [1, 3]), { hidden: first.hidden });
			near(second.outputs, whole.outputs.slice(null, [1, 3]), 1e-14);
			near(second.hidden.h, whole.hidden.h, 1e-14);
		});

		test(`${name} passes over the places that a mask leaves out`, () => {
			const mask = tensor([
				[true, true, false],
				[false, true, true],
			]);
			const { outputs, hidden } = layer.scan(params, x, { mask });
			const short = layer.scan(params, x.slice([0, 1], [0, 2]));
			near(hidden.h.slice([0, 1]), short.hidden.h, 1e-14);
			near(outputs.slice([0, 1], 2), short.hidden.h, 1e-14);
			same(outputs.slice(1, 0), [0, 0]);
			near(hidden.h.slice([1, 2]), layer.scan(params, x.slice([1, 2], [1, 3])).hidden.h, 1e-14);
			same(layer.apply(params, x, { mask }), outputs);
			const tree = { params, x: normal(2, [2, 3, 2]), mask };
			holdsUp(({ params, x, mask }) => layer.apply(params, x, { mask }), tree, 1, 1e-13);
		});

		test(`${name} in reverse is ${name} of the sequence turned round, and its outputs keep their places`, () => {
			const hidden = mapTree((h) => h.add(0.3), layer.start(2));
			const mask = tensor([
				[true, true, false],
				[false, true, true],
			]);
			const back = layer.scan(params, x, { hidden, mask, reverse: true });
			const turned = layer.scan(params, x.flip(1), { hidden, mask: mask.flip(1) });
			same(back.outputs, turned.outputs.flip(1));
			same(back.hidden.h, turned.hidden.h);
			near(back.outputs.slice(null, 0), back.hidden.h, 0);
		});

		test(`${name} is one loop of a compiled program, whatever the length, with the same numbers`, () => {
			const sequences = [6, 60].map((time) => normal(2, [2, time, 2]));
			const mask = (x: Tensor) => x.slice(null, null, 0).greater(-1);
			const run = (p: typeof params, x: Tensor, mask: Tensor) => {
				const { outputs, hidden } = layer.scan(p, x, { mask, reverse: true });
				return outputs.square().sum().add(hidden.h.sum());
			};
			const compiled = compile(valueAndGrad(run));
			const steps = sequences.map((x) => {
				const [value, gradient] = compiled(params, x, mask(x));
				const [expected, slopes] = valueAndGrad(run)(params, x, mask(x));
				near(value, expected, 1e-12);
				const wanted = treeLeaves(slopes);
				for (const [i, g] of treeLeaves(gradient).entries()) near(g, wanted[i]!, 1e-12);
				return compiled.explain(params, x, mask(x)).steps;
			});
			assert.is(steps[0]!.filter(({ runs }) => runs === "repeat").length, 2);
			assert.is(steps[0]!.length, steps[1]!.length);
		});

		test(`${name} refuses what is no sequence of its inputs`, () => {
			refuses(() => layer.apply(params, normal(1, [2, 3, 4])), ShapeError, `${name}: expected`);
			refuses(() => layer.apply(params, normal(1, [2, 2])), ShapeError, "samples×time×2");
			refuses(() => layer.apply(params, normal(1, [2, 0, 2])), ShapeError, "at least one place");
		});
	}

	test("the recurrent weights are orthogonal gate by gate, and the bias of the forget gate is 1", () => {
		const { wh, b } = lstm(3, 5).init(random.key(1), { dtype: "float32" });
		assert.is(wh.dtype, "float32");
		for (const gate of wh.split(4, 1) as Tensor[]) {
			near(gate.T.dot(gate).astype("float64"), eye(5), 1e-6);
		}
		same(b, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
		same(lstm(3, 5).start(2, { dtype: "float32" }).c, [
			[0, 0, 0, 0, 0],
			[0, 0, 0, 0, 0],
		]);
	});
});
