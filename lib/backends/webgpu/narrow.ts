import type { Data } from "../../core/params.ts";
import { astype } from "../../ops/cast.ts";
import {
	bodiesOf,
	constantOf,
	type Input,
	instructionOf,
	type Program,
	type Value,
	withBodies,
} from "../../program/program.ts";
import { rewrite } from "../../program/rewrite.ts";

/** The same program where what is float64 on the way, and in loops, is float32. */
export function narrowed(program: Program): Program {
	if (!hasFloat64(program)) return program;
	const inputs = program.inputs.map(
		(input): Input => (input.type.dtype === "float64" ? single(input) : input),
	);
	const { program: made } = rewrite(
		program,
		{
			constant: (value) =>
				value.type.dtype === "float64" ? constantOf(astype(value.tensor, "float32")) : value,
			apply: ({ op, params }, given) =>
				instructionOf(withBodies(op, narrowed), given, narrowParams(params)),
		},
		inputs,
	);
	return { ...made, inputs };
}

/** Whether values of a program, or of those inside of it, are float64. */
function hasFloat64({ inputs, instructions, outputs }: Program): boolean {
	const values: Value[] = [...inputs, ...instructions, ...outputs];
	const all = [...values, ...instructions.flatMap((step) => step.inputs)];
	return (
		all.some(({ type }) => type.dtype === "float64") ||
		instructions.some(({ op }) => bodiesOf(op).some(hasFloat64))
	);
}

function single(input: Input): Input {
	return { kind: "input", type: { ...input.type, dtype: "float32" } };
}

/** Parameters that name float64 name float32. */
function narrowParams(params: Data): Data {
	if (params === "float64") return "float32";
	if (typeof params !== "object" || params === null) return params;
	if (Array.isArray(params)) return params.map((x: Data) => narrowParams(x)) as unknown as Data;
	const entries = Object.entries(params).map(([name, x]) => [name, narrowParams(x as Data)]);
	return Object.fromEntries(entries) as Data;
}
