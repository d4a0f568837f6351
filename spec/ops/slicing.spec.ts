import * as assert from "uvu/assert";
import {
	flip,
	grad,
	type Shape,
	ShapeError,
	type SliceRange,
	slice,
	tensor,
	vjp,
	zeros,
} from "../../lib/index.ts";
import { unslice } from "../../lib/ops/internal.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const x = tensor([
	[0, 1, 2, 3],
	[4, 5, 6, 7],
	[8, 9, 10, 11],
]);
const v = tensor([0, 1, 2, 3, 4]);

/** Ranges of [0, 1, 2, 3, 4], with what NumPy 2.4 takes and how Python writes it. */
const RANGES: [SliceRange, number[], string][] = [
	[[1, 3], [1, 2], "[1:3]"],
	[[-2], [3, 4], "[3:]"],
	[[null, -2], [0, 1, 2], "[:3]"],
	[[null, null, 2], [0, 2, 4], "[::2]"],
	[[1, null, 2], [1, 3], "[1::2]"],
	[[null, null, -1], [4, 3, 2, 1, 0], "[::-1]"],
	[[3, 0, -2], [3, 1], "[3::-2]"],
	[[3, 0, -1], [3, 2, 1], "[3:0:-1]"],
	[[1, null, -1], [1, 0], "[1::-1]"],
	[[-9, 9], [0, 1, 2, 3, 4], "[:]"],
	[[9, -9, -1], [4, 3, 2, 1, 0], "[::-1]"],
	[[3, 1], [], "[0:0]"],
	[[5], [], "[0:0]"],
	[[0, 5, -1], [], "[0:0]"],
	[[null, null, 9], [0], "[::9]"],
	[[], [0, 1, 2, 3, 4], "[:]"],
	[null, [0, 1, 2, 3, 4], "[:]"],
];

suite("ops/slicing", (test) => {
	test("slice takes what NumPy takes: negative, clamped and backward ranges", () => {
		for (const [range, expected] of RANGES) same(slice(v, range), expected);
	});

	test("slice prints its ranges as Python writes them", () => {
		for (const [range, , text] of RANGES) {
			if (text === "[:]") continue;
			vjp((t: typeof v) => {
				const out = slice(t, range);
				assert.is(out.node!.op!.print(["x"], out.node!.params), `x${text}`);
				return out;
			}, v);
		}
	});

	test("slice drops an axis that is indexed, and takes the rest whole", () => {
		same(slice(x, 1), [4, 5, 6, 7]);
		same(slice(x, null, -1), [3, 7, 11]);
		same(slice(x, -1, [1, 3]), [9, 10]);
		same(slice(x, 2, 0), 8);
		same(x.slice([null, null, -2], [null, null, 3]), [
			[8, 11],
			[0, 3],
		]);
	});

	test("slice is a view, and all of x is x itself", () => {
		assert.is(slice(x, [1], [null, null, -1]).storage, x.storage);
		assert.is(slice(x, null, [0, 4]), x);
	});

	test("the gradient of a slice stands at its place, with exact zeros around it", () => {
		same(
			grad((t: typeof x) =>
				t
					.slice(1, [null, null, -2])
					.mul(tensor([2, 3]))
					.sum(),
			)(x),
			[
				[0, 0, 0, 0],
				[0, 3, 0, 2],
				[0, 0, 0, 0],
			],
		);
	});

	test("slice refuses an index out of range, a step of 0, too many ranges, fractions", () => {
		refuses(() => slice(x, 0, 4), ShapeError, "index 4 is out of range for axis 1 of size 4");
		refuses(() => slice(x, -4), ShapeError, "index -4 is out of range for axis 0 of size 3");
		refuses(() => slice(zeros([0]), 0), ShapeError, "index 0 is out of range for axis 0 of size 0");
		refuses(() => slice(x, [0, 2, 0]), ShapeError, "slice: the step on axis 0 is 0");
		refuses(() => slice(v, 0, 0), ShapeError, "at most 1 ranges for shape (5), got 2");
		refuses(() => slice(v, 0.5), ShapeError, "expected a whole number as the index");
		refuses(() => slice(v, [Number.NaN]), ShapeError, "expected a whole number as the start");
		refuses(() => slice(v, [0, 2.5]), ShapeError, "expected a whole number as the stop");
	});

	test("slice of an empty axis is empty", () => {
		assert.equal(slice(zeros([0, 3]), [null, null, -1], 1).shape, [0]);
		assert.equal(slice(x, [2, 2]).shape, [0, 4]);
	});

	test("unslice puts g back where slice took it from, between zeros", () => {
		const ranges: SliceRange[] = [1, [3, null, -2]];
		same(unslice(tensor([5, 6]), [2, 4], ...ranges), [
			[0, 0, 0, 0],
			[0, 6, 0, 5],
		]);
		same(slice(unslice(tensor([5, 6]), [2, 4], ...ranges), ...ranges), [5, 6]);
	});

	test("unslice refuses a tensor that the ranges do not take", () => {
		refuses(
			() => unslice(v, [2, 4], 1),
			ShapeError,
			"expected a tensor of shape (4), which is what the ranges take of (2×4), got (5)",
		);
		refuses(() => unslice(v, [2.5] as Shape), ShapeError, "sizes are whole numbers");
	});

	test("slices keep every dtype", () => {
		for (const dtype of ["float64", "float32", "int32", "bool"] as const) {
			const t = tensor([1, 0, 1], { dtype });
			assert.is(slice(t, [1]).dtype, dtype);
			assert.is(unslice(t, [4], [1]).dtype, dtype);
			assert.is(flip(t).dtype, dtype);
		}
	});

	test("flip reverses axes without copying", () => {
		same(flip(v), [4, 3, 2, 1, 0]);
		same(flip(x, 0).slice(0), [8, 9, 10, 11]);
		same(flip(x).slice(0), [11, 10, 9, 8]);
		assert.is(flip(x).storage, x.storage);
		assert.equal(flip(zeros([0, 2])).shape, [0, 2]);
		refuses(() => flip(x, 2), ShapeError, "flip: axis 2 is out of range");
	});
});
