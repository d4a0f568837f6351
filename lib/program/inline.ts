import type { Tensor } from "../core/tensor.ts";
import { uniformNumber } from "./builder.ts";
import { readProgram } from "./interpret.ts";
import type { Program, Value } from "./program.ts";
import type { Maker } from "./rules.ts";
import { trace } from "./trace.ts";

/** What a function of tensors does with values of these types; null results are left out. */
export function traced(
	inputs: readonly Value[],
	f: (xs: readonly Tensor[]) => readonly (Tensor | null)[],
): Program {
	const types = inputs.map(({ type }) => type);
	return trace(types, (xs) => f(xs).filter((x) => x !== null)).program;
}

/** A result of a program on these values. */
export function replayed(program: Program, on: readonly Value[], maker: Maker, output = 0): Value {
	const become = readProgram<Value>(program, on, {
		constant: (value) => {
			const number = uniformNumber(value);
			return number === null ? value : maker.number(number, value.type);
		},
		apply: ({ op, params }, inputs) => maker.apply(op, inputs, params),
	});
	return become(program.outputs[output]!);
}

/** What a function of tensors makes of these values; null where it gives null. */
export function expressed(
	inputs: readonly Value[],
	maker: Maker,
	f: (xs: readonly Tensor[]) => Tensor | null,
): Value | null {
	const program = traced(inputs, (xs) => [f(xs)]);
	return program.outputs.length === 0 ? null : replayed(program, inputs, maker);
}
