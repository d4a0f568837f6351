import * as fc from "fast-check";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { randomDirection } from "../../lib/check/derivatives.ts";
import { programs } from "../../lib/check/programs.ts";
import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { apply, type Op } from "../../lib/core/op.ts";
import { random, type Tensor, vjp } from "../../lib/index.ts";
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
/** The records of the ops that can be tried, those that draw random numbers included. */
export const ops: readonly Op[] = [
	...records,
	...Object.values(random).flatMap((f) => ("op" in f ? [f.op as Op] : [])),
].filter(({ sample }) => sample !== undefined);

/** Samples of an op with what goes back through it. */
export function opCases(op: Op): Case[] {
	const cases = Array.from({ length: 2 * SAMPLES }, (_, i) => opCase(op, i + 1));
	return cases.filter((one) => one !== null).slice(0, SAMPLES);
}

/** An op on arguments of a sample, with what goes back to those that can be differentiated. */
function opCase(op: Op, seed: number): Case | null {
	const draw = drawFrom(numbersFrom(seed));
	const { inputs, params } = op.sample!(draw);
	if (!isAskedFor(op, params)) return null;
	const out = apply(op, inputs, params);
	const isVarying = op.differential !== null && isFloat(out.dtype);
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
			const [value, back] = vjp((varying: readonly Tensor[]) => {
				const next = [...varying];
				return apply(
					op,
					own.map((x, i) => (floats[i] ? next.shift()! : x)),
					params,
				);
			}, by);
			return [value, ...back(args.at(-1)!)];
		},
	};
}

/** Random programs with their gradients. */
export function programCases(seed: number, runs: number): Case[] {
	const drawn = fc.sample(fc.tuple(programs(), draws()), { seed, numRuns: runs });
	return drawn.map(([program, draw], i): Case => {
		const { args } = program;
		const u = program.run(args).map((y) => randomDirection(y, draw));
		return {
			name: `program ${i} of seed ${seed}`,
			args: [...args, ...u],
			f: (all) => {
				const [values, back] = vjp(program.run, all.slice(0, args.length));
				return [...values, ...back(all.slice(args.length))];
			},
			tolerance: PROGRAM,
		};
	});
}

/** Random programs with loops, branches and batches, and their gradients. */
export function loopCases(seed: number, runs: number): Case[] {
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
				return [...run(own), ...vjp(smooth, own)[1](all.slice(args.length))];
			},
			tolerance: String(program).includes('"float32"') ? SINGLE : PROGRAM,
		};
	});
}
