import * as assert from "uvu/assert";
import { assertGradients } from "../../lib/check/gradients.ts";
import { compile } from "../../lib/compile/index.ts";
import {
	DomainError,
	DTypeError,
	grad,
	ShapeError,
	segmentMax,
	segmentMean,
	segmentMin,
	segmentProd,
	segmentSum,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const data = tensor([
	[1, 2],
	[3, 4],
	[5, 0],
]);
const ids = [2, 0, 2];
const all = { segmentSum, segmentMean, segmentProd, segmentMax, segmentMin };
const infinity = Number.POSITIVE_INFINITY;

suite("ops/segments", (test) => {
	test("entries are summed, averaged, multiplied or compared in their segments", () => {
		same(segmentSum(data, ids, 3), [
			[3, 4],
			[0, 0],
			[6, 2],
		]);
		same(segmentMean(data, ids, 3), [
			[3, 4],
			[0, 0],
			[3, 1],
		]);
		same(segmentProd(data, ids, 3), [
			[3, 4],
			[1, 1],
			[5, 0],
		]);
		same(segmentMax(data, ids, 3), [
			[3, 4],
			[-infinity, -infinity],
			[5, 2],
		]);
		same(segmentMin(data, ids, 3), [
			[3, 4],
			[infinity, infinity],
			[1, 0],
		]);
		same(
			segmentSum(
				data,
				[
					[0, 1],
					[1, 1],
					[1, -1],
				],
				3,
			),
			[1, 14, 0],
		);
	});

	test("without any entries all segments are empty", () => {
		const none = tensor([], { shape: [0, 2] });
		const noIds = tensor([], { dtype: "int32" });
		same(segmentSum(none, noIds, 1), [[0, 0]]);
		same(segmentMean(none, noIds, 1), [[0, 0]]);
		same(segmentProd(none, noIds, 1), [[1, 1]]);
		same(segmentMax(none, noIds, 1), [[-infinity, -infinity]]);
		same(segmentMin(none, noIds, 1), [[infinity, infinity]]);
		same(segmentSum(tensor([]), noIds, 0), tensor([]));
	});

	test("gradients are exact to second order; at a tie the first of the greatest has it", () => {
		const w = tensor([
			[1, 2],
			[3, 4],
			[5, 6],
		]);
		const apart = tensor([
			[0.5, 1.25],
			[2, -1],
			[-0.75, 0.25],
		]);
		for (const [name, segment] of Object.entries(all)) {
			const filled = name === "segmentMax" || name === "segmentMin" ? [1, 0, 1] : ids;
			const n = filled === ids ? 3 : 2;
			const f = (x: Tensor) =>
				segment(x.exp(), filled, n)
					.square()
					.mul(w.slice([0, n]))
					.sum();
			assertGradients(f, [apart], { order: 2 });
		}
		const tied = (x: Tensor) => segmentMax(x, [0, 0, 0, 1], 3).slice([0, 2]).sum();
		same(grad(tied)(tensor([1, 3, 3, -infinity])), [0, 1, 0, 1]);
		same(grad(tied)(tensor([1, Number.NaN, 3, 0])), [0, 1, 0, 1]);
	});

	test("int32 and bool have their extremes and sums, compiled too", () => {
		const whole = tensor([5, -7], { dtype: "int32" });
		same(segmentMax(whole, [1, 1], 2), [-(2 ** 31), 5]);
		same(segmentMin(whole, [1, 1], 2), [2 ** 31 - 1, -7]);
		assert.is(segmentMean(whole, [0, 0], 1).dtype, "float64");
		same(segmentMax(tensor([true, false]), [0, 0], 1), tensor([1], { dtype: "int32" }));
		assert.is(segmentMax(tensor([1], { dtype: "float32" }), [0], 2).dtype, "float32");
		for (const segment of Object.values(all)) {
			const f = (x: Tensor, i: Tensor) => segment(x, i, 3);
			const given = tensor(ids, { dtype: "int32" });
			same(compile(f)(data, given), f(data, given));
		}
	});

	test("ids that do not fit are refused by name", () => {
		for (const [name, segment] of Object.entries(all)) {
			refuses(() => segment(data, [0, 1, 3], 3), DomainError, `${name}: index 3 is out of range`);
			refuses(() => segment(data, [0, 1], 3), ShapeError, `${name}: expected a segment for each`);
			refuses(() => segment(data, tensor([0, 1, 2]), 3), DTypeError, `${name}: `);
			refuses(() => segment(data, ids, -1), ShapeError, `${name}: `);
		}
	});
});
