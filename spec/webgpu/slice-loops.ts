import * as fc from "fast-check";
import { allocate, type DType } from "../../lib/core/dtype.ts";
import { reducedShape, rowMajorStrides, type Shape, sizeOf } from "../../lib/core/shape.ts";
import { mul } from "../../lib/scalar/primitives.ts";
import type { Expression } from "../../lib/schedule/expression.ts";
import type { ReducerName, SliceLoop, SliceOutput } from "../../lib/schedule/kernel.ts";
import { choiceOf, isAtMost, operationOf, sumOf } from "../../lib/schedule/operations.ts";
import { type Layout, layouts } from "../layouts.ts";

/** Shapes with some of their axes, and layouts for two inputs. */
export const cases = fc
	.array(fc.constantFrom(1, 2, 5, 63, 65, 130), { minLength: 1, maxLength: 3 })
	.filter((shape) => sizeOf(shape) < 50_000)
	.chain((shape) =>
		fc.record({
			shape: fc.constant(shape),
			axes: fc.shuffledSubarray([...shape.keys()], { minLength: 1 }),
			inputs: fc.tuple(layouts(shape), layouts(shape)),
			isTurned: fc.boolean(),
		}),
	);

/** Small whole numbers where a layout finds them; sums of these are exact in any order. */
export function elementsFor(dtype: DType, shape: Shape, { strides, offset }: Layout) {
	const last = strides.map((stride, axis) => Math.max(0, stride * (shape[axis]! - 1)));
	const array = allocate(dtype, 1 + last.reduce((a, b) => a + b, offset));
	return { array: array.map((_, i) => ((i * i) % 7) - 3), offset };
}

/** Passes over floats and whole numbers, with results in each other and in outputs of each kind. */
export function loopOf(shape: Shape, axes: readonly number[], inputs: Layout[], isTurned: boolean) {
	const [x, y] = [0, 1].map((index): Expression => ({ kind: "input", index }));
	const results = [0, 1, 2, 3, 4, 5].map((index): Expression => ({ kind: "result", index }));
	const [squares, greatest, isAnySmall, counted, atFirst, place] = results;
	const zero: Expression = { kind: "constant", value: 0, dtype: "int32" };
	const by = (name: ReducerName, of: Expression, dtype: DType) => ({ by: name, of, dtype });
	const isLeast = isAtMost("bool", x!, { kind: "constant", value: -3, dtype: "float32" });
	const turned = (strides: readonly number[]) => (isTurned ? strides.toReversed() : strides);
	const output = (perElement: boolean, dtype: DType, value: Expression): SliceOutput => {
		const kept = perElement ? shape : reducedShape(shape, axes, true);
		const strides = turned(rowMajorStrides(isTurned ? kept.toReversed() : kept));
		const held = strides.map((stride, axis) => (axes.includes(axis) && !perElement ? 0 : stride));
		return { perElement, dtype, value, strides: held };
	};
	const loop: SliceLoop = {
		shape,
		axes,
		inputs: inputs.map(({ strides }, k) => ({ dtype: k === 0 ? "float32" : "int32", strides })),
		passes: [
			{
				kind: "reduce",
				reductions: [
					by("total", operationOf(mul(0, 0))("float32", x!, x!), "float32"),
					by("greatest", y!, "int32"),
					by("some", isLeast, "bool"),
				],
			},
			{
				kind: "reduce",
				unless: isAnySmall!,
				reductions: [by("total", choiceOf("int32", isAtMost("bool", x!, y!), y!, zero), "int32")],
			},
			{ kind: "first", of: sumOf("float64", squares!, x!) },
			{
				kind: "reduce",
				reductions: [
					by(
						"least",
						choiceOf("int32", isAtMost("bool", greatest!, y!), { kind: "position" }, zero),
						"int32",
					),
				],
			},
		],
		outputs: [
			output(
				true,
				"float32",
				sumOf("float32", x!, { kind: "cast", of: squares!, dtype: "float32" }),
			),
			output(true, "int32", sumOf("int32", { kind: "position" }, place!)),
			output(false, "int32", choiceOf("int32", isAnySmall!, zero, counted!)),
			output(false, "float32", atFirst!),
		],
	};
	return loop;
}
