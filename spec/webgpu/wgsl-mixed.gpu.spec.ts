import * as assert from "uvu/assert";
import { ARRAYS, type DType, type TypedArray } from "../../lib/core/dtype.ts";
import { type Formula, termOf } from "../../lib/scalar/formula.ts";
import * as s from "../../lib/scalar/primitives.ts";
import type { Scalar } from "../../lib/scalar/scalar.ts";
import type { Expression } from "../../lib/schedule/expression.ts";
import type { KernelOf } from "../../lib/schedule/kernel.ts";
import { suite } from "../suite.ts";
import { inJavaScript, onDevice } from "./run-kernel.ts";

const input = (index: number): Expression => ({ kind: "input", index });

/** A loop over arrays, some of which are broadcast. */
function loopOver(
	shape: readonly number[],
	inputs: readonly (readonly [DType, readonly number[]])[],
	values: readonly (readonly [DType, Expression, (readonly number[])?])[],
): KernelOf<"loop"> {
	const rowMajor = shape.map((_, axis) => shape.slice(axis + 1).reduce((n, m) => n * m, 1));
	return {
		kind: "loop",
		loop: {
			shape,
			inputs: inputs.map(([dtype, strides]) => ({ dtype, strides })),
			outputs: values.map(([dtype, value, strides = rowMajor]) => ({ dtype, strides, value })),
		},
	};
}

async function agrees(
	kernel: KernelOf<"loop">,
	arrays: readonly TypedArray[],
	sizes: readonly number[],
	offsets: readonly number[] = [],
): Promise<void> {
	const reads = arrays.map((array, i) => ({ array, offset: offsets[i] ?? 0 }));
	const writes = kernel.loop.outputs.map(({ dtype }, i) => ({
		array: new ARRAYS[dtype](sizes[i]!),
	}));
	const want = inJavaScript(kernel, reads, writes);
	const got = await onDevice(kernel, reads, writes);
	assert.is(got.fits, want.fits);
	if (!want.fits) return;
	for (const [k, output] of want.outputs.entries()) {
		assert.equal([...got.outputs[k]!], [...output], `output ${k}`);
	}
}

suite("WGSL of casts and of several dtypes", (test) => {
	test("casts", async () => {
		const cast = (dtype: DType): readonly [DType, Expression] => [
			dtype,
			{ kind: "cast", of: input(0), dtype },
		];
		const floats = [0, -0, 0.9, -0.9, 2.5, -2.5, 1e9, 2147483520, -2147483648, 16777217];
		await agrees(
			loopOver([10], [["float32", [1]]], [cast("int32"), cast("bool"), cast("float32")]),
			[Float32Array.from(floats)],
			[10, 10, 10],
		);
		for (const x of [Number.NaN, Number.POSITIVE_INFINITY, 2147483648, -2147483904]) {
			await agrees(loopOver([1], [["float32", [1]]], [cast("int32")]), [Float32Array.of(x)], [1]);
			await agrees(loopOver([1], [["float32", [1]]], [cast("bool")]), [Float32Array.of(x)], [1]);
		}
		const whole = [0, 1, -1, 16777217, -16777217, 16777219, 2147483647, -2147483648, 33554435, 123];
		await agrees(
			loopOver([10], [["int32", [1]]], [cast("float32"), cast("bool"), cast("int32")]),
			[Int32Array.from(whole)],
			[10, 10, 10],
		);
		await agrees(
			loopOver([2], [["bool", [1]]], [cast("float32"), cast("int32"), cast("bool")]),
			[Uint8Array.of(0, 1)],
			[2, 2, 2],
		);
	});

	test("whole numbers are compared exactly with floats", async () => {
		const whole = [0, 16777217, 16777216, -16777217, 2147483647, -2147483648, 5];
		const floats = [0, -0, 16777216, -16777216, 2147483648, -2147483648, 5.5, Number.NaN];
		floats.push(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
		const both = (formula: Formula<[Scalar, Scalar]>): readonly [DType, Expression] => {
			const args = [input(0), input(1)];
			return ["bool", { kind: "formula", term: termOf(formula, 2), args, dtype: "bool" }];
		};
		const values = [
			both((x, y) => s.equal(x, y)),
			both((x, y) => s.notEqual(y, x)),
			both((x, y) => s.less(x, y)),
			both((x, y) => s.lessEqual(y, x)),
			both((x, y) => s.and(s.greater(y, x), s.greaterEqual(y, x))),
		];
		const strides = [
			[1, 0],
			[0, 1],
		] as const;
		await agrees(
			loopOver(
				[7, 10],
				[
					["int32", strides[0]],
					["float32", strides[1]],
				],
				values,
			),
			[Int32Array.from(whole), Float32Array.from(floats)],
			[70, 70, 70, 70, 70],
		);
	});

	test("floats with whole numbers and bools, broadcast and turned around", async () => {
		const term = termOf((x, y, t) => s.select(s.notEqual(t, 0), s.add(x, y), s.mul(x, 2)), 3);
		const args = [input(0), input(1), input(2)];
		const value: Expression = { kind: "formula", term, args, dtype: "float32" };
		const inputs = [
			["float32", [1, 3, 0]],
			["int32", [0, 0, 1]],
			["bool", [0, 1, 0]],
		] as const;
		await agrees(
			loopOver([3, 4, 5], inputs, [
				["float32", value, [20, 5, 1]],
				["float32", value, [1, 3, 12]],
			]),
			[
				Float32Array.from({ length: 14 }, (_, i) => i / 2),
				Int32Array.from({ length: 9 }, (_, i) => 3 * i - 7),
				Uint8Array.of(0, 1, 0, 1, 1),
			],
			[60, 60],
			[2, 3, 1],
		);
	});

	test("the elements of triangles, by indices of float64", async () => {
		const term = termOf((x, row, column) => s.select(s.lessEqual(column, row), x, 0), 3);
		const args = [input(0), input(1), input(2)];
		const value: Expression = { kind: "formula", term, args, dtype: "float32" };
		const inputs = [
			["float32", [7, 1]],
			["float64", [1, 0]],
			["float64", [0, 1]],
		] as const;
		await agrees(
			loopOver([5, 7], inputs, [["float32", value]]),
			[
				Float32Array.from({ length: 35 }, (_, i) => i + 0.5),
				Float64Array.from({ length: 5 }, (_, i) => i + 1),
				Float64Array.from({ length: 7 }, (_, i) => i),
			],
			[35],
		);
	});
});
