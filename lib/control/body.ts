import { isDerived, whileNaming } from "../core/labelled.ts";
import type { TensorType } from "../core/op.ts";
import { withoutClosed } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { namedIn } from "../program/gradient.ts";
import type { Constant, Input, Program } from "../program/program.ts";
import { asItIs, rewrite } from "../program/rewrite.ts";
import { trace } from "../program/trace.ts";
import { remember } from "./loop-origins.ts";

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
 * @param name the function that they are given to, which errors name
 * @param isWhole whether what is computed of such tensors alone is part of the programs, as it has
 * to be where it may not run, and is in a derivation, whose steps are written as the user wrote
 * them; else it is computed before
 */
export function recordBodies(
	name: string,
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
		const isOneStep = isWhole || isDerived();
		let told: [Tensor, string][] = [];
		const run = (inputs: readonly Tensor[]) => {
			if (!isDerived()) return f(inputs);
			const outputs = whileNaming(told, () => f(inputs));
			told = told.map(([x, name]) => [withoutClosed(x), name]);
			return outputs;
		};
		const traced = trace(types, run, { caller: name, isWhole: isOneStep });
		const { program, after } = rewrite(traced.program, {
			...asItIs,
			constant: (value) => (value.tensor.node?.tape.open ? inputFor(value) : value),
		});
		for (const [value, name] of namedIn(traced, told)) remember.name(after(value), name);
		return program;
	});
	return {
		programs: programs.map((body) => ({ ...body, inputs: [...closed.values(), ...body.inputs] })),
		closed: [...closed.keys()],
	};
}
