import type { Op } from "./op.ts";
import type { Data } from "./params.ts";
import { Tensor } from "./tensor.ts";

/**
 * One run of a function under differentiation. Transforms nest: each has a recording of its own,
 * and the one that began last is the innermost. Once the function has returned, the recording is
 * closed, and tensors that leaked out of it count as plain values.
 */
export class Recording {
	/** Ascending: a recording that began later has a greater one. */
	readonly order: number = ++recordingsBegun;
	/**
	 * What evaluates an op on inputs as they are outside of this recording; null: the recordings
	 * outside of it do.
	 */
	readonly trace: Trace | null;
	open = true;

	/**
	 * @param trace given, everything is recorded, and not just what can be differentiated: the
	 * recording is a trace.
	 */
	constructor(trace: Trace | null = null) {
		this.trace = trace;
	}
}
let recordingsBegun = 0;

/**
 * How a recording that traces a program evaluates an op: to a value, or to a tensor that has just a
 * type.
 */
export type Trace = (op: Op, inputs: readonly Tensor[], params: Data) => Tensor;

/** One application of an op in a recording, or (with `op` null) an input of the recording. */
export interface Node {
	readonly recording: Recording;
	readonly op: Op | null;
	/** The op's inputs without this recording: outer recordings still see them. */
	readonly inputs: readonly Tensor[];
	readonly params: Data;
	/** For each input, the node of this recording that made it; null for a constant. */
	readonly parents: readonly (Node | null)[];
	/** The op's result without this recording. */
	readonly value: Tensor;
	/** In `debug` mode, where in the user's source the op was applied. */
	readonly site: string | null;
	/**
	 * Where the node stands in the order of the recording's graph, once that is made; −1 until then.
	 */
	position: number;
}

/** The same elements, remembered as the result of `node`. */
export function track(value: Tensor, node: Node): Tensor {
	return new Tensor(value.storage, value.dtype, value.shape, value.strides, value.offset, node);
}

/** The tensor without the recordings that have ended. */
export function withoutClosed(x: Tensor): Tensor {
	let out = x;
	while (out.node !== null && !out.node.recording.open) out = out.node.value;
	return out;
}

/** The tensor as it is outside of `recording`. */
export function outside(recording: Recording, x: Tensor): Tensor {
	return x.node !== null && x.node.recording === recording ? x.node.value : x;
}
