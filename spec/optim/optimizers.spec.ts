import * as assert from "uvu/assert";
import { flatten } from "../../lib/core/tree.ts";
import { DomainError, GradientError, mapTree, type Tensor, treeLeaves } from "../../lib/index.ts";
import {
	adadelta,
	adafactor,
	adagrad,
	adam,
	adamax,
	adamW,
	lamb,
	lars,
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
import { references } from "./references.ts";

const learningRate = 0.1;

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
			adadelta({ learningRate }),
			adamax({ learningRate }),
			lamb({ learningRate }),
			lars({ learningRate }),
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
