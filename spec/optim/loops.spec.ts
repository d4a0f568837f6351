import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { fori, random, scan, type Tensor, treeLeaves, valueAndGrad } from "../../lib/index.ts";
import {
	accumulate,
	adafactor,
	adam,
	adamW,
	lion,
	muon,
	nadam,
	type Optimizer,
	radam,
	rmsProp,
	sgd,
} from "../../lib/optim/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";

const steps = 6;
const params = {
	w: random.normal(random.key(1), [3, 2]),
	b: random.normal(random.key(2), [2]),
};
const xs = random.normal(random.key(3), [steps, 4, 3]);
const loss = ({ w, b }: typeof params, x: Tensor) => x.dot(w).add(b).tanh().square().sum();

const optimizers: readonly (readonly [name: string, optimizer: Optimizer<string>])[] = [
	["sgd", sgd({ learningRate: 0.1 })],
	["sgd with momentum", sgd({ learningRate: 0.1, momentum: 0.9 })],
	["adam", adam({ learningRate: (step) => step.add(1).reciprocal() })],
	["adamW", adamW({ learningRate: 0.1 })],
	["lion", lion({ learningRate: 0.1 })],
	["adam with amsgrad", adam({ learningRate: 0.1, amsgrad: true })],
	["nadam", nadam({ learningRate: 0.1 })],
	["radam", radam({ learningRate: 0.1, beta2: 0.9 })],
	["rmsProp with momentum", rmsProp({ learningRate: 0.1, momentum: 0.9, centered: true })],
	["adafactor", adafactor({ learningRate: 0.1 })],
	["muon", muon({ learningRate: 0.1 })],
	["adam of two gradients", accumulate(adam({ learningRate: 0.1 }), 2)],
];

suite("optim/loops", (test) => {
	for (const [name, optimizer] of optimizers) {
		const begin = { params, state: optimizer.init(params) };
		const step = ({ params, state }: typeof begin, x: Tensor) => {
			const [value, gradient] = valueAndGrad(loss)(params, x);
			const [next, after] = optimizer.update(gradient, state, params);
			return [{ params: next, state: after }, value] as const;
		};
		const all = (start: typeof begin, xs: Tensor) => scan(step, start, xs);

		test(`${steps} steps of ${name} in one scan are ${steps} single ones to the bit, and near when compiled`, () => {
			let now = begin;
			const values: Tensor[] = [];
			for (const x of xs) {
				const [next, value] = step(now, x);
				values.push(value);
				now = next;
			}
			const expected = treeLeaves([now, values]);
			const check = ([last, losses]: ReturnType<typeof all>, is: typeof same) => {
				const leaves = treeLeaves([last, losses.unstack()]);
				assert.is(leaves.length, expected.length);
				for (const [i, x] of leaves.entries()) is(x, expected[i]!);
			};
			check(all(begin, xs), same);
			check(compile(all)(begin, xs), near);
		});

		test(`${name} inside of fori, compiled, is the loop of JavaScript`, () => {
			const run = (start: typeof begin, x: Tensor) =>
				fori(0, steps, (now) => step(now, x)[0], start);
			const expected = treeLeaves(run(begin, xs.slice(0)));
			const compiled = treeLeaves(compile(run)(begin, xs.slice(0)));
			for (const [i, x] of compiled.entries()) near(x, expected[i]!, 1e-12);
		});
	}
});
