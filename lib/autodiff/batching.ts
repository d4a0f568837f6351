import { TraceError } from "../core/error.ts";
import { broadcastNumber } from "../core/lift.ts";
import { apply, type BatchRun, type Op } from "../core/op.ts";
import { inputNode, outside, Tape, withoutClosed } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { examples } from "../core/valueless.ts";
import { stack } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { stretchTo } from "../structure/stretch.ts";
import { type Batch, exampleType, forEachExample } from "./batch.ts";
import { batchRules } from "./batch-rules.ts";
import { oneByOne } from "./by-hand.ts";

/** A result for all examples, along a first axis if it is `batched`, or else the same for all. */
export interface BatchResult {
	readonly value: Tensor;
	readonly batched: boolean;
}

/** The values of an example were asked for. */
export class ExampleValueError extends TraceError {}

/**
 * Runs a function of one example on all of them: of the inputs, those that are `batched` have the
 * examples along their first axis, and the function sees one without values.
 */
export function runBatch(
	size: number,
	inputs: readonly Tensor[],
	batched: readonly boolean[],
	f: (x: readonly Tensor[]) => readonly Tensor[],
): BatchResult[] {
	const example = examples(refuseValues);
	const enter = (value: Tensor): Tensor => {
		const node = inputNode(tape, value);
		return example({ shape: value.shape.slice(1), dtype: value.dtype }, node);
	};
	const tape: Tape = new Tape(null, false, (op, args, params) => {
		if (!tape.open) throw left(op);
		const batched = args.map(({ node }) => node?.tape === tape);
		const inputs = args.map((x) => outside(tape, x));
		return enter(applyToBatch({ op, inputs, params, batched, size }));
	});
	try {
		const given = inputs.map((x, i) => {
			const value = withoutClosed(x);
			return batched[i] ? enter(value) : value;
		});
		return f(given).map((result) => {
			const x = withoutClosed(result);
			const isOne = x.node?.tape === tape;
			return { value: isOne ? x.node!.value : x, batched: isOne };
		});
	} finally {
		tape.open = false;
	}
}

/** The results for all examples, along a first axis, also where they are the same for all. */
export const runFullBatch: BatchRun = (size, ...rest) =>
	runBatch(size, ...rest).map(({ value, batched }) =>
		batched ? value : stretchTo(value, [size, ...value.shape]),
	);

/** An op for all examples: by its own rule, that of its kind, or the same with one more axis. */
function applyToBatch(batch: Batch): Tensor {
	const { op, inputs, params, batched, size } = batch;
	if (op.batch !== undefined) return op.batch(inputs, params, batched, size, runFullBatch);
	const rule = op.lowering && batchRules[op.lowering];
	if (rule !== undefined) return rule(batch);
	if (op.lead === undefined) return applyOneByOne(batch);
	const all = inputs.map((_, i) => forEachExample(batch, i));
	return apply(op, all, op.lead(params, size));
}

/** Without a rule, the op is applied to one example after the other. */
function applyOneByOne(batch: Batch): Tensor {
	const { op, inputs, params, batched, size } = batch;
	if (size === 0) {
		const { shape, dtype } = exampleType(batch);
		return broadcastNumber("vmap", 0, dtype, [0, ...shape]);
	}
	const results = Array.from({ length: size }, (_, at) =>
		apply(
			op,
			inputs.map((x, i) => (batched[i] ? slice(x, at) : x)),
			params,
		),
	);
	return oneByOne(stack(results), op.name, size);
}

function refuseValues(): never {
	throw new ExampleValueError(
		"vmap: the values of a tensor were asked for (item, data, toString, …) that is one example of a batch, inside of a function " +
			"that vmap runs for all examples at once; choose by value with where(…) or cond(…), or return the tensor and read it outside",
	);
}

function left(op: Op): TraceError {
	return new TraceError(
		`${op.name}: an argument is one example of a batch, and the function that vmap runs for all examples has ended; ` +
			"return what is needed after it",
	);
}
