import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { sizeOf } from "../../../../lib/core/shape.ts";
import { Tensor } from "../../../../lib/core/tensor.ts";
import { arange, tensor } from "../../../../lib/index.ts";
import type { Expression } from "../../../../lib/schedule/expression.ts";
import { type Layout, layouts } from "../../../layouts.ts";
import { same } from "../../../near.ts";
import { operations } from "../../../operations.ts";
import { sampled } from "../../../runs.ts";
import { suite } from "../../../suite.ts";
import { runLoop, UNTOUCHED } from "./run-loop.ts";

const input = (index: number): Expression => ({ kind: "input", index });
const constant = (value: number): Expression => ({ kind: "constant", value, dtype: "float64" });

/** Storage that holds all elements of a layout, each a number of its own. */
function laidOut(shape: readonly number[], { strides, offset }: Layout, dtype: Tensor["dtype"]) {
	const last = strides.reduce((sum, s, i) => sum + Math.max(0, s * (shape[i]! - 1)), offset);
	const values = Array.from({ length: last + 1 }, (_, i) => ((i * 7) % 23) / 4 - 2);
	const { storage } = tensor(values, { dtype: "float64" }).astype(dtype);
	return new Tensor(storage, dtype, shape, strides, offset);
}

const shapes = fc.tuple(
	fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
	fc.integer({ min: 0, max: 21 }),
);

suite("wasm/elementwise/loop", (test) => {
	test("a row gets the same bits whatever its length, and nothing is written beyond it", () => {
		for (const dtype of ["float64", "float32"] as const) {
			const all = arange(40, { dtype }).mul(0.37).sub(5);
			const value = operations.tanh(dtype, input(0));
			const [long] = runLoop([40], [all], [{ dtype, value }]);
			for (let n = 0; n < 40; n++) {
				const [short] = runLoop([n], [all.slice([0, n])], [{ dtype, value, size: 40 }]);
				const expected = [...long!].map((x, i) => (i < n ? x : UNTOUCHED));
				assert.equal([...short!], expected);
			}
		}
	});

	test("inputs may lie in any way, and ranges give together what the whole does", () => {
		const cases = shapes.chain(([outer, inner]) => {
			const shape = [...outer, inner];
			const one = layouts(shape);
			return fc.tuple(fc.constant(shape), one, one, one, fc.integer({ min: 1, max: 3 }));
		});
		fc.assert(
			fc.property(cases, ([shape, first, second, third, parts]) => {
				const x = laidOut(shape, first, "float32");
				const y = laidOut(shape, second, "int32");
				const b = laidOut(shape, third, "bool");
				const product = operations.mul("float32", input(0), input(1));
				const chosen = operations.select("float32", input(2), product, input(0));
				const less = operations.less("bool", input(1), product);
				const [out, flags] = runLoop(
					shape,
					[x, y, b],
					[
						{ dtype: "float32", value: chosen },
						{ dtype: "bool", value: less },
					],
					parts,
				);
				same([...out!], [...b.where(x.mul(y), x).data]);
				same([...flags!], [...y.less(x.mul(y)).data].map(Number));
			}),
			{ numRuns: sampled(150) },
		);
	});

	test("an output may have gaps, and may lie in the place of an input", () => {
		const x = arange(15).reshape([3, 5]);
		const value = operations.add("float64", input(0), constant(0.5));
		const [gaps] = runLoop([3, 5], [x], [{ dtype: "float64", value, strides: [8, 1], size: 24 }]);
		const expected = Array.from({ length: 24 }, (_, i) =>
			i % 8 < 5 ? 5 * Math.floor(i / 8) + (i % 8) + 0.5 : UNTOUCHED,
		);
		assert.equal([...gaps!], expected);
		const [inPlace] = runLoop([15], [x.reshape([15])], [{ dtype: "float64", value, over: 0 }]);
		assert.equal(
			[...inPlace!],
			Array.from({ length: 15 }, (_, i) => i + 0.5),
		);
		const columns = { dtype: "float64", value, strides: [1, 3] } as const;
		const [turned] = runLoop([3, 5], [x], [columns]);
		assert.equal([...turned!], [...x.transpose().add(0.5).data]);
	});

	test("casts round and test as astype does", () => {
		const x = tensor([0, -0, 0.1, NaN, 1e300, -3.7, 1e-300]);
		const cast = (dtype: Tensor["dtype"]) => ({ kind: "cast", of: input(0), dtype }) as const;
		const [single, truth] = runLoop(
			[7],
			[x],
			[
				{ dtype: "float32", value: cast("float32") },
				{ dtype: "bool", value: cast("bool") },
			],
		);
		assert.ok(single!.every((value, i) => Object.is(value, Math.fround(x.data[i] as number))));
		assert.equal([...truth!], [0, 0, 1, 1, 1, 1, 1]);
	});

	test("an expression without inputs fills its output", () => {
		const [out] = runLoop([7], [], [{ dtype: "float32", value: constant(0.1) }]);
		assert.equal([...out!], new Array(7).fill(Math.fround(0.1)));
		assert.is(sizeOf([7]), out!.length);
	});
});
