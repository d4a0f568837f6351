import { isFloat } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import { div, mul } from "../../ops/arithmetic.ts";
import { Builder, uniformNumber } from "../../program/builder.ts";
import { expressed } from "../../program/inline.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";
import { type Rewritten, rewrite } from "../../program/rewrite.ts";
import { broadcastTo } from "../../structure/broadcasting.ts";

// In products and quotients single numbers are multiplied with each other first, and the tensor by
// what comes out: one pass over its elements in place of several, and no division among them.

/** A single element that is known when the model runs; its power is 1 or −1. */
interface Single {
	readonly value: Value;
	readonly power: number;
}

/** A value as what is made of a tensor after it has been multiplied by single numbers. */
interface Factors {
	readonly tensor: Value;
	readonly number: number;
	readonly single: Single | null;
	readonly finish: (x: Value) => Value;
}

/**
 * Numbers beyond stay where they are: what they would be multiplied with in another order could
 * leave the range of float32.
 */
const [LEAST, GREATEST] = [1e-6, 1e6];
/** By less than this no product of matrices is multiplied whose square is read, too. */
const LEAST_OF_PRODUCTS = 1 / 16;

const asItIs = (x: Value) => x;

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

	const plain = (tensor: Value): Factors => ({ tensor, number: 1, single: null, finish: asItIs });

	/** The factors of a product or a quotient of two, or of a power; null for what stays. */
	const factorsOf = (step: Instruction, inputs: readonly Value[]): Factors | null => {
		const powers = powersOf(step);
		if (powers === null || sizeOf(step.type.shape) === 1) return null;
		const [x, y] = step.inputs.map((before, i) => known.get(before) ?? plain(inputs[i]!));
		const apply = (...values: Value[]) => builder.apply(step.op, values, step.params);
		if (y === undefined) {
			const tensor = apply(multiplied({ ...x!, number: 1 }, builder));
			return { ...plain(tensor), number: x!.number ** powers[0]! };
		}
		const at = inputs.findIndex(isSingle);
		if (at < 0) {
			const other = multiplied({ ...y, number: 1 }, builder);
			const number = x!.number * y.number ** powers[1]!;
			return { ...x!, number, finish: (value) => apply(x!.finish(value), other) };
		}
		const [other, power] = [inputs[at]!, powers[at]!];
		const of = at === 0 ? y : x!;
		if (powers[1 - at] !== 1 || isSingle(inputs[1 - at]!)) return null;
		const number = uniformNumber(other);
		if (number !== null) return { ...of, number: of.number * number ** power };
		const single = { value: singleIn(other)!, power };
		if (of.single === null && of.finish === asItIs) return { ...of, single };
		return { ...plain(multiplied(of, builder)), single };
	};

	return rewrite(program, {
		constant: (value) => value,
		apply: (step, inputs) => {
			const all = productsOf(step);
			const factors = factorsOf(step, inputs);
			if (factors !== null && isBetween(factors.number, LEAST, GREATEST)) {
				if (all.length === 1) known.set(step, factors);
				return multiplied(factors, builder);
			}
			const made = { ...step, inputs };
			const number = isMatrixProduct(step) && all.length > 1 ? numberIn(all) : null;
			if (number !== null) {
				const tensor = multiplied({ ...plain(made), number }, builder);
				known.set(step, { ...plain(tensor), number: 1 / number });
			}
			return made;
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

/** A number from 1/16 to 1 with which one of these multiplies; null if none does. */
function numberIn(steps: readonly Instruction[]): number | null {
	for (const { op, inputs } of steps) {
		const numbers = op === mul.op ? inputs.map(uniformNumber).filter((x) => x !== null) : [];
		const [number = 0] = numbers;
		if (isBetween(number, LEAST_OF_PRODUCTS, 1)) return number;
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

function isBetween(number: number, least: number, most: number): boolean {
	return Math.abs(number) >= least && Math.abs(number) <= most;
}

/** What factors stand for. */
function multiplied({ tensor, number, single, finish }: Factors, builder: Builder): Value {
	if (single === null) {
		const isOne = Math.abs(number - 1) < 2 * Number.EPSILON;
		return finish(isOne ? tensor : expressed([tensor], builder, ([x]) => mul(x!, number))!);
	}
	return finish(
		expressed([tensor, single.value], builder, ([x, one]) =>
			mul(x!, single.power === 1 ? mul(one!, number) : div(number, one!)),
		)!,
	);
}
