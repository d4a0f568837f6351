import { sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { interpret, type ProgramReading } from "../../program/interpret.ts";
import {
	constantOf,
	type Input,
	type Instruction,
	instructionsOf,
	type Program,
	type Value,
	valuesRead,
} from "../../program/program.ts";
import { asItIs, rewrite } from "../../program/rewrite.ts";
import { narrowed } from "./narrow.ts";

/**
 * A device has no float64, and optimizers compute a few numbers in it from the number of the step.
 * What rests on small arguments of other dtypes than float32 alone is computed on the host, before
 * the device begins; what rests on nothing, once.
 */
export interface ProgramSplit {
	/** What the host computes of the arguments; without inputs and outputs where there is nothing. */
	readonly host: Program;
	/** Which of the program's arguments that takes. */
	readonly hostArgs: readonly number[];
	/** What the device computes, of the program's arguments and the host's results. */
	readonly device: Program;
	/** Which of the program's arguments the device takes, before the first results of the host. */
	readonly deviceArgs: readonly number[];
	/** How many results of the host the device takes. */
	readonly passed: number;
	/** Where each of the program's results is found: among those of the host or the device. */
	readonly results: readonly { readonly on: "host" | "device"; readonly index: number }[];
}

/** Arguments of so few elements may be needed on the host. */
const SMALL = 16;
/** So many elements are computed there at most: tables of angles have some. */
const MOST = 2 ** 16;

/** Splits a program; values of float64 that stay on the device are float32 there. */
export function splitProgram(program: Program): ProgramSplit {
	const onHost = hostValues(program);
	const known = new Map<Value, Tensor>();
	const fixed = restingOnNothing(program.instructions.filter((step) => onHost.has(step)));
	const fixedProgram = { inputs: [], instructions: instructionsOf(fixed), outputs: fixed };
	for (const [i, tensor] of interpret(fixedProgram, []).entries()) known.set(fixed[i]!, tensor);

	const passing = new Map<Value, Input>();
	const standing = (value: Value): Value => {
		const tensor = known.get(value);
		if (tensor !== undefined) return constantOf(tensor);
		const input = passing.get(value) ?? { kind: "input", type: value.type };
		passing.set(value, input);
		return input;
	};
	const isHosts = (value: Value): value is Instruction => onHost.has(value as Instruction);
	const theirs = program.outputs.filter((value) => !isHosts(value));
	const apply: ProgramReading<Value>["apply"] = (step, inputs) =>
		onHost.has(step) ? standing(step) : { ...step, inputs };
	const { program: rest } = rewrite({ ...program, outputs: theirs }, { ...asItIs, apply });
	const used = valuesRead(rest);
	const passed = [...passing].filter(([, input]) => used.has(input));
	const taken = program.inputs.filter((input) => used.has(input));
	const inputs = [...taken, ...passed.map(([, input]) => input)];
	const returned = [...new Set(program.outputs.filter(isHosts))];
	const hostOutputs = [...passed.map(([value]) => value), ...returned];
	const instructions = instructionsOf(hostOutputs);
	const given = valuesRead({ instructions, outputs: hostOutputs });
	const hostInputs = program.inputs.filter((input) => given.has(input));
	const indexOf = (input: Input) => program.inputs.indexOf(input);
	let next = 0;
	return {
		host: { inputs: hostInputs, instructions, outputs: hostOutputs },
		hostArgs: hostInputs.map(indexOf),
		device: narrowed({ inputs, instructions: rest.instructions, outputs: rest.outputs }),
		deviceArgs: taken.map(indexOf),
		passed: passed.length,
		results: program.outputs.map((value) =>
			isHosts(value)
				? { on: "host", index: passed.length + returned.indexOf(value) }
				: { on: "device", index: next++ },
		),
	};
}

/** The instructions that the host computes. */
function hostValues({ instructions, outputs }: Program): Set<Instruction> {
	const can = new Set<Value>();
	const isGiven = (value: Value): boolean =>
		value.kind === "constant" ||
		can.has(value) ||
		(value.kind === "input" && value.type.dtype !== "float32" && sizeOf(value.type.shape) <= SMALL);
	for (const step of instructions) {
		const isFew = sizeOf(step.type.shape) <= MOST;
		if (isFew && step.op.bodies === undefined && step.inputs.every(isGiven)) can.add(step);
	}
	const doubles = instructions.filter(
		(step) => can.has(step) && [step, ...step.inputs].some(({ type }) => type.dtype === "float64"),
	);
	const host = new Set(instructionsOf(doubles));
	if (host.size === 0) return host;
	// What is given back beside it, as the next step's number, is an argument of the next call.
	const leaves = new Set([...host].flatMap(({ inputs }) => inputs));
	for (const step of instructions) {
		const isNext =
			outputs.includes(step) &&
			sizeOf(step.type.shape) <= SMALL &&
			step.type.dtype !== "float32" &&
			can.has(step) &&
			step.inputs.every((value) => value.kind === "constant" || leaves.has(value));
		if (isNext) host.add(step);
	}
	return host;
}

/** Those of instructions, in order, that use no argument. */
function restingOnNothing(instructions: readonly Instruction[]): Instruction[] {
	const fixed = new Set<Value>();
	return instructions.filter((step) => {
		const isFixed = step.inputs.every((value) => value.kind === "constant" || fixed.has(value));
		if (isFixed) fixed.add(step);
		return isFixed;
	});
}
