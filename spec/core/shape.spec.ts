import * as fc from "fast-check";
import * as assert from "uvu/assert";
import {
	broadcastShapes,
	checkShape,
	isRowMajor,
	normalizeAxes,
	normalizeAxis,
	reducedShape,
	reshapedStrides,
	rowMajorStrides,
	sameShape,
	showShape,
	sizeOf,
} from "../../lib/core/shape.ts";
import { arange, eye, ones, ShapeError, tensor, zeros } from "../../lib/index.ts";
import { untake } from "../../lib/ops/taking.ts";
import { layouts, positionsOf, shapes } from "../layouts.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

/** Every shape with this many elements, of up to three axes. */
function shapesOfSize(size: number): number[][] {
	const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((d) => size % d === 0);
	const pairs = divisors.map((d) => [d, size / d]);
	const triples = pairs.flatMap(([a, b]) =>
		divisors.filter((d) => b! % d === 0).map((d) => [a!, d, b! / d]),
	);
	return [[size], ...pairs, ...triples];
}

suite("shape", (test) => {
	test("a shape is shown with ×, a scalar's as ()", () => {
		assert.is(showShape([64, 1000]), "(64×1000)");
		assert.is(showShape([]), "()");
	});

	test("the size is the product, 1 for a scalar", () => {
		assert.equal([sizeOf([2, 3]), sizeOf([]), sizeOf([4, 0])], [6, 1, 0]);
	});

	test("shapes are the same when all sizes are", () => {
		assert.ok(sameShape([2, 3], [2, 3]));
		assert.ok(sameShape([], []));
		assert.not.ok(sameShape([2, 3], [3, 2]));
		assert.not.ok(sameShape([2], [2, 1]));
	});

	test("row-major strides lay the last axis out first", () => {
		assert.equal(rowMajorStrides([2, 3, 4]), [12, 4, 1]);
		assert.equal(rowMajorStrides([]), []);
	});

	test("isRowMajor holds just where the elements lie one after the other", () => {
		const windows = shapes.chain((shape) =>
			fc.record({ shape: fc.constant(shape), layout: layouts(shape) }),
		);
		fc.assert(
			fc.property(windows, ({ shape, layout }) => {
				const positions = positionsOf(shape, layout);
				const inOrder = positions.every((at, i) => at === layout.offset + i);
				if (isRowMajor(shape, layout.strides)) assert.ok(inOrder);
				else assert.not.ok(inOrder && positions.length > 0);
			}),
			{ numRuns: 500 },
		);
	});

	test("checkShape refuses what is no size, and what is no shape", () => {
		for (const size of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
			refuses(() => checkShape("zeros", [2, size]), ShapeError, "zeros: sizes are whole numbers");
		}
		refuses(() => checkShape("zeros", 3 as unknown as number[]), ShapeError, "an array of sizes");
	});

	test("negative axes count from the end", () => {
		assert.equal([normalizeAxis("sum", -1, 3), normalizeAxis("sum", 2, 3)], [2, 2]);
		assert.equal(normalizeAxes("sum", [-1, 0], 3), [0, 2]);
		assert.equal(normalizeAxes("sum", 1, 3), [1]);
		assert.equal(normalizeAxes("sum", [], 3), []);
		assert.equal(normalizeAxes("sum", undefined, 3), [0, 1, 2]);
	});

	test("axes out of range and axes given twice are refused", () => {
		refuses(() => normalizeAxis("sum", 3, 3), ShapeError, "axis 3 is out of range");
		refuses(() => normalizeAxis("sum", -4, 3), ShapeError, "from -3 to 2");
		refuses(() => normalizeAxis("sum", 0, 0), ShapeError, "a scalar has none");
		refuses(() => normalizeAxis("sum", 0.5, 3), ShapeError, "axis 0.5");
		refuses(() => normalizeAxes("sum", [1, -2], 3), ShapeError, "twice");
	});

	test("no elements are no elements, however many axes of any size there are beside", () => {
		assert.is(sizeOf([...new Array(30).fill(2 ** 53 - 1), 0]), 0);
	});

	test("what is no shape and no axis is refused by the function that was called", () => {
		const x = tensor([[1, 2, 3]]);
		const wrong = (value: unknown) => value as never;
		for (const shape of [6, undefined, null, "6"]) {
			const got = typeof shape === "string" ? '"6"' : String(shape);
			const text = `expected a shape, an array of sizes, got ${got}`;
			refuses(() => x.reshape(wrong(shape)), ShapeError, `reshape: ${text}`);
			refuses(() => x.broadcastTo(wrong(shape)), ShapeError, `broadcastTo: ${text}`);
			refuses(() => zeros(wrong(shape)), ShapeError, `zeros: ${text}`);
		}
		const text = "expected an axis, a number, or an array of axes, got";
		refuses(() => x.sum(wrong("0")), ShapeError, `sum: ${text} "0"`);
		refuses(() => x.sum(wrong(null)), ShapeError, `sum: ${text} null`);
		refuses(() => x.sum(wrong(["0"])), ShapeError, 'sum: axis "0" is out of range');
		refuses(() => x.softmax(wrong({})), ShapeError, `softmax: ${text}`);
		refuses(() => x.flip(wrong(true)), ShapeError, `flip: ${text} true`);
		refuses(() => x.squeeze(wrong("0")), ShapeError, `squeeze: ${text}`);
		refuses(() => x.expandDims(wrong(undefined)), ShapeError, `expandDims: ${text}`);
		refuses(() => x.moveAxis(0, wrong("1")), ShapeError, `moveAxis: ${text}`);
		refuses(() => x.roll(1, wrong("1")), ShapeError, `roll: ${text}`);
		refuses(() => x.permute(wrong(1)), ShapeError, "permute: expected an array of axes, got 1");
		refuses(() => x.tensordot(x, wrong("2")), ShapeError, "tensordot: expected a number of axes");
		refuses(() => x.tensordot(x, wrong(["2", 1])), ShapeError, `tensordot: ${text}`);
	});

	test("a result of more elements than memory holds is a ShapeError that names the call", () => {
		const x = ones([2 ** 20]);
		const column = x.reshape([2 ** 20, 1]);
		const text = "more than this machine can hold";
		refuses(() => x.outer(x), ShapeError, `outer: ${2 ** 40} elements of float64 are ${text}`);
		refuses(() => column.dot(column.T), ShapeError, `dot: ${2 ** 40} elements`);
		refuses(() => zeros([2 ** 50]).data, ShapeError, `data: ${2 ** 50} elements`);
		refuses(() => zeros([2 ** 50]).toArray(), ShapeError, `toArray: ${2 ** 50} elements`);
		refuses(() => arange(2 ** 50), ShapeError, `arange: ${2 ** 50} elements`);
		refuses(() => eye(2 ** 25), ShapeError, `eye: ${2 ** 50} elements`);
		refuses(() => x.astype("int32").outer(x.astype("int32")), ShapeError, text);
		refuses(() => untake(zeros([0]), [], 0, 2 ** 50), ShapeError, text);
		refuses(() => zeros([2 ** 50, 0], { dtype: "int32" }).sum(1), ShapeError, text);
	});

	test("shapes broadcast as in NumPy", () => {
		assert.equal(broadcastShapes("add", [[2, 1], [3]]), [2, 3]);
		assert.equal(broadcastShapes("add", [[], [2, 3]]), [2, 3]);
		assert.equal(broadcastShapes("add", [[1], [0]]), [0]);
		assert.equal(broadcastShapes("add", [[8, 1, 6, 1], [7, 1, 5], [1]]), [8, 7, 6, 5]);
		assert.equal(broadcastShapes("add", []), []);
		refuses(() => broadcastShapes("add", [[2], [3]]), ShapeError, "add: expected shapes");
		refuses(() => broadcastShapes("add", [[2], [0]]), ShapeError, "(2) and (0)");
	});

	test("a reduced axis is gone, or of size 1", () => {
		assert.equal(reducedShape([2, 3, 4], [0, 2], false), [3]);
		assert.equal(reducedShape([2, 3, 4], [0, 2], true), [1, 3, 1]);
	});

	test("reshapedStrides show the same elements in the same order", () => {
		const reshapes = shapes.chain((shape) =>
			fc.record({
				shape: fc.constant(shape),
				layout: layouts(shape),
				to: fc.constantFrom(...(sizeOf(shape) === 0 ? [[0], [2, 0]] : shapesOfSize(sizeOf(shape)))),
			}),
		);
		fc.assert(
			fc.property(reshapes, ({ shape, layout, to }) => {
				const strides = reshapedStrides(shape, layout.strides, to);
				if (strides === null) return;
				assert.is(strides.length, to.length);
				const shown = positionsOf(to, { strides, offset: layout.offset });
				assert.equal(shown, positionsOf(shape, layout));
			}),
			{ numRuns: 1000 },
		);
	});

	test("reshapedStrides finds strides wherever there are some", () => {
		const reshapes = shapes
			.filter((shape) => sizeOf(shape) > 0)
			.chain((shape) =>
				fc.record({
					shape: fc.constant(shape),
					layout: layouts(shape),
					to: fc.constantFrom(...shapesOfSize(sizeOf(shape))),
				}),
			);
		fc.assert(
			fc.property(reshapes, ({ shape, layout, to }) => {
				const positions = positionsOf(shape, layout);
				// If strides exist, an axis' stride is the distance from index 0 to index 1.
				const steps = rowMajorStrides(to);
				const only = to.map((size, i) => (size === 1 ? 0 : positions[steps[i]!]! - positions[0]!));
				const shown = positionsOf(to, { strides: only, offset: layout.offset });
				const possible = shown.every((at, i) => at === positions[i]);
				assert.is(reshapedStrides(shape, layout.strides, to) !== null, possible);
			}),
			{ numRuns: 1000 },
		);
	});
});
