import { allocate, type DType } from "../core/dtype.ts";
import { rowMajorStrides, type Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { constantOf, type Instruction, type Value } from "../program/program.ts";
import type { Expression } from "./expression.ts";
import { loweringOf, recipeOf } from "./lower.ts";
import * as operations from "./operations.ts";
import { itself, type View } from "./view.ts";

/** What instructions of a program read. */
export type Reads = (step: Instruction) => readonly View[];

/**
 * For each instruction of a program what it reads: its inputs; for a triangle also where each row
 * meets the diagonal, and the columns; for random numbers the words of the key and then the numbers
 * that add up to each element's own, in place of the key. What is counted is made once, however
 * often it is asked for.
 */
export function readsIn(viewOf: (value: Value) => View): Reads {
	const known = new Map<Instruction, readonly View[]>();
	return (step) => {
		const reads = known.get(step) ?? readsOf(step, viewOf);
		known.set(step, reads);
		return reads;
	};
}

function readsOf(step: Instruction, viewOf: (value: Value) => View): View[] {
	const { op, params, type } = step;
	const { shape } = type;
	const inputs = step.inputs.map(viewOf);
	switch (loweringOf(op)) {
		case "lower triangle":
		case "upper triangle": {
			const { k } = params as { k: number };
			const rows = counted("float64", shape, shape.length - 2, k, 1);
			return [...inputs, rows, counted("float64", shape, shape.length - 1, 0, 1)];
		}
		case "random key":
			return [
				...wordsOf(inputs[0]!, shape),
				spread(inputs[1]!, shape),
				counted("int32", shape, 0, 0, 1),
			];
		case "random number":
		case "random whole number":
		case "random chance": {
			const [key, ...rest] = inputs;
			const counters = rowMajorStrides(shape).map((stride, axis) =>
				counted("int32", shape, axis, 0, stride),
			);
			return [...wordsOf(key!, shape), ...counters, ...rest];
		}
		default:
			return inputs;
	}
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

/**
 * The expression of an instruction whose elements are computed one by one or only placed, from
 * those of what it reads.
 */
export function applied(step: Instruction, args: readonly Expression[]): Expression {
	const { op, params, type } = step;
	const { dtype, shape } = type;
	const constant = (value: number): Expression => ({ kind: "constant", value, dtype });
	const triangle = (compare: typeof operations.isAtMost) => {
		const [x, row, column] = args;
		return operations.choiceOf(dtype, compare("bool", column!, row!), x!, constant(0));
	};
	const random = (what: "single" | "double"): Expression => {
		const counters = args.slice(2, 2 + shape.length);
		return { kind: "random", what, key: args.slice(0, 2), counters, stream: 0 };
	};
	switch (loweringOf(op)) {
		case "cast":
			return { kind: "cast", of: args[0]!, dtype };
		case "lower triangle":
			return triangle(operations.isAtMost);
		case "upper triangle":
			return triangle(operations.isAtLeast);
		case "random number":
			return random(dtype === "float32" ? "single" : "double");
		case "random chance":
			return { kind: "chance", number: random("double"), probability: args.at(-1)! };
		case "random whole number": {
			const { low, high } = params as { low: number; high: number };
			const [range, first] = [high - low, low].map(
				(value): Expression => ({ kind: "constant", value, dtype: "float64" }),
			);
			const steps = operations.floorOf(
				"float64",
				operations.times("float64", random("double"), range!),
			);
			return { kind: "cast", of: operations.sumOf("float64", first!, steps), dtype };
		}
		case "random key": {
			const [key0, key1, data, place] = args;
			const { stream } = params as { stream: number };
			const word = (what: "first word" | "second word"): Expression => {
				return { kind: "random", what, key: [key0!, key1!], counters: [data!], stream };
			};
			return operations.choiceOf(dtype, place!, word("second word"), word("first word"));
		}
		case "reduction":
			return { kind: "cast", of: recipeOf(step, args).value, dtype };
		case "placement":
		case "scatter":
			return args[0]!;
		default:
			return { kind: "formula", term: op.formula!(), args, dtype };
	}
}
