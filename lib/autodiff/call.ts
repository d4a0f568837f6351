import { GradientError } from "../core/error.ts";
import { type LinearMap, linearMap } from "../core/linear-map.ts";
import { apply, type BatchRun, type Op, type TensorType } from "../core/op.ts";
import { type Node, tracing, track } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { sum } from "../structure/broadcasting.ts";
import { given } from "./by-hand.ts";
import { pack, packedType, unpack } from "./packing.ts";
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
	 * Values made of all that `f` uses, for one whose loops may not be differentiated: recorded, they
	 * are looked at first, so that it is refused by name where it uses what it may not.
	 */
	readonly sample?: (x: Vector, rest: Vector) => Vector;
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
			const value = madeOf(inputs, f(inputs), call);
			const n = inputs.length;
			// Whether others are differentiated is known only later: then the derivative is asked for.
			return given(value, [...inputs, ...othersOf(inputs, value)], (i, all, out) => {
				if (i >= n) throw lost(call);
				return differential(i, all.slice(0, n), out);
			});
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

/** Of what else a value of a trace is made: its other inputs, and tensors that are watched. */
function othersOf(inputs: Vector, { node: made }: Tensor): Tensor[] {
	const others = new Set<Tensor>();
	const seen = new Set<Node | null>(inputs.map(({ node }) => node));
	const left = made === null ? [] : [made];
	for (let node = left.pop(); node !== undefined; node = left.pop()) {
		if (seen.has(node) || node.op?.differential === null) continue;
		seen.add(node);
		if (node.op === null) others.add(track(node.value, node));
		for (const [i, x] of node.inputs.entries()) {
			const parent = node.parents[i]!;
			if (parent !== null) left.push(parent);
			else if (x.node?.tape.open && !inputs.includes(x)) others.add(x);
		}
	}
	return [...others];
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
 * not recorded. Several results travel as one vector.
 */
export function applyCall(call: Call, x: Vector, rest: Vector = []): readonly Tensor[] {
	let types: TensorType[] = [];
	// `infer` and `evaluate` ask for the same value, and each argument for its share of the same
	// cotangents.
	const count = x.length;
	const own = (inputs: Vector) => inputs.slice(0, count);
	const others = (inputs: Vector) => inputs.slice(count);
	const f = rememberLast((inputs: Vector) => {
		const seen = tracing.depth > 0 ? call.sample?.(own(inputs), others(inputs)) : [];
		for (const value of seen ?? []) madeOf(inputs, value, all);
		const y = call.f(own(inputs), others(inputs));
		types = y.map(({ shape, dtype }) => ({ shape, dtype }));
		return packed(y);
	});
	const pull = rememberLast((inputs: Vector, y: Tensor, g: Tensor) =>
		call.pull(own(inputs), unpack(y, types), unpack(g, types), others(inputs)),
	);
	const pushAt = rememberLast((inputs: Vector, y: Tensor) =>
		call.push(own(inputs), unpack(y, types), others(inputs)),
	);
	const push = (inputs: Vector, y: Tensor, dx: Vector) => packed(pushAt(inputs, y)(dx));
	const { name, differentiated = "its first argument", byHand = false } = call;
	const inputs = [...x, ...rest];
	const first = Math.min(...inputs.map(firstTape));
	const all: PackedCall = { name, differentiated, byHand, count, first, f, push, pull };
	return unpack(apply(callOp(all), inputs, null), types);
}

function packed(y: Vector): Tensor {
	return pack(y, packedType(y).dtype);
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
