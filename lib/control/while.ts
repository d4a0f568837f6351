import { orZeros } from "../autodiff/run.ts";
import { isFloat } from "../core/dtype.ts";
import { GradientError } from "../core/error.ts";
import { apply, type Op } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import { interpret } from "../program/interpret.ts";
import type { Input, Program } from "../program/program.ts";
import { trace } from "../program/trace.ts";
import { applyBranch } from "./branch.ts";
import { jointly, spread } from "./derivatives.ts";
import { loopOp } from "./loop.ts";
import { forwardLoop, forwardOf } from "./loop-derivatives.ts";
import type { LoopParams } from "./model.ts";
import { pack, packedType, unpack } from "./pack.ts";

/** What a loop with a test takes besides tensors. */
type WhileParams = {
	/** How many of its inputs are the same at each step; the others are the carry. */
	readonly closed: number;
	/** How many steps it takes at most; null: as many as it likes. */
	readonly max: number | null;
};

/** A loop with a test: both programs take what is closed over and the carry. */
export interface Repetition {
	readonly test: Program;
	readonly step: Program;
	readonly closed: readonly Tensor[];
	readonly carry: readonly Tensor[];
	readonly max: number | null;
}

/** Runs a loop with a test as one op; gives the last carry. */
export function applyWhile({ test, step, closed, carry, max }: Repetition): Tensor[] {
	if (carry.length === 0) return [];
	const op = whileOp(test, step, closed.length, max);
	const out = apply(op, [...closed, ...carry], { closed: closed.length, max });
	return unpack(
		out,
		step.outputs.map(({ type }) => type),
	);
}

/** The op that repeats a step as long as a test holds. */
function whileOp(
	test: Program,
	step: Program,
	closed: number,
	max: number | null,
): Op<"whileLoop", WhileParams> {
	const types = step.outputs.map(({ type }) => type);
	const counts = { closed, carried: types.length, length: max ?? 0, reverse: false, again: false };
	const bounded = max === null ? null : once(() => boundedBy(test, step, counts));
	const forward: Op<"whileLoop", WhileParams>["differential"] = jointly(
		"whileLoop",
		(inputs, out) => ({
			varies: inputs.map(({ dtype }) => isFloat(dtype)),
			push: (tangents) => {
				const given = tangents.map((x) => x !== null);
				const moving = forwardOf(step, given, counts);
				const { closed, carry } = forwardLoop(moving, inputs, counts, tangents);
				const testing = withMore(test, moving.body.inputs, counts.closed, closed.length);
				const moved = applyWhile({ test: testing, step: moving.body, closed, carry, max });
				const made = spread(moved.slice(types.length), moving.outputs);
				return pack(orZeros(made, types), out.dtype);
			},
			pull: () => {
				throw new GradientError(
					"whileLoop: how many steps there are is known only once they are done, so a recorded loop has no gradient in " +
						"reverse mode; say how many there are at most, { max: 100 }, or take the derivative forward, with jvp or linearize",
				);
			},
		}),
	);
	return {
		name: "whileLoop",
		bodies: {
			programs: [test, step],
			with: ([test, step]) => whileOp(test as Program, step as Program, closed, max),
		},
		infer: () => packedType(types),
		evaluate: (inputs, _, { dtype }) => {
			const fixed = inputs.slice(0, closed);
			let carry = inputs.slice(closed);
			for (let steps = 0; steps < (max ?? Number.POSITIVE_INFINITY); steps++) {
				const args = [...fixed, ...carry];
				if (interpret(test, args)[0]!.item() === 0) break;
				carry = interpret(step, args);
			}
			return pack(carry, dtype);
		},
		...(bounded && {
			linearized: (inputs, _, varies) => bounded().linearized!(inputs, counts, varies),
		}),
		differential:
			bounded === null
				? forward
				: (i, inputs, out) => bounded().differential!(i, inputs, out, counts),
		print: (args) => `whileLoop(${args.join(", ")})`,
	};
}

/**
 * The same as a loop of so many steps, which leave the carry as it is once the test no longer
 * holds: then it holds no more.
 */
function boundedBy(test: Program, step: Program, { closed }: LoopParams): Op<"scan", LoopParams> {
	const { inputs } = step;
	const idle: Program = { inputs, instructions: [], outputs: inputs.slice(closed) };
	const { program } = trace(
		inputs.map(({ type }) => type),
		(args) => applyBranch("cond", [idle, step], interpret(test, args)[0]!, args),
	);
	return loopOp(program);
}

function once<T>(make: () => T): () => T {
	let made: T | undefined;
	return () => {
		made ??= make();
		return made;
	};
}

/**
 * A program of what is closed over and the carry, among inputs of which more are of either kind: it
 * reads the first ones of each.
 * @param closed how many it takes of the former; among the inputs there are `more`
 */
function withMore(
	{ inputs, instructions, outputs }: Program,
	among: readonly Input[],
	closed: number,
	more: number,
): Program {
	const carried = inputs.length - closed;
	const all = among.map(({ type }, i): Input => {
		if (i < closed) return inputs[i]!;
		if (i >= more && i < more + carried) return inputs[closed + i - more]!;
		return { kind: "input", type };
	});
	return { inputs: all, instructions, outputs };
}
