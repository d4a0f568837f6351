import { ShapeError } from "../core/error.ts";
import { apply } from "../core/op.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Constant, Instruction, Program, Value } from "./program.ts";

/** What stands for the values of a program: tensors, values of another program, code. */
export interface ProgramReading<T> {
	readonly constant: (value: Constant) => T;
	/** @param inputs what stands for the inputs of the instruction */
	readonly apply: (step: Instruction, inputs: readonly T[]) => T;
}

/**
 * Goes through a program in order: the one way in which programs are run, rewritten and printed as
 * code.
 * @returns what stands for a value; undefined for an instruction that is not of the program
 */
export function readProgram<T>(
	program: Program,
	inputs: readonly T[],
	{ constant, apply }: ProgramReading<T>,
): (value: Value) => T {
	const known = new Map<Value, T>(program.inputs.map((input, i) => [input, inputs[i]!]));
	const of = (value: Value): T => {
		if (value.kind === "constant" && !known.has(value)) known.set(value, constant(value));
		return known.get(value)!;
	};
	for (const step of program.instructions) known.set(step, apply(step, step.inputs.map(of)));
	return of;
}

/**
 * Runs a program by the ops' own evaluation: the reference for every other way to run it. It passes
 * through `apply`, so it can be differentiated and traced again. `watch` is told each value as it
 * comes about.
 * @throws ShapeError when the arguments are not of the types that the program was traced for
 */
export function interpret(
	program: Program,
	args: readonly Tensor[],
	watch?: (value: Value, tensor: Tensor) => void,
): Tensor[] {
	checkArguments(program, args);
	for (const [i, input] of program.inputs.entries()) watch?.(input, args[i]!);
	const tensorOf = readProgram<Tensor>(program, args, {
		constant: ({ tensor }) => tensor,
		apply: (step, inputs) => {
			const tensor = apply(step.op, inputs, step.params);
			watch?.(step, tensor);
			return tensor;
		},
	});
	return program.outputs.map(tensorOf);
}

/** @throws ShapeError when the arguments are not of the types that the program was traced for */
function checkArguments({ inputs }: Program, args: readonly Tensor[]): void {
	if (args.length !== inputs.length) {
		throw new ShapeError(`program: expected ${inputs.length} tensors, got ${args.length}`);
	}
	for (const [i, { type }] of inputs.entries()) {
		const { shape, dtype } = args[i]!;
		if (sameShape(shape, type.shape) && dtype === type.dtype) continue;
		throw new ShapeError(
			`program: expected argument ${i + 1} to be ${type.dtype} ${showShape(type.shape)}, got ${dtype} ${showShape(shape)}`,
		);
	}
}
