import type { TensorType } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Constant, Input, Program } from "../program/program.ts";
import { rewrite } from "../program/rewrite.ts";
import { trace } from "../program/trace.ts";

type VectorFunction = (inputs: readonly Tensor[]) => readonly Tensor[];

/** Functions as programs, together with what they close over. */
export interface Recorded {
	/** Each takes first what is closed over, then the arguments. */
	readonly programs: readonly Program[];
	/** The tensors that they close over and that a transform or a trace watches. */
	readonly closed: readonly Tensor[];
}

/**
 * Records functions of tensors of these types. Tensors from outside that something watches become
 * inputs, so that derivatives reach them; others are constants.
 * @param isWhole whether what is computed of such tensors alone is part of the programs, as it has
 * to be where it may not run; else it is computed before
 */
export function recordBodies(
	types: readonly TensorType[],
	functions: readonly VectorFunction[],
	isWhole = false,
): Recorded {
	const closed = new Map<Tensor, Input>();
	const inputFor = ({ tensor, type }: Constant): Input => {
		const input = closed.get(tensor) ?? { kind: "input", type };
		closed.set(tensor, input);
		return input;
	};
	const programs = functions.map((f) => {
		const { program } = trace(types, f, undefined, isWhole);
		return rewrite(program, {
			constant: (value) => (value.tensor.node?.tape.open ? inputFor(value) : value),
			apply: (step, inputs) => ({ ...step, inputs }),
		}).program;
	});
	return {
		programs: programs.map((body) => ({ ...body, inputs: [...closed.values(), ...body.inputs] })),
		closed: [...closed.keys()],
	};
}
