import type { Tensor } from "../core/tensor.ts";
import { slice } from "../ops/slicing.ts";
import { interpret } from "../program/interpret.ts";
import {
	type Input,
	instructionsOf,
	type Program,
	type Value,
	valuesRead,
} from "../program/program.ts";
import { rewrite } from "../program/rewrite.ts";

/** A program, with arguments at which to try it. As a string, it is a few lines of NumPy. */
export class RandomProgram {
	readonly program: Program;
	readonly args: readonly Tensor[];

	/** What neither the outputs nor their inputs use is left out. */
	constructor(program: Program, args: readonly Tensor[]) {
		const steps = instructionsOf(program.outputs);
		const needed = valuesRead({ instructions: steps, outputs: program.outputs });
		this.program = {
			inputs: program.inputs.filter((input) => needed.has(input)),
			instructions: program.instructions.filter((step) => needed.has(step)),
			outputs: program.outputs,
		};
		this.args = args.filter((_, i) => needed.has(program.inputs[i]!));
	}

	/**
	 * The program as a function of its arguments; a property, so that it can be passed on by itself.
	 */
	readonly run = (args: readonly Tensor[]): Tensor[] => interpret(this.program, args);

	toString(): string {
		const { inputs, instructions, outputs } = this.program;
		const names = new Map<Value, string>();
		for (const [i, input] of inputs.entries()) names.set(input, `x${i + 1}`);
		for (const [i, step] of instructions.entries()) names.set(step, `y${i + 1}`);
		const text = (value: Value) =>
			value.kind === "constant" ? literal(value.tensor) : names.get(value)!;
		return [
			...inputs.map((input, i) => `${text(input)} = ${literal(this.args[i]!)}`),
			...instructions.map(
				(step) => `${text(step)} = ${step.op.print(step.inputs.map(text), step.params)}`,
			),
			`return ${outputs.map(text).join(", ")}`,
		].join("\n");
	}

	/** As fast-check shows it. */
	[Symbol.for("fast-check/toStringMethod")](): string {
		return `\n${this}\n`;
	}
}

/**
 * Elements in Python's notation; an empty tensor by its shape, one that was stretched from a number
 * by the number.
 */
function literal(x: Tensor): string {
	if (x.size === 0) return `np.zeros((${x.shape.join(", ")}${x.rank === 1 ? "," : ""}))`;
	const isNumber = x.strides.every((stride) => stride === 0);
	const values = isNumber ? slice(x, ...x.shape.map(() => 0)).toArray() : x.toArray();
	const asPython = (_: string, value: unknown) =>
		typeof value === "boolean" ? Number(value) : value;
	return JSON.stringify(values, asPython).replaceAll(",", ", ");
}

/**
 * Programs with less in them: with one output less, or with an argument in place of an instruction.
 * They compute the same numbers.
 */
export function* simplerPrograms({ program, args }: RandomProgram): Generator<RandomProgram> {
	const { outputs, instructions } = program;
	if (outputs.length > 1) {
		for (const output of outputs) yield new RandomProgram({ ...program, outputs: [output] }, args);
		for (const output of outputs) {
			const others = outputs.filter((other) => other !== output);
			yield new RandomProgram({ ...program, outputs: others }, args);
		}
	}
	const tensors = new Map<Value, Tensor>();
	interpret(program, args, (value, tensor) => tensors.set(value, tensor));
	for (const step of instructions) {
		if (outputs.includes(step)) continue;
		const input: Input = { kind: "input", type: step.type };
		yield new RandomProgram(withReplaced(program, step, input), [...args, tensors.get(step)!]);
	}
}

/** The program with an input, which comes last, in place of a value. */
function withReplaced(program: Program, value: Value, input: Input): Program {
	const made = rewrite(program, {
		constant: (x) => x,
		apply: (step, inputs) => (step === value ? input : { ...step, inputs }),
	});
	return { ...made.program, inputs: [...program.inputs, input] };
}
