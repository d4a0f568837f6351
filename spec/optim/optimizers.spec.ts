import * as assert from "uvu/assert";
import { flatten } from "../../lib/core/tree.ts";
import { DomainError, GradientError, mapTree, type Tensor, treeLeaves } from "../../lib/index.ts";
import {
	adafactor,
	adagrad,
	adam,
	adamW,
	lion,
	muon,
	nadam,
	type Optimizer,
	radam,
	rmsProp,
	schedules,
	sgd,
} from "../../lib/optim/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { trace } from "../../lib/program/trace.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { type Params, someGradient, start, updated } from "./problem.ts";

const learningRate = 0.1;

/**
 * w and b after three updates, by torch.optim of PyTorch 2.15 in float64; Lion's by a transcription
 * of the paper's algorithm 2 into NumPy.
 */
const references: readonly [string, Optimizer, number[], number][] = [
	[
		"sgd",
		sgd({ learningRate }),
		[0.234182421875, -1.2112550781249998, 1.999713671875],
		0.1581120968826293,
	],
	[
		"sgd with momentum",
		sgd({ learningRate, momentum: 0.9 }),
		[-0.01669257812500003, -1.1898800781249999, 1.986213671875],
		-0.4594067620040896,
	],
	[
		"sgd with Nesterov's momentum",
		sgd({ learningRate, momentum: 0.9, nesterov: true }),
		[-0.020527013007812477, -1.0117384505078124, 2.135482455742187],
		-0.7438632712749538,
	],
	[
		"sgd with weight decay",
		sgd({ learningRate, momentum: 0.9, weightDecay: 0.1 }),
		[-0.03383170312500009, -1.120092453125, 1.8764667968750002],
		-0.47865882465553483,
	],
	[
		"adam",
		adam({ learningRate }),
		[0.20329735635397606, -1.3782384465885005, 1.7107348888627572],
		0.4564099423796908,
	],
	[
		"adam with other options",
		adam({ learningRate, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }),
		[0.20467918467163798, -1.3648697637863558, 1.7146110036673607],
		0.458228704549285,
	],
	[
		"adamW",
		adamW({ learningRate, weightDecay: 0.1 }),
		[0.19176151878408568, -1.337349481057547, 1.6549672304507457],
		0.43776862635393055,
	],
	[
		"rmsProp",
		rmsProp({ learningRate }),
		[-0.14601004152895083, -0.9709020299185911, 2.308861380491736],
		-0.01563810037260735,
	],
	[
		"adam with weight decay and amsgrad",
		adam({ learningRate, weightDecay: 0.2, amsgrad: true, beta1: 0.8, beta2: 0.5 }),
		[0.20033016539876225, -0.9589652085859094, 1.6993100317429168],
		0.4501615888158593,
	],
	[
		"adamW with amsgrad",
		adamW({ learningRate, weightDecay: 0.2, amsgrad: true, beta1: 0.8, beta2: 0.5 }),
		[0.17784285686065163, -1.2808676255475164, 1.6040932087513577],
		0.41729289494652566,
	],
	[
		"nadam",
		nadam({ learningRate }),
		[0.25947825715482775, -1.2737233927772265, 1.7798260950432288],
		0.518124893208982,
	],
	[
		"radam",
		radam({ learningRate, beta2: 0.85 }),
		[0.18865700560788498, -1.2422786129588268, 1.9686567628422995],
		0.04055332428018116,
	],
	[
		"rmsProp with momentum",
		rmsProp({ learningRate, momentum: 0.9 }),
		[-0.49476850642211123, -1.2801664752020323, 1.8489204809304116],
		-0.8676793676908257,
	],
	[
		"rmsProp with momentum, centered, with weight decay",
		rmsProp({ learningRate: 0.01, momentum: 0.9, centered: true, weightDecay: 0.2, decay: 0.9 }),
		[0.3418568556211987, -1.0850553469497601, 1.8415100810753562],
		0.5921524077395721,
	],
	[
		"adafactor",
		adafactor({ learningRate: 0.5 }),
		[-0.3946541690354986, -0.9169915759569507, 0.7015177460681293],
		0.3852826015433027,
	],
	[
		"muon",
		muon({ learningRate }),
		[0.1897402753263257, -1.4736282857483765, 1.64332221788989],
		0.6863545344046776,
	],
	[
		"adagrad",
		adagrad({ learningRate }),
		[0.28636511247280183, -1.279456702731153, 1.803695120006735],
		0.5440437237751594,
	],
	[
		"lion",
		lion({ learningRate, weightDecay: 0.1 }),
		[0.1881395, -1.11188375, 1.643588],
		0.43071425,
	],
];

suite("optim/optimizers", (test) => {
	for (const [name, optimizer, w, b] of references) {
		test(`three updates of ${name} are those of the reference`, () => {
			const { params, state } = updated(optimizer, 3);
			near(params.w, w, 1e-12);
			near(params.rest[0]!.b, [[b]], 1e-12);
			same(state.step, 3);
		});

		test(`${name} traced, with its state, gives the same bits`, () => {
			const all = { params: start, state: updated(optimizer, 2).state, gradient: someGradient(1) };
			const { leaves, rebuild } = flatten("spec", all, "tree");
			const step = (given: readonly Tensor[]) => {
				const { params, state, gradient } = rebuild(given);
				return treeLeaves(optimizer.update(gradient, state, params));
			};
			const actual = interpret(trace(leaves, step).program, leaves);
			for (const [i, expected] of step(leaves).entries()) same(actual[i]!, expected);
		});

		test(`${name} keeps float32, near float64`, () => {
			const narrow = mapTree((x) => x.astype("float32"), start);
			const { params, state } = updated(optimizer, 3, narrow);
			for (const x of treeLeaves([params, { ...state, step: params.w }])) {
				assert.is(x.dtype, "float32");
			}
			near(params.w.astype("float64"), w, 1e-5);
		});
	}

	test("the first step of adam has the size of the learning rate, whatever that of the gradient", () => {
		const tiny = mapTree((g) => g.mul(1e-4), someGradient(1));
		const optimizer = adam({ learningRate });
		const [{ w }] = optimizer.update(tiny, optimizer.init(start), start);
		near(start.w.sub(w), tiny.w.sign().mul(learningRate), 1e-3);
	});

	test("a parameter whose gradient is 0 stays where it is", () => {
		const zero = mapTree((x) => x.mul(0), start);
		const all: Optimizer[] = [
			adam({ learningRate }),
			rmsProp({ learningRate }),
			adagrad({ learningRate }),
			rmsProp({ learningRate, momentum: 0.9, centered: true }),
			nadam({ learningRate }),
			radam({ learningRate }),
			adafactor({ learningRate }),
			muon({ learningRate, weightDecay: 0 }),
		];
		for (const optimizer of all) {
			const [{ w, rest }] = optimizer.update(zero, optimizer.init(start), start);
			same(w, start.w);
			same(rest[0]!.b, start.rest[0]!.b);
		}
	});

	test("weight decay leaves alone what it is told to", () => {
		const seen: string[] = [];
		const decays = (path: string, x: Tensor) => {
			seen.push(path);
			return x.rank > 1;
		};
		const zero = mapTree((x) => x.mul(0), start);
		const optimizer = adamW({ learningRate, weightDecay: 0.5, decays });
		const [{ w, rest }] = optimizer.update(zero, optimizer.init(start), start);
		same(w, start.w);
		near(rest[0]!.b, start.rest[0]!.b.mul(0.95));
		assert.equal(seen, [".w", ".rest[0].b"]);
	});

	test("the learning rate may be a function of the number of updates made", () => {
		const learningRate = schedules.step({ initial: 1, every: 1, factor: 0.5 });
		const optimizer = sgd({ learningRate });
		const g = someGradient(1);
		let [params, state] = [start, optimizer.init(start)];
		for (let i = 0; i < 3; i++) [params, state] = optimizer.update(g, state, params);
		near(params.w, start.w.sub(g.w.mul(1.75)));
		const own = sgd({ learningRate: (step) => step.add(1).reciprocal() });
		near(own.update(g, own.init(start), start)[0].w, start.w.sub(g.w));
	});

	test("neither parameters nor state are changed", () => {
		const optimizer = adam({ learningRate });
		const { state, params } = updated(optimizer, 2);
		const before = treeLeaves([state, params]).map((x) => [...x.data]);
		optimizer.update(someGradient(3), state, params);
		assert.equal(
			treeLeaves([state, params]).map((x) => [...x.data]),
			before,
		);
	});

	test("a gradient or a state of another structure is refused by name", () => {
		const optimizer = adam({ learningRate });
		const state = optimizer.init(start);
		const wrong = { w: start.w } as unknown as Params;
		refuses(
			() => optimizer.update(wrong, state, start),
			GradientError,
			"adam: expected the gradient",
		);
		refuses(
			() => optimizer.update(start, { ...state, v: wrong }, start),
			GradientError,
			"adam: expected the state.v",
		);
	});

	test("the slots are those that the options ask for", () => {
		const slots = (optimizer: Optimizer) => Object.keys(optimizer.init(start)).sort();
		assert.equal(slots(adam({ learningRate })), ["m", "step", "v"]);
		assert.equal(slots(adam({ learningRate, amsgrad: true })), ["m", "step", "v", "vMax"]);
		assert.equal(slots(rmsProp({ learningRate })), ["step", "v"]);
		const all = rmsProp({ learningRate, momentum: 0.5, centered: true }).init(start);
		assert.equal(
			[all.mean, all.velocity, all.v].map(({ w }) => w.size),
			[3, 3, 3],
		);
	});

	test("options out of range are refused", () => {
		refuses(() => sgd({ learningRate, momentum: 1 }), DomainError, "sgd: expected momentum");
		refuses(() => adam({ learningRate, beta1: -0.1 }), DomainError, "adam: expected beta1");
		refuses(
			() => rmsProp({ learningRate, momentum: 1 }),
			DomainError,
			"rmsProp: expected momentum",
		);
		refuses(() => adafactor({ learningRate, decayExponent: 1 }), DomainError, "a number up to 0");
		refuses(() => muon({ learningRate, iterations: 0 }), DomainError, "muon: expected iterations");
		refuses(() => lion({ learningRate, beta2: Number.NaN }), DomainError, "lion: expected beta2");
	});
});
