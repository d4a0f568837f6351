import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import {
	average,
	concat,
	DomainError,
	DTypeError,
	grad,
	isIn,
	median,
	nanMedian,
	nanProd,
	nanStd,
	nanVariance,
	ones,
	ShapeError,
	std,
	type Tensor,
	tensor,
	variance,
	where,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const x = tensor([
	[1, nan, 3, 6],
	[nan, nan, nan, nan],
	[0.5, 4, nan, 4],
]);
const full = tensor([1, 3, 6]);
const hole = tensor([nan]);
/** With a NaN in front and between. */
const broken = (v: Tensor) => concat([hole, v.slice([0, 2]), hole, v.slice([2, 3])]);

suite("ops/statistics/averages", (test) => {
	test("what is NaN counts for no spread, middle or product, and has no gradient", () => {
		near(nanVariance(x, 1), [variance(full).item(), nan, variance(tensor([0.5, 4, 4])).item()]);
		near(nanStd(x, 1, { ddof: 1, keepDims: true }), [
			[std(full, undefined, { ddof: 1 }).item()],
			[nan],
			[std(tensor([0.5, 4, 4]), undefined, { ddof: 1 }).item()],
		]);
		same(nanMedian(x, 1), [3, nan, 4]);
		same(nanMedian(x), 3.5);
		same(nanMedian(tensor([2, nan, -inf, inf, inf])), inf);
		same(nanProd(x, 1), [18, 1, 8]);
		for (const [withNaN, without] of [
			[nanVariance, variance],
			[nanStd, std],
			[nanMedian, median],
		] as const) {
			near(grad((v: Tensor) => withNaN(broken(v)))(full), grad((v: Tensor) => without(v))(full));
			assert.is(withNaN(x.astype("float32")).dtype, "float32");
			same(withNaN(tensor([1, 4], { dtype: "int32" })), without(tensor([1, 4])));
			same(compile((v: Tensor) => withNaN(v, 1))(x), withNaN(x, 1));
			const g = grad((v: Tensor) => withNaN(v))(x);
			same(where(x.isNaN(), g, 0), zeros([3, 4]));
			assert.ok(g.isFinite().all().item());
		}
	});

	test("equal elements have no spread, and nanStd no slope there", () => {
		const same3 = tensor([0.1, nan, 0.1, 0.1]);
		same(nanVariance(same3), 0);
		same(nanStd(same3), 0);
		same(grad((v: Tensor) => nanStd(v))(same3), [0, 0, 0, 0]);
		same(nanVariance(tensor([nan, 2]), 0, { ddof: 1 }), nan);
		refuses(
			() => nanVariance(x, 1, { ddof: -1 }),
			DomainError,
			"nanVariance: expected ddof to be a number from 0",
		);
		refuses(() => nanMedian(zeros([2, 0]), 1), ShapeError, "nanMedian: expected at least one");
	});

	test("an average takes weights in the shape of x, or along an axis", () => {
		const y = tensor([
			[1, 2, 3],
			[4, 5, 6],
		]);
		same(average(y), 3.5);
		same(average(y, 1, { weights: tensor([1, 0, 3]) }), [2.5, 5.5]);
		same(average(y, 0, { weights: tensor([1, 3]), keepDims: true }), [[3.25, 4.25, 5.25]]);
		near(average(y, undefined, { weights: y }), 91 / 21);
		same(average(y, 0, { weights: zeros([2]) }), [nan, nan, nan]);
		const weights = tensor([1, 3]);
		// dy/dw = (x − y) / Σ w
		same(grad((w: Tensor) => average(tensor([2, 6]), 0, { weights: w }))(weights), [-0.75, 0.25]);
		same(grad((v: Tensor) => average(v, 0, { weights }))(tensor([2, 6])), [0.25, 0.75]);
		refuses(() => average(y, 1, { weights }), ShapeError, "average: expected weights in the shape");
		refuses(() => average(y, undefined, { weights }), ShapeError, "average: expected weights");
	});

	test("isIn finds what stands among others, and never NaN", () => {
		const y = tensor([
			[1, nan, 2],
			[inf, 0, -0],
		]);
		same(
			isIn(
				y,
				tensor([
					[0, 2],
					[nan, inf],
				]),
			),
			[
				[false, false, true],
				[true, true, true],
			],
		);
		same(isIn(2, tensor([3, 1, 2])), true);
		same(isIn(y, zeros([0])), y.equal(7));
		same(isIn(zeros([0]), y), zeros([0]).equal(1));
		same(compile((v: Tensor) => isIn(v, tensor([1, 2])))(y), isIn(y, tensor([1, 2])));
		refuses(() => isIn(y, ones([2]).astype("float32")), DTypeError, "isIn: ");
	});
});
