import type { Tensor } from "../core/tensor.ts";

/** Tensors, as a function sees a state or parameters once their structure is taken off. */
export type Vector = readonly Tensor[];

/** dy/dt at a state and a time, given parameters. */
export type OdeFunction = (y: Vector, t: Tensor, params: Vector) => Vector;

/** Takes a state from one time to another, and then to the next one. */
export interface Stretch {
	/** What is handed on beside the state, at the first of the times. */
	readonly begin: (f: OdeFunction, y: Vector, from: Tensor, to: Tensor, params: Vector) => Vector;
	/** The state at the next time, and what is handed on there. */
	readonly go: (
		f: OdeFunction,
		y: Vector,
		handed: Vector,
		from: Tensor,
		to: Tensor,
		params: Vector,
	) => readonly [y: Vector, handed: Vector];
}
