import { GradientError } from "../core/error.ts";
import { type LinearMap, linearMap } from "../core/linear-map.ts";
import { apply, type Op } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { concat } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { sum } from "../structure/broadcasting.ts";
import { reshape } from "../structure/layout.ts";
import { runFullBatch } from "./batching.ts";
import { given } from "./by-hand.ts";
import { orZeros } from "./run.ts";

/** Tensors, as a function sees its arguments and results once their structure is taken off. */
type Vector = readonly Tensor[];

/** A function together with its derivative. */
export interface Call {
	/** What errors and printed forms call it. */
	readonly name: string;
	/** Whether its derivative is not that of `f`, but what the user has decided; left out: it is. */
	readonly byHand?: boolean;
	readonly f: (x: Vector) => Vector;
	/**
	 * Forward mode: the function, at these arguments and results, that gives the tangents of the
	 * results.
	 */
	readonly push: (x: Vector, y: Vector) => (dx: Vector) => Vector;
	/** Reverse mode: the cotangents of the arguments. */
	readonly pull: (x: Vector, y: Vector, g: Vector) => Vector;
}

/** The same, with the results as one tensor: an op has one result. */
interface PackedCall {
	readonly name: string;
	readonly byHand: boolean;
	readonly f: (x: Vector) => Tensor;
	readonly push: (x: Vector, y: Tensor, dx: Vector) => Tensor;
	readonly pull: (x: Vector, y: Tensor, g: Tensor) => Vector;
}

/** The same call for a batch, whose results lie along a first axis. */
function batchOf(call: PackedCall, batched: readonly boolean[], size: number): PackedCall {
	const { f, push, pull } = call;
	const n = batched.length;
	return {
		...call,
		f: rememberLast((x: Vector) => runFullBatch(size, x, batched, (one) => [f(one)])[0]!),
		push: (x, y, dx) => {
			// A tangent has the batch where its argument has it.
			const flags = [...batched, true, ...batched];
			return runFullBatch(size, [...x, y, ...dx], flags, (one) => [
				push(one.slice(0, n), one[n]!, one.slice(n + 1)),
			])[0]!;
		},
		pull: rememberLast((x: Vector, y: Tensor, g: Tensor) =>
			runFullBatch(size, [...x, y, g], [...batched, true, true], (one) =>
				pull(one.slice(0, n), one[n]!, one[n + 1]!),
			).map((share, i) => (batched[i] ? share : sum(share, 0))),
		),
	};
}

/** The op of one call: functions are no parameters, so it is made anew for each. */
function callOp(call: PackedCall): Op<"call", null> {
	const { name, byHand, f, push, pull } = call;
	const differential = (i: number, inputs: Vector, out: Tensor): LinearMap =>
		linearMap(
			"call",
			(dx) => {
				const alone = inputs.map((_, j) => (j === i ? dx : null));
				return push(inputs, out, orZeros(alone, inputs));
			},
			(g) => pull(inputs, out, g)[i]!,
		);
	return {
		name: "call",
		infer: (inputs) => f(inputs),
		evaluate: (inputs) => madeOf(inputs, f(inputs), name),
		differential,
		decompose: (inputs) => {
			const isMarked = byHand && !inputs.some(({ node }) => node?.tape.transposes);
			if (!isMarked) return f(inputs);
			return given(madeOf(inputs, f(inputs), name), inputs, differential);
		},
		batch: (inputs, _, batched, size) => apply(callOp(batchOf(call, batched, size)), inputs, null),
		print: (args) => `${name}(${args.join(", ")})`,
		traits: { call: name },
	};
}

/**
 * A value, as made of these inputs and of nothing else that is being differentiated.
 * @throws GradientError where a transform that began after theirs, and is no trace, watches it
 */
function madeOf(inputs: Vector, value: Tensor, name: string): Tensor {
	const last = Math.max(0, ...inputs.map(({ node }) => node?.tape.order ?? 0));
	const tape = value.node?.tape;
	if (!tape?.open || tape.order <= last || tape.evaluator !== null) return value;
	throw new GradientError(
		`${name}: the function uses a tensor that is being differentiated and is not in its first argument, ` +
			"so its gradient would be lost; pass it there",
	);
}

/**
 * Applies a function as one op, with the derivative that comes with it: what happens inside is not
 * recorded. Several results travel as one vector, so they have to be of one dtype.
 */
export function applyCall(call: Call, x: Vector): Tensor[] {
	let shapes: Shape[] = [];
	// `infer` and `evaluate` ask for the same value, and each argument for its share of the same
	// cotangents.
	const f = rememberLast((inputs: Vector) => {
		const y = call.f(inputs);
		shapes = y.map((yi) => yi.shape);
		return pack(y);
	});
	const pull = rememberLast((inputs: Vector, y: Tensor, g: Tensor) =>
		call.pull(inputs, unpack(y, shapes), unpack(g, shapes)),
	);
	const pushAt = rememberLast((inputs: Vector, y: Tensor) => call.push(inputs, unpack(y, shapes)));
	const push = (inputs: Vector, y: Tensor, dx: Vector) => pack(pushAt(inputs, y)(dx));
	const { name, byHand = false } = call;
	return unpack(apply(callOp({ name, byHand, f, push, pull }), x, null), shapes);
}

function pack(tensors: Vector): Tensor {
	return tensors.length === 1 ? tensors[0]! : concat(tensors.map((x) => reshape(x, [x.size])));
}

function unpack(packed: Tensor, shapes: readonly Shape[]): Tensor[] {
	if (shapes.length === 1) return [packed];
	let start = 0;
	return shapes.map((shape) => {
		const part = reshape(slice(packed, [start, start + sizeOf(shape)]), shape);
		start += part.size;
		return part;
	});
}

/** `f`, which is not run again while its arguments stay the same ones. */
function rememberLast<Args extends unknown[], R>(f: (...args: Args) => R): (...args: Args) => R {
	let last = null as { args: Args; result: R } | null;
	return (...args) => {
		if (last === null || last.args.some((arg, i) => arg !== args[i])) {
			last = { args, result: f(...args) };
		}
		return last.result;
	};
}
