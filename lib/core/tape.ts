import type { Op } from "./op.ts";
import type { Data } from "./params.ts";
import { Tensor } from "./tensor.ts";

/**
 * One run of a function under differentiation. Transforms nest: each has a tape of its own, and the
 * one that began last is the innermost. Once the function has returned, the tape is closed, and
 * tensors that leaked out of it count as plain values.
 */
export class Tape {
	/** Ascending: a tape that began later has a greater one. */
	readonly order: number = ++tapesBegun;
	/**
	 * What evaluates an op on inputs as they are outside of this tape; null: the tapes outside of it
	 * do.
	 */
	readonly evaluator: Evaluator | null;
	/**
	 * Whether a linear function is recorded to be transposed: as it is computed, whatever derivatives
	 * were given with what it calls.
	 */
	readonly transposes: boolean;
	/** What applies an op to all examples of a batch at once; null: the tape is of one run. */
	readonly batcher: Batcher | null;
	/**
	 * Whether all that is computed of watched tensors while it is open is recorded on it, also what
	 * depends on none of its inputs: a branch computes nothing unless it is chosen.
	 */
	isWhole = false;
	open = true;

	/**
	 * @param evaluator given, everything is recorded, and not just what can be differentiated: the
	 * tape is that of a trace.
	 */
	constructor(
		evaluator: Evaluator | null = null,
		transposes = false,
		batcher: Batcher | null = null,
	) {
		this.evaluator = evaluator;
		this.transposes = transposes;
		this.batcher = batcher;
	}
}
let tapesBegun = 0;

/** How many functions are being traced, one inside of the other, and the last whole tape. */
export const tracing: { depth: number; whole: Tape | null } = { depth: 0, whole: null };

/**
 * How a tape that traces a program evaluates an op: to a value, or to a tensor that has just a
 * type.
 */
export type Evaluator = (op: Op, inputs: readonly Tensor[], params: Data) => Tensor;

/**
 * How a tape that batches applies an op. A function sees of its tensors the type of one example and
 * no values; their nodes hold the values of all examples, side by side along a first axis.
 */
export type Batcher = (op: Op, inputs: readonly Tensor[], params: Data) => Tensor;

/** One application of an op on a tape, or (with `op` null) an input of the tape. */
export interface Node {
	readonly tape: Tape;
	readonly op: Op | null;
	/** The op's inputs without this tape: outer tapes still see them. */
	readonly inputs: readonly Tensor[];
	readonly params: Data;
	/** For each input, the node of this tape that made it; null for a constant. */
	readonly parents: readonly (Node | null)[];
	/** The op's result without this tape. */
	readonly value: Tensor;
	/** In `debug` mode, where in the user's source the op was applied. */
	readonly site: (() => string) | null;
	/**
	 * Where the node stands in the order of the tape's graph, once that is made; −1 until then.
	 */
	position: number;
}

/** The same elements, remembered as the result of `node`. */
export function track(value: Tensor, node: Node): Tensor {
	return new Tensor(value.storage, value.dtype, value.shape, value.strides, value.offset, node);
}

/** The tensor without the tapes that have ended; outside of a batch an example has no value. */
export function withoutClosed(x: Tensor): Tensor {
	let out = x;
	while (out.node !== null && !out.node.tape.open && out.node.tape.batcher === null) {
		out = out.node.value;
	}
	return out;
}

/** The tensor as it is outside of `tape`. */
export function outside(tape: Tape, x: Tensor): Tensor {
	return x.node !== null && x.node.tape === tape ? x.node.value : x;
}

/** An input of a tape, with its value outside of it. */
export function inputNode(tape: Tape, value: Tensor): Node {
	return {
		tape,
		op: null,
		inputs: [],
		params: null,
		parents: [],
		value,
		site: null,
		position: -1,
	};
}
