import type { Tensor } from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import * as b from "./big-float.ts";
import * as f from "./big-functions.ts";
import type { Definition } from "./elementwise.ts";
import { sigmoid, softplus, tanh } from "./elementwise.ts";
import type { Jet } from "./jets.ts";
import * as j from "./jets.ts";

// What the activations and losses of lib/nn are in a textbook. They are made of ops.

/** A function and what it should be. */
export interface Composition extends Definition {
	readonly op: (...args: Tensor[]) => Tensor;
}

const isPositive = (x: Jet) => b.sign(x.v) > 0;
const size = (x: Jet) => (isPositive(x) ? x : j.neg(x));
const isAbove = (x: Jet, y: number) => b.compare(x.v, b.big(y)) > 0;
/** x kept between two numbers. */
const kept = (x: Jet, low: number, high: number): Jet =>
	isAbove(x, high) ? j.constant(high) : isAbove(x, low) ? x : j.constant(low);
const line = (x: Jet) => j.add(j.div(x, 6), 0.5);
const hard = (x: Jet) => kept(line(x), 0, 1);
const elu = (x: Jet, alpha: number) => (isPositive(x) ? x : j.mul(alpha, j.expm1(x)));

function inner(x: Jet): Jet {
	const cube = j.mul(0.044715, j.mul(x, j.square(x)));
	return j.mul(j.sqrt(j.div(2, j.constant(f.pi()))), j.add(x, cube));
}
/** The size of 2·u, roughly. */
const twiceInner = (x: number) => 1.6 * Math.abs(x + 0.044715 * x ** 3);
/** (1 + tanh u) / 2 */
const share = (x: Jet) => sigmoid(j.mul(2, inner(x)));
const rate = (x: Jet) => tanh(softplus(x));

/** The terms of the derivatives of x·s. */
const termsOf = (s: (x: Jet) => Jet) => (x: Jet) => {
	const at = s(x);
	return { x: [at.v, b.mul(x.v, at.x)], xx: [b.scaled(at.x, 1), b.mul(x.v, at.xx)] };
};

const none = { reduction: "none" } as const;

export const compositions: Record<string, Composition> = {
	leakyRelu: {
		op: (x) => nn.leakyRelu(x!),
		arity: 1,
		of: (x) => (isPositive(x) ? x : j.mul(0.01, x)),
	},
	elu: { op: (x) => nn.elu(x!), arity: 1, of: (x) => elu(x, 1) },
	selu: {
		op: (x) => nn.selu(x!),
		arity: 1,
		of: (x) => j.mul(1.0507009873554805, elu(x, 1.6732632423543772)),
	},
	// Where eˣ is below all normal numbers it is rounded by half a unit of its own, which x
	// multiplies; and softplus(x) is rounded, which the slope of tanh shows as often as x says.
	mish: {
		op: (x) => nn.mish(x!),
		arity: 1,
		of: (x) => j.mul(x, rate(x)),
		where: (x, _, [least]) => x >= least * Math.LN2,
		terms: termsOf(rate),
		slack: (x) => Math.min(Math.abs(x), 40),
	},
	hardSigmoid: { op: (x) => nn.hardSigmoid(x!), arity: 1, of: hard },
	hardSwish: {
		op: (x) => nn.hardSwish(x!),
		arity: 1,
		of: (x) => j.mul(x, hard(x)),
		terms: termsOf(hard),
	},
	softsign: { op: (x) => nn.softsign(x!), arity: 1, of: (x) => j.div(x, j.add(1, size(x))) },
	// 2·u is rounded a few times, which an exponential shows as often as 2·u says; where that is
	// below all normal numbers it is rounded by half a unit of its own, which slopes of u multiply.
	geluTanh: {
		op: (x) => nn.geluTanh(x!),
		arity: 1,
		of: (x) => j.mul(x, share(x)),
		terms: termsOf(share),
		where: (x, _, [least]) => {
			const exponent = twiceInner(x) * Math.LOG2E;
			return exponent < -least || exponent > 80 - least;
		},
		slack: (x) => 3 * Math.min(twiceInner(x), 745),
	},
	squaredError: {
		op: (x, y) => nn.squaredError(x!, y!, none),
		arity: 2,
		of: (x, y) => j.square(j.sub(x, y)),
	},
	// Where x − y is rounded to the kink it is on its other side.
	huberLoss: {
		op: (x, y) => nn.huberLoss(x!, y!, none),
		arity: 2,
		where: (x, y) => Math.fround(Math.abs(x - y)) !== 1,
		of: (x, y) => {
			const r = size(j.sub(x, y));
			return isAbove(r, 1) ? j.sub(r, 0.5) : j.mul(0.5, j.square(r));
		},
	},
	binaryCrossEntropy: {
		op: (x, y) => nn.binaryCrossEntropy(x!, y!, none),
		arity: 2,
		of: (x, p) => j.add(j.mul(p, softplus(j.neg(x))), j.mul(j.sub(1, p), softplus(x))),
		where: (_, p) => p >= 0 && p <= 1,
		terms: (x, p) => ({
			x: [p.v, sigmoid(x).v],
			y: [softplus(x).v, softplus(j.neg(x)).v],
		}),
	},
	hingeLoss: {
		op: (x, y) => nn.hingeLoss(x!, y!, none),
		arity: 2,
		of: (x, y) => {
			const margin = j.sub(1, j.mul(x, y));
			return isPositive(margin) ? margin : j.constant(0);
		},
		terms: (x, y) => ({ v: [b.ONE, b.mul(x.v, y.v)] }),
	},
	// A sum that is too large is not halved in time.
	klToStandardNormal: {
		op: (x, y) => nn.klToStandardNormal(x!, y!, none),
		arity: 2,
		where: (x, y, [, greatest]) => Math.log2(x * x + Math.exp(y)) < greatest,
		of: (x, y) => j.mul(0.5, j.add(j.square(x), j.sub(j.expm1(y), y))),
	},
};
