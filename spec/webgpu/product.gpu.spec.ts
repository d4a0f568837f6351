import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { productPlan, productTiles } from "../../lib/backends/webgpu/kernels/product.ts";
import { sizeOf } from "../../lib/core/shape.ts";
import type { Reading } from "../../lib/schedule/kernel.ts";
import { suite } from "../suite.ts";
import {
	arraysOf,
	differsAt,
	type ProductCase,
	productKernel,
	sizesIn,
} from "./product-kernels.ts";
import { inJavaScript, onDevice } from "./run-kernel.ts";

/** What a case reads and writes. */
function operandsOf(
	{ m, n, k, batch = [], shared, readings = [], gap = 0 }: ProductCase,
	offsets: readonly number[],
	values: "whole" | "any",
) {
	const count = sizeOf(batch);
	const matrices = [m * k * (shared === "a" ? 1 : count), k * n * (shared === "b" ? 1 : count)];
	const others = readings.map((reading) => {
		return { element: count * m * n, column: n, row: m, single: 1 }[reading];
	});
	const reads = arraysOf([...matrices, ...others], offsets, values);
	const size = count * m * (n + gap);
	const array = new Float32Array(size + 7).fill(Number.NaN);
	return { reads, writes: [{ array, offset: offsets[0]! }] };
}

/** Asserts that whole numbers, whose sums are exact in any order, give what JavaScript gives. */
async function agrees(given: ProductCase, offsets: readonly number[] = [0]): Promise<void> {
	const kernel = productKernel(given);
	const { reads, writes } = operandsOf(given, offsets, "whole");
	const expected = inJavaScript(kernel, reads, writes);
	const difference = differsAt(await onDevice(kernel, reads, writes), expected);
	if (difference !== null) throw new Error(`${JSON.stringify(given)}: ${difference}`);
}

/**
 * Asserts that sums are within their bound, and the same each time: k roundings of partial sums
 * that are no greater than the sum of the terms' sizes, and one each of the results.
 */
async function isNear(given: ProductCase): Promise<void> {
	const kernel = productKernel(given);
	const { reads, writes } = operandsOf(given, [0], "any");
	const expected = inJavaScript(kernel, reads, writes);
	const greatest = inJavaScript(kernel, reads.map(sizesIn), writes);
	const device = await onDevice(kernel, reads, writes);
	const bound = (_: number, i: number) => (given.k + 2) * 2 ** -24 * greatest.outputs[0]![i]!;
	assert.is(differsAt(device, expected, bound), null);
	assert.is(differsAt(device, await onDevice(kernel, reads, writes)), null);
}

const READINGS: readonly Reading[] = ["element", "column", "row", "single"];

suite("webgpu/product", (test) => {
	test("products of any layouts, sizes, batches and offsets, and what follows, are exact in whole numbers", async () => {
		const size = fc.constantFrom(1, 2, 3, 4, 7, 8, 9, 16, 17, 33, 40, 68);
		const cases = fc.record({
			m: size,
			n: size,
			k: fc.constantFrom(0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 36, 100),
			transposes: fc.tuple(fc.boolean(), fc.boolean()),
			batch: fc.constantFrom([], [], [3], [2, 3]),
			shared: fc.constantFrom(undefined, "a", "b"),
			readings: fc.subarray([...READINGS]),
			gap: fc.constantFrom(0, 0, 3, 4),
		});
		const offsets = fc.array(fc.constantFrom(0, 0, 4, 1), { minLength: 3, maxLength: 3 });
		await fc.assert(
			fc.asyncProperty(cases, offsets, (given, offsets) => agrees(given as ProductCase, offsets)),
			{ numRuns: 40 },
		);
	});

	test("large blocks are exact in whole numbers, however the matrices lie", async () => {
		for (const a of [false, true]) {
			for (const b of [false, true]) {
				await agrees({ m: 132, n: 260, k: 40, transposes: [a, b] });
				await agrees({ m: 70, n: 69, k: 35, transposes: [a, b], readings: READINGS });
			}
		}
	});

	test("a batch that shares its right matrix is one product, whose rows are still those of each", async () => {
		const given = { m: 6, n: 20, k: 12, batch: [3, 2], shared: "b", readings: READINGS } as const;
		await agrees(given);
		await agrees({ ...given, transposes: [true, false] });
		const kernel = productKernel({ ...given, readings: [] });
		const operands = [0, 1, 2].map((slot) => ({ dtype: "float32", slot, aligned: true }) as const);
		const [shader] = productPlan(kernel, operands).shaders;
		assert.ok(shader!.code.includes("row0 < 36"));
	});

	test("long sums are split, and what follows sees them whole", async () => {
		await agrees({ m: 20, n: 36, k: 1500, readings: ["column", "row"] });
		await agrees({ m: 20, n: 36, k: 700, batch: [3], readings: ["element"], gap: 1 });
		await agrees({ m: 3, n: 2, k: 30000, readings: ["row"], batch: [2] });
	});

	test("sums are within their bound, and the same each time", async () => {
		for (const [m, n, k] of [
			[65, 66, 67],
			[40, 40, 1030],
			[1, 200, 300],
			[200, 1, 300],
			[1, 1, 20001],
			[6, 90, 333],
			[90, 5, 64],
			[12, 12, 12],
			[100, 90, 2],
		] as const) {
			await isNear({ m, n, k });
			await isNear({ m, n, k, transposes: [true, true], batch: [2] });
		}
	});

	test("all tiles give the same bits", async () => {
		for (const given of [
			{ m: 70, n: 132, k: 36 },
			{ m: 40, n: 48, k: 530, transposes: [true, true] as const },
		]) {
			const kernel = productKernel(given);
			const { reads, writes } = operandsOf(given, [0], "any");
			const tiles = productTiles(kernel.matrices);
			assert.ok(tiles.length > 4);
			const first = await onDevice(kernel, reads, writes);
			for (const tile of tiles) {
				const other = await onDevice(kernel, reads, writes, (operands) => {
					return productPlan(kernel, operands, tile);
				});
				assert.is(differsAt(other, first), null);
			}
		}
	});
});
