import { GradientError } from "../core/error.ts";
import { type LinearMap, linearMap } from "../core/linear-map.ts";
import { apply, type BatchRun, type Op } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { concat } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { sum } from "../structure/broadcasting.ts";
import { reshape } from "../structure/layout.ts";
import { given } from "./by-hand.ts";
import { orZeros } from "./run.ts";

/** Tensors, as a function sees its arguments and results once their structure is taken off. */
type Vector = readonly Tensor[];

/** A function together with its derivative. */
export interface Call {
	/** What errors and printed forms call it. */
	readonly name: string;
	/** Which of the user's arguments it is differentiated by; left out: the first. */
	readonly differentiated?: string;
	/** Whether its derivative is not that of `f`, but what the user has decided; left out: it is. */
	readonly byHand?: boolean;
	readonly f: (x: Vector, rest: Vector) => Vector;
	/**
	 * Forward mode: the function, at these arguments and results, that gives the tangents of the
	 * results.
	 */
	readonly push: (x: Vector, y: Vector, rest: Vector) => (dx: Vector) => Vector;
	/** Reverse mode: the cotangents of the arguments. */
	readonly pull: (x: Vector, y: Vector, g: Vector, rest: Vector) => Vector;
}

/** The same, with the results as one tensor: an op has one result. */
interface PackedCall {
	readonly name: string;
	readonly differentiated: string;
	readonly byHand: boolean;
	/** So many of the arguments can be differentiated. */
	readonly count: number;
	/** No tape that watches an argument began before this one. */
	readonly first: number;
	readonly f: (x: Vector) => Tensor;
	readonly push: (x: Vector, y: Tensor, dx: Vector) => Tensor;
	readonly pull: (x: Vector, y: Tensor, g: Tensor) => Vector;
}

/** The same call for a batch, whose results lie along a first axis. */
function batchOf(
	call: PackedCall,
	batched: readonly boolean[],
	size: number,
	run: BatchRun,
): PackedCall {
	const { f, push, pull } = call;
	const n = batched.length;
	return {
		...call,
		f: rememberLast((x: Vector) => run(size, x, batched, (one) => [f(one)])[0]!),
		push: (x, y, dx) => {
			// A tangent has the batch where its argument has it.
			const flags = [...batched, true, ...batched.slice(0, call.count)];
			return run(size, [...x, y, ...dx], flags, (one) => [
				push(one.slice(0, n), one[n]!, one.slice(n + 1)),
			])[0]!;
		},
		pull: rememberLast((x: Vector, y: Tensor, g: Tensor) =>
			run(size, [...x, y, g], [...batched, true, true], (one) =>
				pull(one.slice(0, n), one[n]!, one[n + 1]!),
			).map((share, i) => (batched[i] ? share : sum(share, 0))),
		),
	};
}

/** The op of one call: functions are no parameters, so it is made anew for each. */
function callOp(call: PackedCall): Op<"call", null> {
	const { name, byHand, count, f, push, pull } = call;
	const differential = (i: number, inputs: Vector, out: Tensor): LinearMap => {
		if (i >= count) throw lost(call);
		const own = inputs.slice(0, count);
		return linearMap(
			"call",
			(dx) => {
				const alone = own.map((_, j) => (j === i ? dx : null));
				return push(inputs, out, orZeros(alone, own));
			},
			(g) => pull(inputs, out, g)[i]!,
		);
	};
	return {
		name: "call",
		infer: (inputs) => f(inputs),
		evaluate: (inputs) => madeOf(inputs, f(inputs), call),
		differential,
		decompose: (inputs) => {
			const isMarked = byHand && !inputs.some(({ node }) => node?.tape.transposes);
			if (!isMarked) return f(inputs);
			return given(madeOf(inputs, f(inputs), call), inputs, differential);
		},
		batch: (inputs, _, batched, size, run) =>
			apply(callOp(batchOf(call, batched, size, run)), inputs, null),
		print: (args) => `${name}(${args.join(", ")})`,
		traits: { call: name },
	};
}

/**
 * A value, as made of these inputs and of nothing else that is being differentiated.
 * @throws GradientError where a transform that began after theirs, and is no trace, watches it; a
 * batch does no harm if what is being differentiated is so inside of it
 */
function madeOf(inputs: Vector, value: Tensor, call: PackedCall): Tensor {
	const { name, first } = call;
	const last = Math.max(0, ...inputs.map(({ node }) => node?.tape.order ?? 0));
	const tape = value.node?.tape;
	if (!tape?.open || tape.order <= last || tape.evaluator !== null) return value;
	if (tape.batcher === null) throw lost(call);
	if (tape.order < first) return value;
	throw new GradientError(
		`${name}: the function uses a tensor that is one example of a batch and is not among its arguments; pass it there`,
	);
}

function lost({ name, differentiated }: PackedCall): GradientError {
	return new GradientError(
		`${name}: the function uses a tensor that is being differentiated and is not in ${differentiated}, ` +
			"so its gradient would be lost; pass it there",
	);
}

/** The least order of the open tapes that watch a tensor. */
function firstTape(x: Tensor): number {
	let first = Number.POSITIVE_INFINITY;
	for (let { node } = x; node !== null; node = node.value.node) {
		if (node.tape.open) first = Math.min(first, node.tape.order);
	}
	return first;
}

/**
 * Applies a function as one op, with the derivative by x that comes with it: what happens inside is
 * not recorded. Several results travel as one vector, so they have to be of one dtype.
 */
export function applyCall(call: Call, x: Vector, rest: Vector = []): readonly Tensor[] {
	let shapes: Shape[] = [];
	// `infer` and `evaluate` ask for the same value, and each argument for its share of the same
	// cotangents.
	const count = x.length;
	const own = (inputs: Vector) => inputs.slice(0, count);
	const others = (inputs: Vector) => inputs.slice(count);
	const f = rememberLast((inputs: Vector) => {
		const y = call.f(own(inputs), others(inputs));
		shapes = y.map((yi) => yi.shape);
		return pack(y);
	});
	const pull = rememberLast((inputs: Vector, y: Tensor, g: Tensor) =>
		call.pull(own(inputs), unpack(y, shapes), unpack(g, shapes), others(inputs)),
	);
	const pushAt = rememberLast((inputs: Vector, y: Tensor) =>
		call.push(own(inputs), unpack(y, shapes), others(inputs)),
	);
	const push = (inputs: Vector, y: Tensor, dx: Vector) => pack(pushAt(inputs, y)(dx));
	const { name, differentiated = "its first argument", byHand = false } = call;
	const inputs = [...x, ...rest];
	const first = Math.min(...inputs.map(firstTape));
	const packed = { name, differentiated, byHand, count, first, f, push, pull };
	return unpack(apply(callOp(packed), inputs, null), shapes);
}

function pack(tensors: Vector): Tensor {
	return tensors.length === 1 ? tensors[0]! : asVector(tensors);
}

function unpack(packed: Tensor, shapes: readonly Shape[]): readonly Tensor[] {
	return shapes.length === 1 ? [packed] : partsOf(packed, shapes);
}

/** The elements of tensors as one vector. */
export function asVector(tensors: Vector): Tensor {
	return concat(tensors.map((x) => reshape(x, [x.size])));
}

/** The tensors of these shapes that a vector is made of. */
export function partsOf(vector: Tensor, shapes: readonly Shape[]): Tensor[] {
	let start = 0;
	return shapes.map((shape) => {
		const part = reshape(slice(vector, [start, start + sizeOf(shape)]), shape);
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
