import { TraceError } from "../core/error.ts";
import { broadcastNumber } from "../core/lift.ts";
import type { Op, TensorType } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { abstractTensor } from "./abstract.ts";

/** What a program computes with: an input, a constant, or the result of an instruction. */
export type Value = Input | Constant | Instruction;

/** An argument of a program. */
export interface Input {
	readonly kind: "input";
	readonly type: TensorType;
}

/**
 * A tensor that was there before the program ran: a number in the source, or what the function
 * closes over.
 */
export interface Constant {
	readonly kind: "constant";
	readonly type: TensorType;
	readonly tensor: Tensor;
}

/** One application of an op, and its result. */
export interface Instruction {
	readonly kind: "instruction";
	readonly type: TensorType;
	readonly op: Op;
	readonly inputs: readonly Value[];
	readonly params: Data;
}

/**
 * A function of tensors as a straight list of instructions. Values refer to each other: a rewritten
 * program is a new one.
 */
export interface Program {
	readonly inputs: readonly Input[];
	/** Each after those whose results it uses. */
	readonly instructions: readonly Instruction[];
	readonly outputs: readonly Value[];
}

/** The programs that an op runs; none for most. */
export function bodiesOf({ bodies }: Op): readonly Program[] {
	return (bodies?.programs ?? []) as readonly Program[];
}

/** The op with other bodies, which compute the same; an op without bodies as it is. */
export function withBodies(op: Op, change: (body: Program) => Program): Op {
	return op.bodies === undefined ? op : op.bodies.with(bodiesOf(op).map(change));
}

/** A constant of a program. */
export function constantOf(tensor: Tensor): Constant {
	return { kind: "constant", type: { shape: tensor.shape, dtype: tensor.dtype }, tensor };
}

/** A constant all of whose elements are one number; it takes one element of storage. */
export function constantNumber(number: number, { shape, dtype }: TensorType): Constant {
	return constantOf(broadcastNumber("program", number, dtype, shape));
}

/** The application of an op to values, with the type that the op's rule gives. */
export function instructionOf(op: Op, inputs: readonly Value[], params: Data): Instruction {
	const type = op.infer(inputs.map(standIn), params);
	return {
		kind: "instruction",
		type: { shape: type.shape, dtype: type.dtype },
		op,
		inputs,
		params,
	};
}

function standIn(value: Value): Tensor {
	return value.kind === "constant"
		? value.tensor
		: abstractTensor(value.type, "an instruction's input");
}

/**
 * Checks that every value is defined before it is used and has the type that its op's rule gives.
 * @throws TraceError naming the first instruction that is wrong
 */
export function checkProgram({ inputs, instructions, outputs }: Program): void {
	const defined = new Set<Value>(inputs);
	const use = (value: Value, user: string) => {
		if (value.kind !== "constant" && !defined.has(value)) {
			throw new TraceError(`program: ${user} uses a value that is not defined before it`);
		}
	};
	for (const [i, step] of instructions.entries()) {
		const name = `instruction ${i}, ${step.op.name},`;
		for (const input of step.inputs) use(input, name);
		const { type } = instructionOf(step.op, step.inputs, step.params);
		if (!sameShape(type.shape, step.type.shape) || type.dtype !== step.type.dtype) {
			throw new TraceError(
				`program: ${name} says it gives ${step.type.dtype} ${showShape(step.type.shape)}, ` +
					`its op gives ${type.dtype} ${showShape(type.shape)}`,
			);
		}
		defined.add(step);
	}
	for (const output of outputs) use(output, "the result");
}

/**
 * The instructions that the values are made by, each after its inputs, but for those already there.
 * Iterative: chains may be long.
 */
export function instructionsOf(
	values: readonly Value[],
	there: Pick<ReadonlySet<Value>, "has"> = new Set(),
): Instruction[] {
	const order: Instruction[] = [];
	const seen = new Set<Value>();
	const path: { value: Instruction; next: number }[] = [];
	const enter = (value: Value) => {
		if (value.kind !== "instruction" || seen.has(value) || there.has(value)) return;
		seen.add(value);
		path.push({ value, next: 0 });
	};
	for (const value of values) {
		enter(value);
		while (path.length > 0) {
			const last = path[path.length - 1]!;
			const input = last.value.inputs[last.next++];
			if (input !== undefined) enter(input);
			else order.push(path.pop()!.value);
		}
	}
	return order;
}

/** The values that instructions read, and the results. */
export function valuesRead({ instructions, outputs }: Omit<Program, "inputs">): Set<Value> {
	return new Set([...outputs, ...instructions.flatMap(({ inputs }) => inputs)]);
}
