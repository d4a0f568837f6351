import { random, stopGradient, type Tensor, tensor } from "../../../../lib/index.ts";
import { another } from "../../../another.ts";
import { byHand, type Cases, normal, withSlope } from "../case.ts";

const sine = (x: Tensor) => x.sin();

/** A mask of dropout that is another one for every call. */
function redrawn(): Tensor {
	const key = random.key(Math.floor(another() * 2 ** 31));
	return random.bernoulli(key, 0.5, [6]).astype("float64").mul(2);
}

const fixed = tensor([2, 0, 2, 2, 0, 2]);

/** What remains from call to call. */
const memory = { calls: 0, mean: 0, first: fixed, last: fixed, isFirst: true };

/** The slope where it was asked for first, from then on. */
function keptSlope(x: Tensor): Tensor {
	if (memory.isFirst) memory.first = stopGradient(x.cos());
	memory.isFirst = false;
	return memory.first;
}

/** Chance and memory, in the value or in the gradient. */
export const remembering: Cases = {
	"slope with noise of 1e-3": {
		says: "each call gives the slope another relative error of 1e-3",
		f: withSlope(sine, (x) => x.cos().mul(1 + 1e-3 * another())),
		at: [normal(1, [5])],
		expected: "not-deterministic",
	},
	"slope times 0 to 2": {
		says: "each call multiplies the slope by another number, of mean 1",
		f: withSlope(sine, (x) => x.cos().mul(2 * another())),
		at: [normal(1, [5])],
		expected: "not-deterministic",
	},
	"dropout, mask drawn again backward": {
		says: "the backward pass has another mask than the forward pass",
		f: byHand(
			(x) => x!.mul(fixed),
			(g) => g.mul(redrawn()),
		),
		at: [normal(1, [6])],
		expected: "not-deterministic",
	},
	"dropout of chance, sign wrong": {
		says: "each call has another mask, and the gradient the wrong sign",
		f: byHand(
			(x) => x!.mul(redrawn()),
			(g) => g.mul(redrawn()).neg(),
		),
		at: [normal(1, [6])],
		expected: "not-deterministic",
	},
	"sign that alternates": {
		says: "every other call gives the slope of the wrong sign",
		f: withSlope(sine, (x) => x.cos().mul(memory.calls++ % 2 === 0 ? 1 : -1)),
		at: [normal(1, [5])],
		expected: "not-deterministic",
	},
	"running mean moved by the value": {
		says: "each call of the function moves the mean that it takes off",
		f: (x) => {
			memory.mean = 0.9 * memory.mean + 0.1 * x!.mean().item();
			return x!.sub(memory.mean).square();
		},
		at: [normal(1, [5])],
		expected: "not-deterministic",
	},
	"slope kept from the first call": {
		says: "the slope is computed where it is asked for first, and kept for every other point",
		f: withSlope(sine, keptSlope),
		at: [normal(1, [5])],
		expected: "fail",
	},
	"slope at the point of the last value": {
		says: "the slope is that of the x at which the function was called last, anywhere",
		f: byHand(
			(x) => {
				memory.last = x!;
				return x!.square();
			},
			(g) => g.mul(memory.last!.mul(2)),
		),
		at: [normal(1, [5])],
		expected: "not-deterministic",
	},
};
