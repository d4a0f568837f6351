import { pack, packedType, unpack } from "../autodiff/packing.ts";
import { orZeros } from "../autodiff/run.ts";
import { isFloat } from "../core/dtype.ts";
import { apply, type Op } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { slice } from "../ops/slicing.ts";
import { operationsIn } from "../program/cost.ts";
import { type Program, valuesRead } from "../program/program.ts";
import { batchOfLoop, packEach } from "./batches.ts";
import { jointly, marked, spread } from "./derivatives.ts";
import {
	type Backward,
	backwardLoop,
	backwardOf,
	forwardLoop,
	forwardOf,
	inInputOrder,
} from "./loop-derivatives.ts";
import { type PulledLoop, remember } from "./loop-origins.ts";
import { type LoopParams, type Recurrence, resultTypes } from "./model.ts";
import { runLoop } from "./run-loop.ts";

/**
 * Runs a loop as one op; gives the last carry, then the results of all steps side by side.
 * @param through the loop that it takes cotangents back through, if it does
 */
export function applyLoop(
	{ body, closed, carry, xs, ...rest }: Recurrence,
	through?: Omit<PulledLoop, "needed">,
): Tensor[] {
	// Inputs that the step does not read are left out.
	const used = valuesRead(body);
	const isHandedOn = (i: number) => i >= closed.length && i < closed.length + carry.length;
	const needed = body.inputs.map((input, i) => isHandedOn(i) || used.has(input));
	const params: LoopParams = {
		...rest,
		closed: needed.slice(0, closed.length).filter(Boolean).length,
		carried: carry.length,
	};
	const op = loopOp({ ...body, inputs: marked(body.inputs, needed) });
	if (through !== undefined) remember.pulled(op, { ...through, needed });
	const inputs = marked([...closed, ...carry, ...xs], needed);
	return unpack(apply(op, inputs, params), resultTypes(body, params));
}

/** What is remembered of a result whose derivative will be asked for. */
interface Remembered {
	readonly varies: readonly boolean[];
	/** What each step needs of the way, side by side; null: the loop is run again for it. */
	readonly residuals: readonly Tensor[] | null;
}

/** How a loop keeps what its derivative backward needs. */
interface Keeper {
	readonly backward: Backward;
	/** The loop with a step that gives that too. */
	readonly op: Op<"scan", LoopParams>;
}

/** The op that repeats a step. */
export function loopOp(body: Program): Op<"scan", LoopParams> {
	const forwardBy = byMarks((given, params) => forwardOf(body, given, params));
	const keeperFor = byMarks((given, params): Keeper => {
		const backward = backwardOf(body, given, params);
		const op = loopOp(backward.forward);
		remember.step(op, body);
		return { backward, op };
	});
	const remembered = new WeakMap<Tensor, Remembered>();
	const op: Op<"scan", LoopParams> = {
		name: "scan",
		bodies: { programs: [body], with: ([body]) => loopOp(body as Program) },
		infer: (_, params) => packedType(resultTypes(body, params)),
		evaluate: (inputs, params, type) => runLoop(body, inputs, params, type),
		linearized: (inputs, params, varies) => {
			const [out, residuals] = params.again
				? [apply(op, inputs, params), null]
				: keeping(body, keeperFor(varies, params), inputs, params);
			remembered.set(out, { varies, residuals });
			return out;
		},
		differential: jointly("scan", (inputs, out, params) => {
			const { varies, residuals } = remembered.get(out) ?? {
				varies: inputs.map(() => true),
				residuals: null,
			};
			return {
				varies: inputs.map(({ dtype }, i) => varies[i]! && isFloat(dtype)),
				push: (tangents) => {
					const given = tangents.map((x) => x !== null);
					const forward = forwardBy(given, params);
					const moved = applyLoop(forwardLoop(forward, inputs, params, tangents));
					const all = spread(moved.slice(params.carried), forward.outputs);
					return pack(orZeros(all, resultTypes(body, params)), out.dtype);
				},
				pull: (g) => {
					const keeper = keeperFor(varies, params);
					const kept = residuals ?? keeping(body, keeper, inputs, params)[1];
					const cotangents = unpack(g, resultTypes(body, params));
					const loop = backwardLoop(keeper.backward, inputs, params, kept, cotangents);
					const { inputs: varying, outputs } = keeper.backward;
					const { closed, carried } = params;
					const through = { body, inputs: varying, outputs, closed, carried };
					return inInputOrder(applyLoop(loop, through), varying, params);
				},
			};
		}),
		batch: (inputs, params, batched, size, run) => {
			const examples = { size, run };
			const { loop, inFront } = batchOfLoop(body, inputs, params, batched, examples);
			const { dtype } = packedType(resultTypes(body, params));
			return packEach(inFront(applyLoop(loop)), dtype, examples);
		},
		lowering: "repeat",
		print: (args, { length }) => `scan(${[...args, length].join(", ")})`,
		traits: {
			again: ({ again }) => again,
			flops: (_, __, { length }) => length * operationsIn(body),
		},
	};
	return op;
}

/** Runs a loop so that it gives, beside its packed result, what its derivative backward needs. */
function keeping(
	body: Program,
	{ op, backward: { forward } }: Keeper,
	inputs: readonly Tensor[],
	params: LoopParams,
): [out: Tensor, residuals: Tensor[]] {
	const all = apply(op, inputs, params);
	const own = body.outputs.length;
	const parts = unpack(all, resultTypes(forward, params));
	const residuals = parts.slice(own);
	if (own === 1) return [parts[0]!, residuals];
	if (residuals.length === 0) return [all, residuals];
	return [slice(all, [0, sizeOf(packedType(resultTypes(body, params)).shape)]), residuals];
}

/** The same function, which makes what it gives once for each choice of inputs that vary. */
function byMarks<T>(
	make: (given: readonly boolean[], params: LoopParams) => T,
): (given: readonly boolean[], params: LoopParams) => T {
	const known = new Map<string, T>();
	return (given, params) => {
		const key = `${given} ${params.closed} ${params.carried}`;
		const made = known.get(key) ?? make(given, params);
		known.set(key, made);
		return made;
	};
}
