import type { Tensor } from "../core/tensor.ts";

/** Tensors, as a function sees a state or parameters once their structure is taken off. */
export type Vector = readonly Tensor[];

/** dy/dt at a state and a time, given parameters. */
export type OdeFunction = (y: Vector, t: Tensor, params: Vector) => Vector;

/** Takes a state from one time to another. */
export type Stretch = (
	f: OdeFunction,
	y: Vector,
	from: Tensor,
	to: Tensor,
	params: Vector,
) => Vector;
