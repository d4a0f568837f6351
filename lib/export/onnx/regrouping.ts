import { isFloat } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { div, mul } from "../../ops/arithmetic.ts";
import { Builder, uniformNumber } from "../../program/builder.ts";
import { expressed } from "../../program/inline.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";
import { type Rewritten, rewrite } from "../../program/rewrite.ts";
import { broadcastTo } from "../../structure/broadcasting.ts";

// In products and quotients single numbers are multiplied with each other first, and the tensor by
// what comes out: one pass over its elements in place of several, and no division among them.

/** A single element that is known when the model runs, to a power. */
interface Single {
	readonly value: Value;
	readonly power: number;
}

/** A value as a tensor times single numbers. */
interface Factors {
	readonly tensor: Value;
	readonly number: number;
	readonly singles: readonly Single[];
}

/** Numbers beyond stay where they are, so that no product of them leaves the range of float32. */
const [LEAST, GREATEST] = [1e-15, 1e15];

/**
 * A program whose products and quotients are grouped anew.
 * @param named values that stay, since the user named them
 */
export function regrouped(program: Program, named: ReadonlyMap<Value, unknown>): Rewritten {
	const readers = readersIn(program);
	const builder = new Builder();
	const known = new Map<Value, Factors>();

	/** What is made of a value, if that is only products and quotients. */
	const productsOf = (step: Instruction): readonly Instruction[] => {
		const all = named.has(step) ? [] : (readers.get(step) ?? []);
		return all.every((reader) => reader !== null && powersOf(reader)) ? (all as Instruction[]) : [];
	};

	const factorsOf = (step: Instruction, inputs: readonly Value[]): Factors | null => {
		const powers = powersOf(step);
		if (powers === null || sizeOf(step.type.shape) === 1) return null;
		let number = 1;
		const singles: Single[] = [];
		const tensors: Value[] = [];
		for (const [i, input] of inputs.entries()) {
			const power = powers[i]!;
			const constant = uniformNumber(input);
			const single = singleIn(input);
			if (constant !== null) number *= constant ** power;
			else if (single !== null) singles.push({ value: single, power });
			else {
				const found = known.get(step.inputs[i]!) ?? { tensor: input, number: 1, singles: [] };
				number *= found.number ** power;
				singles.push(...found.singles.map((one) => ({ ...one, power: one.power * power })));
				tensors.push(found.tensor);
			}
		}
		const isInRange = Math.abs(number) >= LEAST && Math.abs(number) <= GREATEST;
		if (!isInRange || tensors.length === 0) return null;
		if (tensors.length === inputs.length) {
			return { tensor: builder.apply(step.op, tensors, step.params), number, singles };
		}
		const isMultiplied = powers[inputs.findIndex((x) => !isSingle(x))] === 1;
		return isMultiplied ? { tensor: tensors[0]!, number, singles } : null;
	};

	return rewrite(program, {
		constant: (value) => value,
		apply: (step, inputs) => {
			const factors = factorsOf(step, inputs);
			const all = productsOf(step);
			if (factors === null) {
				const made = { ...step, inputs };
				const number = isMatrixProduct(step) && all.length > 1 ? numberIn(all) : null;
				if (number !== null) {
					const tensor = multiplied({ tensor: made, number, singles: [] }, builder);
					known.set(step, { tensor, number: 1 / number, singles: [] });
				}
				return made;
			}
			if (all.length === 1) known.set(step, factors);
			return multiplied(factors, builder);
		},
	});
}

/** Who reads values; null stands for the results. */
function readersIn({ instructions, outputs }: Program): Map<Value, (Instruction | null)[]> {
	const readers = new Map<Value, (Instruction | null)[]>();
	const note = (value: Value, reader: Instruction | null) =>
		readers.set(value, [...(readers.get(value) ?? []), reader]);
	for (const step of instructions) for (const input of new Set(step.inputs)) note(input, step);
	for (const output of outputs) note(output, null);
	return readers;
}

/** The powers of its inputs that an instruction multiplies; null for another one. */
function powersOf({ op, inputs, type }: Instruction): readonly number[] | null {
	const { powers, absorbing } = op.traits?.algebra ?? {};
	if (powers === undefined || absorbing !== undefined || !isFloat(type.dtype)) return null;
	return inputs.every((x) => x.type.dtype === type.dtype) ? powers : null;
}

function isMatrixProduct({ op, inputs, type }: Instruction): boolean {
	const areMatrices = inputs.every((x) => x.type.shape.length === 2);
	return op.lowering === "product" && areMatrices && isFloat(type.dtype);
}

/** A number, at most 1, with which one of these multiplies; null if none does. */
function numberIn(steps: readonly Instruction[]): number | null {
	for (const { op, inputs } of steps) {
		const numbers = op === mul.op ? inputs.map(uniformNumber).filter((x) => x !== null) : [];
		const [number = 0] = numbers.map(Math.abs);
		if (number >= LEAST && number <= 1) return numbers[0]!;
	}
	return null;
}

/** The single element that a value repeats; null for another value. */
function singleIn(value: Value): Value | null {
	if (value.kind !== "instruction" || value.op !== broadcastTo.op) return null;
	const [from] = value.inputs as [Value];
	return sizeOf(from.type.shape) === 1 ? from : null;
}

function isSingle(value: Value): boolean {
	return uniformNumber(value) !== null || singleIn(value) !== null;
}

/** A tensor times numbers, which are multiplied first. */
function multiplied({ tensor, number, singles }: Factors, builder: Builder): Value {
	const values = [tensor, ...singles.map(({ value }) => value)];
	const isOne = Math.abs(number - 1) < 2 * Number.EPSILON;
	if (isOne && singles.length === 0) return tensor;
	return expressed(values, builder, ([x, ...ones]) => {
		const side = (sign: number) =>
			ones.flatMap((one, i): Tensor[] => {
				const power = sign * singles[i]!.power;
				return Array.from({ length: Math.max(0, power) }, () => one);
			});
		const above = side(1).reduce<Tensor | number>((product, one) => mul(product, one), number);
		const below = side(-1);
		if (below.length === 0) return mul(x!, above);
		return mul(
			x!,
			div(
				above,
				below.reduce((product, one) => mul(product, one)),
			),
		);
	})!;
}
