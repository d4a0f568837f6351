import { type ProgramReading, readProgram } from "./interpret.ts";
import { instructionsOf, type Program, type Value } from "./program.ts";

/** A program made from another, and what has become of the values of that one. */
export interface Rewritten {
	readonly program: Program;
	readonly after: (before: Value) => Value;
}

/** What two rewritings make of a program, one after the other. */
export function then(first: Rewritten, second: Rewritten): Rewritten {
	return { program: second.program, after: (before) => second.after(first.after(before)) };
}

/** Leaves constants and instructions as they are; for what rewrites only some, or other inputs. */
export const asItIs: ProgramReading<Value> = {
	constant: (value) => value,
	apply: (step, inputs) => ({ ...step, inputs }),
};

/**
 * Makes a program from another: in place of each constant and each instruction stands what the
 * reading says, which is told what has become of the instruction's inputs. What no result needs is
 * left out. With a `Builder` as what applies ops, equal terms are one. `given` replaces inputs.
 */
export function rewrite(
	program: Program,
	reading: ProgramReading<Value>,
	given: readonly Value[] = program.inputs,
): Rewritten {
	const become = readProgram(program, given, reading);
	const outputs = program.outputs.map(become);
	return {
		program: { ...program, instructions: instructionsOf(outputs), outputs },
		after: (before) => become(before) ?? before,
	};
}
