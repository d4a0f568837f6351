import type { RandomProgram } from "../../lib/check/random-program.ts";
import type { Data } from "../../lib/core/params.ts";
import { type Tensor, vjp } from "../../lib/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { bodiesOf, instructionOf, type Program, withBodies } from "../../lib/program/program.ts";
import { rewrite } from "../../lib/program/rewrite.ts";

const single = (x: Tensor) => (x.dtype === "float64" ? x.astype("float32") : x);

/** Parameters that name float64 name float32. */
function singleParams(params: Data): Data {
	if (params === "float64") return "float32";
	if (Array.isArray(params)) return params.map((x) => singleParams(x as Data)) as unknown as Data;
	if (typeof params !== "object" || params === null) return params;
	const entries = Object.entries(params).map(([name, x]) => [name, singleParams(x as Data)]);
	return Object.fromEntries(entries) as Data;
}

/** A program of float64 as one of float32. */
export function inSingle(program: Program): Program {
	const inputs = program.inputs.map(({ type }) => {
		const dtype = type.dtype === "float64" ? "float32" : type.dtype;
		return { kind: "input" as const, type: { ...type, dtype } };
	});
	const { program: made } = rewrite(
		program,
		{
			constant: ({ tensor }) => ({
				kind: "constant",
				tensor: single(tensor),
				type: single(tensor),
			}),
			apply: ({ op, params }, args) =>
				instructionOf(
					bodiesOf(op).length === 0 ? op : withBodies(op, inSingle),
					args,
					singleParams(params as Data),
				),
		},
		inputs,
	);
	return { ...made, inputs };
}

/** A function of tensors, and arguments for it. */
export interface SingleFunction {
	readonly f: (args: readonly Tensor[]) => readonly Tensor[];
	readonly args: readonly Tensor[];
}

/** The values of a program in float32, and its gradients with a cotangent of them. */
export function singleFunction(
	{ program, args }: RandomProgram,
	cotangents: Tensor[],
): SingleFunction {
	const made = inSingle(program);
	const run = (x: readonly Tensor[]) => interpret(made, x);
	const u = cotangents.map(single);
	const f = (x: readonly Tensor[]) => [...run(x), ...vjp(run, x)[1](u)];
	return { f, args: args.map(single) };
}
