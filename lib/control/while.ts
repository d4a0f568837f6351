import { pack, packedType, unpack } from "../autodiff/packing.ts";
import { orZeros } from "../autodiff/run.ts";
import { isFloat } from "../core/dtype.ts";
import { GradientError } from "../core/error.ts";
import { apply, type Op, type TensorType } from "../core/op.ts";
import type { WhileParams } from "../core/op-lowering.ts";
import type { Tensor } from "../core/tensor.ts";
import { notEqual } from "../ops/comparison.ts";
import { any } from "../ops/reductions.ts";
import { interpret } from "../program/interpret.ts";
import type { Input, Program } from "../program/program.ts";
import { trace } from "../program/trace.ts";
import { batchOfProgram, type Examples, forAll, packEach } from "./batches.ts";
import { applyBranch } from "./branch.ts";
import { jointly, spread } from "./derivatives.ts";
import { loopOp } from "./loop.ts";
import { forwardLoop, forwardOf } from "./loop-derivatives.ts";
import { remember } from "./loop-origins.ts";
import type { LoopParams } from "./model.ts";
import { reachedOutputs, settled } from "./varying.ts";

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
	const op: Op<"whileLoop", WhileParams> = {
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
		batch: (inputs, _, batched, size, run) => {
			const examples = { size, run };
			const loop = {
				test,
				step,
				closed: inputs.slice(0, closed),
				carry: inputs.slice(closed),
				max,
			};
			const { loop: all, outputs } = batchOfWhile(loop, batched, examples);
			const last = applyWhile(all).map((x, i) => forAll(x, outputs[i]!, size));
			return packEach(last, packedType(types).dtype, examples);
		},
		lowering: "while",
		print: (args) => `whileLoop(${args.join(", ")})`,
	};
	if (bounded !== null) remember.bounded(op, () => ({ op: bounded(), params: counts }));
	return op;
}

/**
 * The same as a loop of so many steps, which leave the carry as it is once the test no longer
 * holds: then it holds no more.
 */
function boundedBy(test: Program, step: Program, { closed }: LoopParams): Op<"scan", LoopParams> {
	return loopOp(whileHolds(test, step, closed));
}

/** A step where the test holds, which else leaves the carry as it is. */
function whileHolds(test: Program, step: Program, closed: number): Program {
	const { inputs } = step;
	const idle: Program = { inputs, instructions: [], outputs: inputs.slice(closed) };
	return trace(typesOf(step), (args) =>
		applyBranch("cond", [idle, step], interpret(test, args)[0]!, args),
	).program;
}

/**
 * The loop for all examples of a batch. Where each has a test of its own, it goes on as long as one
 * holds, and the others keep their carry.
 */
function batchOfWhile(
	{ test, step, closed, carry, max }: Repetition,
	batched: readonly boolean[],
	examples: Examples,
): { readonly loop: Repetition; readonly outputs: readonly boolean[] } {
	const marksOf = (given: readonly boolean[]) =>
		settled((x) => reachedOutputs(step, x), given, closed.length, carry.length);
	const shared = marksOf(batched);
	const isEach = reachedOutputs(test, shared.inputs)[0]!;
	const { inputs, outputs } = isEach
		? marksOf(batched.map((is, i) => is || i >= closed.length))
		: shared;
	const stepping = isEach ? whileHolds(test, step, closed.length) : step;
	const testing = batchOfProgram(test, inputs, [isEach], examples);
	const anyHolds = (args: readonly Tensor[]) => any(notEqual(interpret(testing, args)[0]!, 0));
	const loop: Repetition = {
		test: isEach ? trace(typesOf(testing), (args) => [anyHolds(args)]).program : testing,
		step: batchOfProgram(stepping, inputs, outputs, examples),
		closed,
		carry: carry.map((x, i) => {
			const at = closed.length + i;
			return inputs[at] ? forAll(x, batched[at]!, examples.size) : x;
		}),
		max,
	};
	return { loop, outputs };
}

function typesOf({ inputs }: Program): TensorType[] {
	return inputs.map(({ type }) => type);
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
