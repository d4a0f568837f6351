import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { records } from "../../../../lib/check/records.ts";
import type { DType } from "../../../../lib/core/dtype.ts";
import { sizeOf } from "../../../../lib/core/shape.ts";
import { Tensor } from "../../../../lib/core/tensor.ts";
import { arange, random, tensor } from "../../../../lib/index.ts";
import type { Expression } from "../../../../lib/schedule/expression.ts";
import { recipeFor } from "../../../../lib/schedule/recipes.ts";
import { type Layout, layouts } from "../../../layouts.ts";
import { operations } from "../../../operations.ts";
import { sampled } from "../../../runs.ts";
import { suite } from "../../../suite.ts";
import { runRecipe } from "./run-slices.ts";

const x: Expression = { kind: "input", index: 0 };
const second: Expression = { kind: "input", index: 1 };
const names = records.filter((op) => op.slices !== undefined).map((op) => op.name);

/** What an op gives, and what its recipe does. */
function both(name: string, input: Tensor, axes: readonly number[], parts = 1) {
	const op = records.find((record) => record.name === name)!;
	const { dtype } = input;
	const params = { axes, keepDims: false, all: false, ddof: 1, p: 3 };
	const recipe = recipeFor(op.slices!.form(), {
		inputs: [
			{ of: x, dtype },
			{ of: second, dtype },
		],
		n: sizeOf(axes.map((axis) => input.shape[axis]!)),
		numbers: op.slices!.numbers?.(params) ?? [],
	});
	const inputs = [input];
	const greatest = input.max(axes, { keepDims: true });
	if (name === "maskFirst") inputs.push(greatest);
	const type = op.infer(inputs, params);
	const expected = op.evaluate(inputs, params, type).data as ArrayLike<number>;
	const operands = name === "maskFirst" ? [input, greatest.broadcastTo(input.shape)] : inputs;
	return { actual: runRecipe(recipe, operands, axes, type.dtype, parts), expected, type };
}

function compare(name: string, input: Tensor, axes: readonly number[], parts = 1): void {
	const { actual, expected, type } = both(name, input, axes, parts);
	// Sums of float32 are in float64 here as there; float64 ones are added up in another order.
	const tolerance = type.dtype === "float32" ? 4e-7 : type.dtype === "float64" ? 1e-13 : 0;
	for (let i = 0; i < expected.length; i++) {
		const [a, e] = [Number(actual[i]), Number(expected[i])];
		if (Object.is(a, e) || a === e || Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e)))
			continue;
		const what = `${name} over ${axes} of ${input.dtype} (${input.shape})`;
		assert.unreachable(`${what}, element ${i}: expected ${e}, got ${a}`);
	}
	assert.is(actual.length, expected.length);
}

/** Storage that holds all elements of a layout, none of them greater than `most`. */
function laidOut(
	shape: readonly number[],
	{ strides, offset }: Layout,
	dtype: DType,
	most: number,
): Tensor {
	const last = strides.reduce((sum, s, i) => sum + Math.max(0, s * (shape[i]! - 1)), offset);
	const values = Array.from({ length: last + 1 }, (_, i) =>
		Math.max(-most, Math.min(most, ((i * 7) % 23) / 4 - 2)),
	);
	return new Tensor(tensor(values).astype(dtype).storage, dtype, shape, strides, offset);
}

suite("wasm/reduce/slices", (test) => {
	test("every op gives what the eager one gives, for any layout, axes and dtype, in parts too", () => {
		const cases = fc
			.array(fc.integer({ min: 1, max: 11 }), { minLength: 1, maxLength: 3 })
			.chain((shape) =>
				fc.tuple(
					fc.constant(shape),
					layouts(shape),
					fc.subarray([...shape.keys()]),
					fc.constantFrom<DType>("float64", "float32", "int32", "bool"),
					fc.integer({ min: 1, max: 3 }),
					fc.constantFrom(...names),
				),
			);
		fc.assert(
			fc.property(cases, ([shape, layout, axes, dtype, parts, name]) => {
				// Products of larger integers leave int32, which the ops refuse.
				const most = name === "prod" && dtype === "int32" ? 1 : 4;
				compare(name, laidOut(shape, layout, dtype, most), axes, parts);
			}),
			{ numRuns: sampled(300) },
		);
	});

	test("NaN, infinities, ties and zeros count as in the eager ops", () => {
		const rows = [
			[1, NaN, 3, NaN, 2],
			[-Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
			[Infinity, 0, -1, Infinity, 2],
			[Infinity, -Infinity, 0, 1, 2],
			[5, 5, 1, 5, 5],
			[0, -0, 0, -0, 0],
			[0.1, 0.1, 0.1, 0.1, 0.1],
			[1e200, 1e-200, -1e200, 3, 0],
			[1e-200, 2e-200, 0, 0, 1e-210],
			[0, -40, -50, -60, -45],
		];
		for (const dtype of ["float64", "float32"] as const) {
			const input = tensor(rows, { dtype });
			for (const name of names) {
				compare(name, input, [1]);
				compare(name, input.transpose(), [0]);
			}
		}
	});

	test("equal elements have a variance of exactly 0, and log Σ exp keeps small terms", () => {
		const equal = both("std", tensor(new Array(13).fill(0.1)), [0]);
		assert.is(equal.actual[0], 0);
		const small = both("logSumExp", tensor([0, -40]), [0]);
		assert.ok(Math.abs(small.actual[0]! / Math.exp(-40) - 1) < 1e-15);
	});

	test("sums of many terms stay exact: of float32 to the last bit, of float64 to a few units", () => {
		const n = 100_000;
		const noise = random.uniform(random.key(1), [n]);
		for (const input of [noise.astype("float32"), noise]) {
			const truth = [...(input.data as Float64Array)].map((v) => BigInt(Math.round(v * 2 ** 53)));
			const sum = Number(truth.reduce((a, b) => a + b)) / 2 ** 53;
			for (const [shape, axes] of [
				[[n], [0]],
				[[n / 4, 4], [0]],
			] as const) {
				const { actual } = both("sum", input.reshape(shape), axes);
				const total = shape.length === 1 ? actual[0]! : [...actual].reduce((a, b) => a + b);
				const bound = input.dtype === "float32" ? 2 ** -22 : 2 ** -51;
				assert.ok(
					Math.abs(total / sum - 1) <= bound,
					`${input.dtype} ${shape}: ${total / sum - 1}`,
				);
			}
		}
	});

	test("compensation holds where plain sums fail", () => {
		const tenth = new Tensor(Float64Array.of(0.1), "float64", [1_000_000], [0]);
		const { actual } = both("sum", tenth, [0]);
		assert.ok(Math.abs(actual[0]! / 100_000 - 1) < 2 ** -49);
		let plain = 0;
		for (let i = 0; i < 1_000_000; i++) plain += 0.1;
		assert.ok(Math.abs(plain / 100_000 - 1) > 2 ** -37);
	});

	test("a sum that overflows or meets infinities is what IEEE arithmetic says", () => {
		const n = 3000;
		const at = (i: number, value: number) =>
			tensor(Array.from({ length: n }, (_, k) => (k === i ? value : 1)));
		assert.is(both("sum", at(2000, Infinity), [0]).actual[0], Infinity);
		assert.ok(Number.isNaN(both("sum", at(2000, NaN), [0]).actual[0]));
		const large = tensor(new Array(n).fill(1e306));
		assert.is(both("sum", large, [0]).actual[0], Infinity);
	});

	test("an expression is computed on the way into a reduction", () => {
		const [a, b] = [arange(24).reshape([4, 6]), arange(6).mul(0.5)];
		const of = operations.mul("float64", x, operations.exp("float64", second));
		const form = records.find(({ name }) => name === "sum")!.slices!.form();
		const recipe = recipeFor(form, { inputs: [{ of, dtype: "float64" }], n: 6 });
		const actual = runRecipe(recipe, [a, b.broadcastTo([4, 6])], [1], "float64");
		const expected = a.mul(b.exp()).sum(1).data;
		for (const [i, e] of expected.entries())
			assert.ok(Math.abs(actual[i]! / Number(e) - 1) < 1e-14);
	});
});
