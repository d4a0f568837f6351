// Every op and its derivative, and random programs with theirs, to be written as modules for JAX.

import * as fc from "fast-check";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { randomDirection } from "../../lib/check/derivatives.ts";
import { programs } from "../../lib/check/programs.ts";
import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { apply, type Op } from "../../lib/core/op.ts";
import {
	arange,
	concat,
	fori,
	ones,
	random,
	scan,
	type Tensor,
	tensor,
	valueAndGrad,
	vjp,
	vmap,
	zeros,
} from "../../lib/index.ts";
import { isAskedFor } from "../asked-for.ts";
import { ours } from "../fuzz/loops/control.ts";
import { loopPrograms } from "../fuzz/loops/programs.ts";

/** A function of a list of tensors that gives a list of tensors, with arguments to try it on. */
export interface Case {
	readonly name: string;
	readonly f: (args: readonly Tensor[]) => readonly Tensor[];
	readonly args: readonly Tensor[];
	/** How far results may be off, of 1 or of their greatest element. */
	readonly tolerance: number;
}

const SAMPLES = 3;
const OP = 1e-12;
/** What rounding makes of one order and another of sums, in a chain of ops. */
const PROGRAM = 1e-9;
/** The same where there is float32. */
const SINGLE = 1e-3;
/** Points at which JAX has another gradient, or none. */
const OTHERS_IN_JAX: Readonly<Record<string, (x: Tensor, out: Tensor) => boolean>> = {
	determinant: (x) => x.size === 0,
	std: (_, out) => out.size > 0 && out.min().item() === 0,
};
/** The records of the ops that can be tried, those that draw random numbers included. */
export const ops: readonly Op[] = [
	...records,
	...Object.values(random).flatMap((f) => ("op" in f ? [f.op as Op] : [])),
].filter(({ sample }) => sample !== undefined);

type Vector = readonly Tensor[];

/** The results of a function, and what cotangents of them become on the way back. */
export type Back = (f: (x: Vector) => Vector, x: Vector, g: Vector) => readonly [Vector, Vector];

/** By our own derivative, taken back line by line. */
export const byPullback: Back = (f, x, g) => {
	const [values, back] = vjp(f, x);
	return [values, back(g)];
};

/** By the gradient of a sum, which may be left to JAX. */
export const byGradient: Back = (f, x, g) => {
	const weighed = (x: Vector): [Tensor, Vector] => {
		const values = f(x);
		const sums = values.map((y, i) => y.mul(g[i]!).sum().astype("float64"));
		return [sums.reduce((a, b) => a.add(b), tensor(0)), values];
	};
	const [[, values], gradients] = valueAndGrad(weighed)(x);
	return [values, gradients];
};

/** An op on arguments of a sample, with what goes back to those that can be differentiated. */
function opCase(op: Op, seed: number, back: Back): Case | null {
	const draw = drawFrom(numbersFrom(seed));
	const { inputs, params } = op.sample!(draw);
	if (!isAskedFor(op, params)) return null;
	const out = apply(op, inputs, params);
	const isVarying = op.differential !== null && isFloat(out.dtype);
	const isLeft = back === byGradient;
	if (isLeft && (!isVarying || OTHERS_IN_JAX[op.name]?.(inputs[0]!, out))) return null;
	if (!isVarying)
		return {
			name: `${op.name} of sample ${seed}`,
			f: (args) => [apply(op, args, params)],
			args: inputs,
			tolerance: OP,
		};
	const floats = inputs.map(({ dtype }) => isFloat(dtype));
	return {
		name: `${op.name} of sample ${seed}`,
		args: [...inputs, draw.tensor(out.shape)],
		tolerance: OP,
		f: (args) => {
			const own = args.slice(0, -1);
			const by = own.filter((_, i) => floats[i]);
			const f = (varying: Vector) => {
				const next = [...varying];
				const all = own.map((x, i) => (floats[i] ? next.shift()! : x));
				return [apply(op, all, params)];
			};
			return back(f, by, args.slice(-1)).flat();
		},
	};
}

/** A random program with its gradient. */
export function programCases(seed: number, runs: number, back: Back = byPullback): Case[] {
	const drawn = fc.sample(fc.tuple(programs(), draws()), { seed, numRuns: runs });
	// At equal numbers a deviation has another gradient in JAX.
	const alike = drawn.filter(([program]) => back !== byGradient || !/\bstd\b/.test(`${program}`));
	return alike.map(([program, draw], i): Case => {
		const { args } = program;
		const u = program.run(args).map((y) => randomDirection(y, draw));
		return {
			name: `program ${i} of seed ${seed}`,
			args: [...args, ...u],
			f: (all) => back(program.run, all.slice(0, args.length), all.slice(args.length)).flat(),
			tolerance: PROGRAM,
		};
	});
}

/** A random program with loops, branches and batches, and its gradient. */
export function loopCases(seed: number, runs: number, back: Back = byPullback): Case[] {
	const drawn = fc.sample(fc.tuple(loopPrograms(), draws()), { seed, numRuns: runs });
	return drawn.map(([program, draw], i): Case => {
		const { args } = program;
		const run = program.by(ours);
		const isSmooth = run(args).map(({ dtype }) => isFloat(dtype));
		const smooth = (x: readonly Tensor[]) => run(x).filter((_, k) => isSmooth[k]);
		const u = smooth(args).map((y) => randomDirection(y, draw).astype(y.dtype));
		return {
			name: `loops ${i} of seed ${seed}`,
			args: [...args, ...u],
			f: (all) => {
				const own = all.slice(0, args.length);
				return [...run(own), ...back(smooth, own, all.slice(args.length))[1]];
			},
			tolerance: String(program).includes('"float32"') ? SINGLE : PROGRAM,
		};
	});
}

/** Loops in loops with their gradients, which hand on all that the inner ones keep. */
export function nestedCases(back: Back = byPullback): Case[] {
	const loops: Readonly<Record<string, (h: Tensor, e: Tensor) => [Tensor, Tensor]>> = {
		"with a carry": (h, e) => scan((c: Tensor, d: Tensor) => [c.sin().mul(d), c.tanh()], h, e),
		"without a carry": (h, e) => {
			const [, made] = scan((c: Tensor, d: Tensor) => [c, d.mul(h).tanh()], zeros([0]), e);
			return [h.add(made.sum()), made];
		},
		"of two dtypes": (h, e) => {
			const step = (c: Tensor, d: Tensor): [Tensor, Tensor] => {
				const single = d.astype("float32").tanh();
				return [c.sin().mul(single.exp().astype("float64")), single];
			};
			return scan(step, h, e);
		},
		"in two": (h, e) =>
			scan(
				(c: Tensor, d: Tensor) => fori(0, 2, ([c, y]) => [c.sin().mul(d), y.mul(c)], [c, d]),
				h,
				e,
			),
	};
	const args = [
		tensor([
			[0.5, -1, 2],
			[1, 0.25, -0.75],
		]),
		tensor(0.5),
		ones([]),
		ones([2, 3]),
	];
	return Object.entries(loops).map(([name, loop]): Case => {
		const f = ([x, h]: Vector): Vector => {
			const [last, made] = scan(loop, h!, x!);
			return [last, made.astype("float64")];
		};
		const tolerance = name === "of two dtypes" ? SINGLE : PROGRAM;
		return {
			name: `loops in loops ${name}`,
			args,
			f: (all) => back(f, all.slice(0, 2), all.slice(2)).flat(),
			tolerance,
		};
	});
}

/** Samples of an op with what goes back through it. */
export function opCases(op: Op, back: Back = byPullback): Case[] {
	const cases = Array.from({ length: 2 * SAMPLES }, (_, i) => opCase(op, i + 1, back));
	return cases.filter((one) => one !== null).slice(0, SAMPLES);
}

const DRAWS = 200_000;
/** What the mean and the spread of so many draws may be off. */
const MOMENT = 0.02;

/** The mean and the spread of random numbers, which do not depend on who draws them. */
export function drawCases(): Case[] {
	const { uniform, normal, truncatedNormal, randint, bernoulli, categorical } = random;
	const shape = [2, DRAWS / 2];
	const draws: Readonly<Record<string, (key: Tensor, keys: Tensor, logits: Tensor) => Tensor>> = {
		uniform: (key) => uniform(key, shape),
		normal: (key) => normal(key, shape),
		truncatedNormal: (key) => truncatedNormal(key, shape),
		randint: (key) => randint(key, shape, -3, 4),
		bernoulli: (key) => bernoulli(key, 0.3, shape),
		categorical: (key, _, logits) => categorical(key, logits, { shape }),
		poisson: (key) => random.poisson(key, 3.5, shape),
		binomial: (key) => random.binomial(key, 9, 0.3, shape),
		logGamma: (key) => random.logGamma(key, 2.5, shape),
		choice: (_, keys, logits) =>
			vmap((own: Tensor) => random.choice(own, 4, [2], { replace: false, p: logits.exp() }))(keys),
		split: (key) => concat(random.split(key).map((own) => normal(own, shape))),
		"each of a batch": (_, keys) => vmap((own: Tensor) => normal(own, [10]))(keys),
		permutation: (_, keys) => vmap((own: Tensor) => random.permutation(own, 5).slice([0, 2]))(keys),
	};
	const numbers = arange(DRAWS / 10, { dtype: "int32" });
	const keys = vmap((i: Tensor) => random.foldIn(random.key(8), i))(numbers);
	return Object.entries(draws).map(([name, draw]) => ({
		name: `draws of ${name}`,
		args: [random.key(7), keys, tensor([0, 1, -1, 0.5])],
		tolerance: MOMENT,
		f: ([key, keys, logits]) => {
			const x = draw(key!, keys!, logits!).astype("float64");
			return [x.mean(), x.std(), x.std([0]).mean()];
		},
	}));
}
