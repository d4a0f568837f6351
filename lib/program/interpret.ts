import { ShapeError } from "../core/error.ts";
import { apply } from "../core/op.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Program, Value } from "./program.ts";

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
	const tensors = new Map<Value, Tensor>();
	const define = (value: Value, tensor: Tensor) => {
		tensors.set(value, tensor);
		watch?.(value, tensor);
	};
	const read = (value: Value) => (value.kind === "constant" ? value.tensor : tensors.get(value)!);
	for (const [i, input] of program.inputs.entries()) define(input, args[i]!);
	for (const step of program.instructions) {
		define(step, apply(step.op, step.inputs.map(read), step.params));
	}
	return program.outputs.map(read);
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
