import * as assert from "uvu/assert";
import type { TypedArray } from "../../lib/core/dtype.ts";
import { matmul, random, stack, tensor, unstack } from "../../lib/index.ts";
import { gemm } from "../../lib/kernels/gemm.ts";
import { outerProductsFor } from "../../lib/kernels/outer-products.ts";
import { suite } from "../suite.ts";

const irregular = (kind: Float64ArrayConstructor | Float32ArrayConstructor, size: number) =>
	new kind(Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) * 43.7585));

/** Three examples, side by side or with gaps, from the fifth element on; one y may serve all. */
function check(x: TypedArray, y: TypedArray, out: Float64Array | Float32Array): void {
	const expected = out.slice();
	for (const m of [1, 3, 4, 6, 8]) {
		for (const [n, step, apart] of [
			[5, 1, 5],
			[1, 1, 1],
			[7, 2, 20],
			[4, 3, 0],
		] as const) {
			outerProductsFor(x, y, out)(3, m, n, x, 5, 2 * m, 2, y, 5, apart, step, out);
			expected.fill(0);
			for (let e = 0; e < 3; e++) {
				const a = { array: x, offset: 5 + 2 * m * e, rowStride: 2, columnStride: 1 };
				const b = { array: y, offset: 5 + apart * e, rowStride: 1, columnStride: step };
				gemm(m, n, 1, a, b, expected, e * m * n);
			}
			const size = 3 * m * n;
			assert.ok(
				expected.subarray(0, size).every((value, i) => Object.is(value, out[i])),
				`${m}×${n}`,
			);
		}
	}
}

suite("kernels/outer-products", (test) => {
	test("each kind of arrays has the bits of sums of one term, whatever lies in the result before", () => {
		for (const from of [Float64Array, Float32Array]) {
			for (const to of [Float64Array, Float32Array]) {
				check(irregular(from, 80), irregular(from, 80), new to(200).fill(9));
			}
		}
		check(
			Int32Array.of(...new Array(80).keys()),
			irregular(Float32Array, 80),
			new Float64Array(200),
		);
	});

	test("without generated code the bits are the same", () => {
		const made = globalThis.Function;
		globalThis.Function = class {
			constructor() {
				throw new EvalError("forbidden");
			}
		} as unknown as FunctionConstructor;
		try {
			// A combination of kinds that no other test has, so that its loop is made here.
			check(
				irregular(Float32Array, 80),
				Uint8Array.from({ length: 80 }, (_, i) => i % 2),
				new Float64Array(200),
			);
		} finally {
			globalThis.Function = made;
		}
	});

	test("a product of one term has no −0, alone and in a batch", () => {
		const [x, w] = [tensor([[-1], [0]]), tensor([[0, 2]])];
		assert.ok(matmul(x, w).data.every((value) => !Object.is(value, -0)));
		assert.ok(matmul(stack([x, x]), stack([w, w])).data.every((value) => !Object.is(value, -0)));
	});

	test("a batch of outer products has the bits of each, whatever the layout", () => {
		const x = random.normal(random.key(1), [5, 3, 2]).slice(null, null, [0, 1]);
		const w = random.normal(random.key(2), [7, 5]).T.expandDims(1);
		const each = unstack(x).map((row, i) => matmul(row, w.slice(i)));
		assert.equal(matmul(x, w).data, stack(each).data);
	});
});
