import { pack } from "../autodiff/packing.ts";
import type { DType } from "../core/dtype.ts";
import type { BatchRun, TensorType } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import { interpret } from "../program/interpret.ts";
import type { Program } from "../program/program.ts";
import { trace } from "../program/trace.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { moveAxis } from "../structure/layout.ts";
import { marked } from "./derivatives.ts";
import type { LoopParams, Recurrence } from "./model.ts";
import { reachedOutputs, settled } from "./varying.ts";

/** The examples of a batch: how many, and what runs a function of one for all. */
export interface Examples {
	readonly size: number;
	readonly run: BatchRun;
}

/**
 * A program of one example as one of a batch.
 * @param batched which inputs have the examples along a first axis
 * @param outputs which outputs shall have them; the others are the same for all
 */
export function batchOfProgram(
	program: Program,
	batched: readonly boolean[],
	outputs: readonly boolean[],
	{ size, run }: Examples,
): Program {
	const types = program.inputs.map(({ type: { shape, dtype } }, i): TensorType => {
		return { shape: batched[i] ? [size, ...shape] : shape, dtype };
	});
	return trace(types, (args) => {
		let results: readonly Tensor[] = [];
		const full = run(size, args, batched, (one) => {
			results = interpret(program, one);
			return marked(results, outputs);
		}).values();
		return results.map((same, i) => (outputs[i] ? full.next().value! : same));
	}).program;
}

/** A value for each example, along a first axis. */
export function forAll(x: Tensor, isBatched: boolean, size: number): Tensor {
	return isBatched ? x : broadcastTo(x, [size, ...x.shape]);
}

/** The packed result of each example, from results that have the examples along a first axis. */
export function packEach(
	results: readonly Tensor[],
	dtype: DType,
	{ size, run }: Examples,
): Tensor {
	const all = results.map(() => true);
	return run(size, results, all, (one) => [pack(one, dtype)])[0]!;
}

/** A loop for all examples at once: it takes the steps that one example takes. */
export interface BatchedLoop {
	readonly loop: Recurrence;
	/** Its results, with the examples along a first axis. */
	readonly inFront: (results: readonly Tensor[]) => Tensor[];
}

/**
 * A loop over time for a batch. What is carried has the batch if any step gives it one; what is
 * read step by step has time first, and then the batch.
 */
export function batchOfLoop(
	body: Program,
	inputs: readonly Tensor[],
	{ closed, carried, ...rest }: LoopParams,
	batched: readonly boolean[],
	examples: Examples,
): BatchedLoop {
	const { size } = examples;
	const marks = settled((given) => reachedOutputs(body, given), batched, closed, carried);
	const all = inputs.map((x, i) => {
		if (i >= closed + carried) return batched[i] ? moveAxis(x, 0, 1) : x;
		return marks.inputs[i] ? forAll(x, batched[i]!, size) : x;
	});
	return {
		loop: {
			...rest,
			body: batchOfProgram(body, marks.inputs, marks.outputs, examples),
			closed: all.slice(0, closed),
			carry: all.slice(closed, closed + carried),
			xs: all.slice(closed + carried),
		},
		inFront: (results) =>
			results.map((x, i) => {
				const isBatched = marks.outputs[i]!;
				return forAll(isBatched && i >= carried ? moveAxis(x, 1, 0) : x, isBatched, size);
			}),
	};
}
