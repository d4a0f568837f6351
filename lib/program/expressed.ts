import type { Tensor } from "../core/tensor.ts";
import { uniformNumber } from "./builder.ts";
import { readProgram } from "./interpret.ts";
import type { Value } from "./program.ts";
import type { Maker } from "./rules.ts";
import { trace } from "./trace.ts";

/** What a function of tensors makes of these values; null where it gives null. */
export function expressed(
	inputs: readonly Value[],
	maker: Maker,
	f: (xs: readonly Tensor[]) => Tensor | null,
): Value | null {
	const { program } = trace(
		inputs.map(({ type }) => type),
		(xs) => [f(xs)].filter((x) => x !== null),
	);
	if (program.outputs.length === 0) return null;
	const become = readProgram<Value>(program, inputs, {
		constant: (value) => {
			const number = uniformNumber(value);
			return number === null ? value : maker.number(number, value.type);
		},
		apply: ({ op, params }, given) => maker.apply(op, given, params),
	});
	return become(program.outputs[0]!);
}
