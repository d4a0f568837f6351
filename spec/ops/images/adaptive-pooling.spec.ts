import * as assert from "uvu/assert";
import {
	adaptiveAvgPool,
	adaptiveMaxPool,
	grad,
	ShapeError,
	type Tensor,
	tensor,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { holdsUp, normal } from "../../nn/checks.ts";
import { roads } from "../../roads.ts";
import { suite } from "../../suite.ts";

const { NaN: nan, POSITIVE_INFINITY } = Number;

suite("ops/images/adaptive-pooling", (test) => {
	test("windows share the places evenly: ⌊i·L/n⌋ to ⌈(i + 1)·L/n⌉, as in PyTorch", () => {
		const x = tensor([1, 2, 4, 8, 16, 32, 64]);
		for (const f of roads((t: Tensor) => adaptiveAvgPool(t, [3])))
			near(f(x), [7 / 3, 28 / 3, 112 / 3]);
		for (const f of roads((t: Tensor) => adaptiveAvgPool(t, [4])))
			near(f(x), [1.5, 14 / 3, 56 / 3, 48]);
		for (const f of roads((t: Tensor) => adaptiveMaxPool(t, [4]))) same(f(x), [2, 8, 32, 64]);
		same(adaptiveAvgPool(x, [7]), x);
		same(adaptiveMaxPool(x.slice([0, 6]), [2]), [4, 32]);
		same(adaptiveMaxPool(x.slice([0, 2]), [4]), [1, 1, 2, 2]);
		same(adaptiveAvgPool(tensor([1, 2, 6], { dtype: "int32" }), [2]), [1.5, 4]);
	});

	test("the axes are the last ones, as many as there are sizes", () => {
		const x = normal(1, [2, 3, 5, 7]);
		assert.equal(adaptiveAvgPool(x, [2, 3]).shape, [2, 3, 2, 3]);
		near(adaptiveAvgPool(x, [1, 1]), x.mean([2, 3], { keepDims: true }));
		same(adaptiveMaxPool(x, [1]), x.max(-1, { keepDims: true }));
		near(adaptiveAvgPool(x, [2, 3]), vmap((t: Tensor) => adaptiveAvgPool(t, [2, 3]))(x));
		assert.equal(adaptiveAvgPool(zeros([0, 5]), [2]).shape, [0, 2]);
	});

	test("they hold up; at a tie the first element takes the gradient", () => {
		for (const sizes of [
			[2, 3],
			[4, 3],
			[3, 2],
		]) {
			holdsUp((x) => adaptiveAvgPool(x, sizes), normal(1, [2, 4, 5]));
			holdsUp((x) => adaptiveMaxPool(x, sizes), normal(2, [2, 4, 5]));
		}
		const g = grad((x: Tensor) => adaptiveMaxPool(x, [1, 2]).sum());
		same(
			g(
				tensor([
					[3, 0, 1],
					[3, 3, 3],
				]),
			),
			[
				[1, 0, 0],
				[0, 1, 0],
			],
		);
	});

	test("an infinity or a NaN counts in its windows, and in no other", () => {
		const x = tensor([1, 2, 3, POSITIVE_INFINITY, 5, 6, nan]);
		same(adaptiveAvgPool(x, [3]), [2, POSITIVE_INFINITY, nan]);
		same(adaptiveMaxPool(x.slice([1, 7]), [4]), [3, POSITIVE_INFINITY, 6, nan]);
		const y = tensor([1, 2, 3, 4, POSITIVE_INFINITY]);
		same(adaptiveAvgPool(y, [3]), [1.5, 3, POSITIVE_INFINITY]);
	});

	test("sizes that are none, and axes without elements, are refused", () => {
		const x = zeros([2, 3]);
		refuses(
			() => adaptiveAvgPool(x, [0]),
			ShapeError,
			"adaptiveAvgPool: expected sizes in an array",
		);
		refuses(
			() => adaptiveMaxPool(x, [1, 1, 1]),
			ShapeError,
			"adaptiveMaxPool: expected 3 last axes",
		);
		refuses(() => adaptiveAvgPool(zeros([2, 0]), [1]), ShapeError, "with elements, got (2×0)");
		refuses(() => adaptiveAvgPool(x, 2 as never), ShapeError, "got 2");
	});
});
