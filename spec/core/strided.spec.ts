import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { coalesce, elements, forEachRun } from "../../lib/core/strided.ts";
import { Tensor } from "../../lib/index.ts";
import { type Layout, layouts, positionsOf, shapes } from "../layouts.ts";
import { suite } from "../suite.ts";

/** A shape and some layouts of it. */
const walks = shapes.chain((shape) =>
	fc.record({
		shape: fc.constant(shape),
		layouts: fc.array(layouts(shape), { minLength: 1, maxLength: 3 }),
	}),
);

/** Where a walk by runs comes by in each layout. */
function walked(shape: readonly number[], given: readonly Layout[]): number[][] {
	const found: number[][] = given.map(() => []);
	forEachRun(shape, given, (starts) => {
		for (const [l, { strides }] of given.entries()) {
			for (let i = 0; i < (shape.at(-1) ?? 1); i++) {
				found[l]!.push(starts[l]! + i * (strides.at(-1) ?? 0));
			}
		}
	});
	return found;
}

function windowOf(shape: readonly number[], { strides, offset }: Layout): Tensor {
	const reach = Math.max(offset, ...positionsOf(shape, { strides, offset }));
	const storage = Float64Array.from({ length: reach + 1 }, (_, i) => i);
	return new Tensor(storage, "float64", shape, strides, offset);
}

suite("strided", (test) => {
	test("forEachRun visits every element of every layout in row-major order", () => {
		fc.assert(
			fc.property(walks, ({ shape, layouts }) => {
				const expected = layouts.map((layout) => positionsOf(shape, layout));
				assert.equal(walked(shape, layouts), expected);
			}),
			{ numRuns: 500 },
		);
	});

	test("coalesce walks the same elements in the same order", () => {
		fc.assert(
			fc.property(walks, ({ shape, layouts }) => {
				const merged = coalesce(shape, layouts);
				const expected = layouts.map((layout) => positionsOf(shape, layout));
				assert.equal(walked(merged.shape, merged.layouts), expected);
			}),
			{ numRuns: 500 },
		);
	});

	test("coalesce makes one axis of a row-major layout, and none of a scalar", () => {
		const one = coalesce([2, 1, 3], [{ strides: [3, 3, 1], offset: 5 }]);
		assert.equal(one, { shape: [6], layouts: [{ strides: [1], offset: 5 }] });
		assert.equal(coalesce([1, 1], [{ strides: [7, 7], offset: 0 }]).shape, []);
	});

	test("coalesce keeps axes apart that one of the layouts walks differently", () => {
		const rows = { strides: [3, 1], offset: 0 };
		const columns = { strides: [1, 2], offset: 0 };
		assert.equal(coalesce([2, 3], [rows, columns]).shape, [2, 3]);
		assert.equal(coalesce([2, 3], [rows, rows]).shape, [6]);
	});

	test("elements are those of the window in row-major order", () => {
		fc.assert(
			fc.property(walks, ({ shape, layouts: [layout] }) => {
				const x = windowOf(shape, layout!);
				// Each element of the storage is its own position.
				assert.equal([...elements(x)], positionsOf(shape, layout!));
				assert.is(elements(x).length, x.size);
			}),
			{ numRuns: 500 },
		);
	});

	test("elements copies only what does not lie in order", () => {
		const storage = Float64Array.of(0, 1, 2, 3);
		assert.is(elements(new Tensor(storage, "float64", [2, 2])), storage);
		assert.is(elements(new Tensor(storage, "float64", [2], [1], 1)).buffer, storage.buffer);
		assert.is.not(elements(new Tensor(storage, "float64", [2], [2])).buffer, storage.buffer);
	});
});
