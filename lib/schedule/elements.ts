import { allocate, type DType } from "../core/dtype.ts";
import { rowMajorStrides, type Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { constantOf, type Instruction } from "../program/program.ts";
import type { Expression } from "./expression.ts";
import { asLoop } from "./loops.ts";
import * as operations from "./operations.ts";
import type { Lowered } from "./planner.ts";
import { itself, type View } from "./view.ts";

/** Elements that a formula gives. */
export const asFormula = asLoop(({ op, type }, args) => {
	return { kind: "formula", term: op.formula!(), args, dtype: type.dtype };
});

/** Elements in another dtype. */
export const asCast = asLoop(({ type }, args) => {
	return { kind: "cast", of: args[0]!, dtype: type.dtype };
});

/**
 * Elements of matrices below or above diagonal `k`, and zeros. It reads also where each row meets
 * the diagonal, and the columns.
 */
export function asTriangle(side: "lower" | "upper", k: number): Lowered {
	return asLoop(
		({ type: { dtype } }, [x, row, column]) => {
			const compare = side === "lower" ? operations.isAtMost : operations.isAtLeast;
			const inside = compare("bool", column!, row!);
			return operations.choiceOf(dtype, inside, x!, { kind: "constant", value: 0, dtype });
		},
		({ type: { shape } }, inputs) => {
			const rows = counted("float64", shape, shape.length - 2, k, 1);
			return [...inputs, rows, counted("float64", shape, shape.length - 1, 0, 1)];
		},
	);
}

/** The words of a new key. */
export function asRandomKey(stream: number): Lowered {
	return asLoop(
		({ type: { dtype } }, [key0, key1, data, place]) => {
			const word = (what: "first word" | "second word"): Expression => {
				return { kind: "random", what, key: [key0!, key1!], counters: [data!], stream };
			};
			return operations.choiceOf(dtype, place!, word("second word"), word("first word"));
		},
		({ type: { shape } }, [key, data]) => [
			...wordsOf(key!, shape),
			spread(data!, shape),
			counted("int32", shape, 0, 0, 1),
		],
	);
}

/** Random numbers between 0 and 1. */
export const asRandomNumber = asLoop((step, args) => {
	return random(step, args, step.type.dtype === "float32" ? "single" : "double");
}, randomReads);

/** Whether random numbers are below a probability. */
export const asRandomChance = asLoop((step, args) => {
	return { kind: "chance", number: random(step, args, "double"), probability: args.at(-1)! };
}, randomReads);

/** Random whole numbers, `high` not among them. */
export function asRandomWholeNumber(low: number, high: number): Lowered {
	return asLoop((step, args) => {
		const number = random(step, args, "double");
		return { kind: "pick", number, first: low, count: high - low };
	}, randomReads);
}

/**
 * In place of the key its words, and then the numbers that add up to the one of each element in
 * row-major order.
 */
function randomReads({ type: { shape } }: Instruction, [key, ...rest]: readonly View[]): View[] {
	const counters = rowMajorStrides(shape).map((stride, axis) =>
		counted("int32", shape, axis, 0, stride),
	);
	return [...wordsOf(key!, shape), ...counters, ...rest];
}

function random(
	{ type: { shape } }: Instruction,
	args: readonly Expression[],
	what: "single" | "double",
): Expression {
	const counters = args.slice(2, 2 + shape.length);
	return { kind: "random", what, key: args.slice(0, 2), counters, stream: 0 };
}

/** The numbers first, first + step, … along an axis of a shape. */
function counted(dtype: DType, shape: Shape, axis: number, first: number, step: number): View {
	const values = allocate(dtype, shape[axis]!).map((_, i) => first + step * i);
	const strides = shape.map((_, i) => (i === axis ? 1 : 0));
	return itself(constantOf(new Tensor(values, dtype, shape, strides)));
}

/** The two words of a key, each the same for all elements of a shape. */
function wordsOf(key: View, shape: Shape): View[] {
	return [0, 1].map((word) => {
		const offset = key.offset + word * key.strides[0]!;
		return spread({ ...key, offset }, shape);
	});
}

/** The first element, for all of a shape. */
function spread({ base, offset }: View, shape: Shape): View {
	return { base, shape, strides: shape.map(() => 0), offset };
}
