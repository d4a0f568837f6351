import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import * as a from "../../lib/index.ts";
import { ones } from "../../lib/index.ts";
import { suite } from "../suite.ts";

type Net = Record<"W" | "U" | "b", a.Tensor>;

/** A step of a recurrent net. */
const cell =
	({ W, U, b }: Net) =>
	(h: a.Tensor, x: a.Tensor) => {
		const next = x.dot(W).add(h.dot(U)).add(b).as("z").tanh().as("h");
		return [next, next] as const;
	};

const rnn = (net: Net, x: a.Tensor, h0: a.Tensor) => {
	const [, hs] = a.scan(cell(net), h0, x);
	return hs.square().sum();
};

/** The same with each step written out. */
const unrolled = (net: Net, x: a.Tensor, h0: a.Tensor) => {
	const all: a.Tensor[] = [];
	for (const at of a.unstack(x)) all.push(cell(net)(all.at(-1) ?? h0, at)[0]);
	return a.stack(all).square().sum();
};

const argumentsOf = (T: number, B: number, D: number, H: number) => ({
	net: { W: ones([D, H]), U: ones([H, H]), b: ones([H]) },
	...{ x: ones([T, B, D]), h0: ones([B, H]) },
});

const axes = {
	...{ W: ["D", "H"], U: ["H", "H"], b: ["H"] },
	...{ x: ["T", "B", "D"], h0: ["B", "H"] },
};

suite("derivation/cost", (test) => {
	test("a loop costs what its steps written out one by one do, and what its sums start with", () => {
		const args = argumentsOf(4, 2, 3, 5);
		const [loop, steps] = [derive(rnn, args).cost(), derive(unrolled, args).cost()];
		const operations = ({ lines }: typeof loop, variable: string) => {
			const named = new RegExp(`^${variable}(_\\d)?$`);
			return lines.reduce((sum, line) => sum + (named.test(line.variable) ? line.flops : 0), 0);
		};
		for (const variable of ["z", "h", "loss", "grad_z"]) {
			assert.is(operations(loop, variable), operations(steps, variable), variable);
		}
		// The first of the terms is added to zeros.
		assert.is(operations(loop, "grad_W"), operations(steps, "grad_W") + 3 * 5);
		assert.is(operations(loop, "grad_U"), operations(steps, "grad_U") + 5 * 5);
	});

	test("a line of a loop runs once for each step, and what is stored at each is kept", () => {
		const cost = derive(rnn, argumentsOf(4, 2, 3, 5), { axes }).cost();
		assert.equal(String(cost).split("\n").slice(0, 7), [
			"         FLOPs  bytes",
			"h            0    160",
			"hs_in        0    640  4 times, kept for grad_U",
			"z          720   2272  4 times",
			"h           40    640  4 times",
			"hs           0    640  4 times, kept for grad_hs, grad_z",
			"loss        80    328",
		]);
		// hs_in and hs.
		assert.is(cost.keptBytes, 2 * (4 * 2 * 5) * 8);
	});

	test("the number of steps is that at the arguments, special sizes or not", () => {
		const at = (T: number, B: number, D: number) =>
			derive(rnn, argumentsOf(T, B, D, 1), { axes }).cost();
		const [one, many] = [at(1, 1, 1), at(6, 1, 1)];
		const flopsOf = ({ lines }: typeof one, variable: string) =>
			lines.filter((line) => line.variable === variable).reduce((sum, { flops }) => sum + flops, 0);
		for (const variable of ["z", "h", "grad_z", "grad_W", "grad_h"]) {
			assert.is(flopsOf(many, variable), 6 * flopsOf(one, variable), variable);
		}
		assert.is(many.keptBytes, 6 * one.keptBytes);
	});

	test("a loop in the step of a loop runs so many times as both have steps together", () => {
		const f = (w: a.Tensor, x: a.Tensor) => {
			const inner = (g: a.Tensor) => a.fori(0, 3, (g: a.Tensor) => g.mul(w).sin().as("g"), g);
			return a.scan((h: a.Tensor, x: a.Tensor) => [inner(h.add(x)), null], ones([2]), x)[0].sum();
		};
		const { lines } = derive(f, { w: ones([2]), x: ones([5, 2]) }).cost();
		const times = lines.filter(({ variable }) => variable === "g").map(({ times }) => times);
		assert.equal(times, [5, 15]);
	});
});
