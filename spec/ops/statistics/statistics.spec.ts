import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import { derive } from "../../../lib/derivation/index.ts";
import {
	AdjointError,
	bincount,
	cummax,
	DomainError,
	diff,
	grad,
	histogram,
	interp,
	logspace,
	median,
	meshgrid,
	nanMax,
	nanMean,
	nanMin,
	nanSum,
	nonzero,
	ones,
	quantile,
	ShapeError,
	searchSorted,
	type Tensor,
	TraceError,
	tensor,
	trapezoid,
	unique,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { loose } from "../../bad-calls.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const whole = (values: readonly number[]) => tensor(values, { dtype: "int32" });

suite("ops/statistics", (test) => {
	test("the median of an even number is the mean of the middle two, which share the gradient", () => {
		const x = tensor([3, 1, 2, 5]);
		same(median(x), 2.5);
		same(grad((v: Tensor) => median(v))(x), [0.5, 0, 0.5, 0]);
		same(median(x.slice([0, 3])), 2);
		// Of the equal ones the first come first: those in the middle take the gradient.
		same(grad((v: Tensor) => median(v))(tensor([2, 1, 2, 2, 0])), [1, 0, 0, 0, 0]);
		same(grad((v: Tensor) => median(v))(tensor([1, 1])), [0.5, 0.5]);
		same(median(tensor([true, false, true])), 1);
	});

	test("a quantile lies between elements, and infinite ones give no NaN", () => {
		// np.quantile([3, 1, 2, 5], q)
		near(quantile(tensor([3, 1, 2, 5]), [0, 0.3, 0.5, 1]), [1, 1.9, 2.5, 5]);
		near(quantile(tensor([3, 1, 2, 5]), 0.3, 0, { method: "hazen" }), 1.7);
		same(quantile(tensor([3, 1, 2, 5]), [0.5, 1 / 6], 0, { method: "nearest" }), [3, 1]);
		same(quantile(tensor([-inf, 1, inf]), [0.25, 0.5, 0.75]), [-inf, 1, inf]);
		same(
			median(
				tensor([
					[1, nan, 2],
					[1, 3, 2],
				]),
				1,
			),
			[nan, 2],
		);
		refuses(
			() => quantile(ones([2]), 1.5),
			DomainError,
			"quantile: expected q to be a number from",
		);
		refuses(() => median(zeros([2, 0]), 1), ShapeError, "median: expected at least one element");
		refuses(
			() => loose(median)(ones([2]), 0, { method: "lower" }),
			DomainError,
			"median: there is no option method",
		);
		refuses(
			() => loose(quantile)(ones([2]), 0.5, 0, { method: "spline" }),
			DomainError,
			'quantile: expected method to be "linear"',
		);
	});

	test("what is NaN does not count, and has no gradient", () => {
		const x = tensor([1, nan, 3, 3]);
		same(nanSum(x), 7);
		near(nanMean(x), 7 / 3);
		same(
			[nanMax(x), nanMin(x)].map((y) => y.item()),
			[3, 1],
		);
		same(grad((v: Tensor) => nanMean(v))(x), [1 / 3, 0, 1 / 3, 1 / 3]);
		same(grad((v: Tensor) => nanMax(v))(x), [0, 0, 1, 0]);
		const none = tensor([nan, nan]);
		same(
			[nanSum, nanMean, nanMax, nanMin].map((f) => f(none).item()),
			[0, nan, nan, nan],
		);
		same(nanMax(tensor([-inf, nan])), -inf);
		assert.is(nanMax(whole([1, 2])).dtype, "int32");
		refuses(() => nanMax(zeros([0])), ShapeError, "nanMax: ");
	});

	test("the first of equal elements takes the gradient of cummax, and a NaN stays", () => {
		const sums = (v: Tensor) => cummax(v).sum();
		same(grad(sums)(tensor([1, 2, 2, 0, 3])), [1, 3, 0, 0, 1]);
		same(cummax(tensor([1, nan, 2])), [1, nan, nan]);
		same(grad(sums)(tensor([1, nan, 2])), [nan, nan, nan]);
		assert.equal(cummax(zeros([2, 0]), 1).shape, [2, 0]);
		same(grad(sums)(tensor([-inf, -inf, inf])), [2, 0, 1]);
		refuses(() => cummax(tensor(1), 0), ShapeError, "cummax: axis 0 is out of range");
	});

	test("of several sorted vectors each is searched for its own line", () => {
		const sorted = tensor([
			[1, 2, 3],
			[10, 20, 30],
		]);
		const x = tensor([
			[2, 9],
			[2, 25],
		]);
		same(searchSorted(sorted, x), [
			[1, 3],
			[0, 2],
		]);
		refuses(() => searchSorted(sorted, tensor([2, 9])), ShapeError, "got (2×3) for (2)");
	});

	test("differences and integrals of lines without neighbours are empty and 0", () => {
		assert.equal(diff(ones([1])).shape, [0]);
		assert.equal(diff(ones([2]), 5).shape, [0]);
		same(trapezoid(ones([1])), 0);
		same(trapezoid(whole([1, 2])), 1.5);
		same(diff(whole([4, 7, 1])), [3, -6]);
		refuses(() => diff(tensor(1)), ShapeError, "diff: axis -1 is out of range");
		refuses(() => diff(ones([2]), -1), DomainError, "diff: expected n to be a whole number");
		refuses(() => trapezoid(ones([3]), ones([2])), ShapeError, "trapezoid: expected 3 places");
	});

	test("searchSorted finds the place before or behind equal elements, NaN last", () => {
		const sorted = tensor([1, 2, 2, nan]);
		same(searchSorted(sorted, tensor([2, 0, 9, nan])), [1, 0, 3, 3]);
		same(searchSorted(sorted, tensor([2, 0, 9, nan]), { side: "right" }), [3, 0, 3, 4]);
		same(searchSorted(whole([1, 3]), 2), 1);
		same(searchSorted(sorted.astype("float32"), 2), 1);
		refuses(
			() => searchSorted(ones([2, 2]), 1),
			ShapeError,
			"searchSorted: expected a sorted vector",
		);
		assert.equal(searchSorted(zeros([0]), ones([2])).toArray(), [0, 0]);
	});

	test("interp is constant outside, or what is said, and takes the slope behind a place", () => {
		const [places, values] = [tensor([0, 1, 3]), tensor([2, 4, 0])];
		const f = (x: Tensor) => interp(x, places, values);
		same(f(tensor([-1, 0, 0.5, 1, 2, 3, 4, nan])), [2, 2, 3, 4, 2, 0, 0, nan]);
		same(grad((x: Tensor) => f(x).sum())(tensor([-1, 0, 1, 2, 4])), [0, 2, -2, -2, 0]);
		same(interp(tensor([-1, 4]), places, values, { left: 7, right: -7 }), [7, -7]);
		same(interp(tensor([0, 1]), tensor([0, 1, 1]), tensor([0, 1, 5])), [0, 5]);
		refuses(() => interp(1, places, ones([2])), ShapeError, "interp: expected places and values");
		refuses(() => interp(1, zeros([0]), zeros([0])), ShapeError, "interp: ");
	});

	test("bincount counts from 0, and refuses what is negative", () => {
		same(bincount([3, 1, 1]), [0, 2, 0, 1]);
		same(bincount([3, 1, 1], { length: 2 }), [0, 2]);
		same(bincount(zeros([0], { dtype: "int32" })), zeros([0]));
		refuses(
			() => bincount([1, -1]),
			DomainError,
			"bincount: expected whole numbers from 0, got -1",
		);
		refuses(() => bincount([1], { weights: ones([2]) }), ShapeError, "bincount: expected a weight");
		const counted = compile((x: Tensor) => bincount(x, { length: 3 }));
		same(counted(whole([0, 2, 2, 5])), [1, 0, 2]);
		refuses(() => counted(whole([-1])).data, DomainError, "out of range");
		refuses(
			() => compile((x: Tensor) => bincount(x))(whole([1])),
			TraceError,
			"bincount: how many",
		);
	});

	test("a histogram has both edges in its last bin, and NaN in none", () => {
		const [counts, edges] = histogram(tensor([0, 1, 2, 3, 4]), 4);
		same(counts, [1, 1, 1, 2]);
		same(edges, [0, 1, 2, 3, 4]);
		assert.is(counts.dtype, "int32");
		// The edge after three tenths is 0.30000000000000004, as NumPy rounds it.
		same(histogram(tensor([0.3, 0.7]), 10, { range: [0, 1] })[0], [0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
		same(histogram(tensor([nan, 0, 5]), 2, { range: [0, 2] })[0], [1, 0]);
		same(histogram(zeros([0]), 2)[1], [0, 0.5, 1]);
		same(histogram(tensor([3, 3]), 2)[1], [2.5, 3, 3.5]);
		const cases: [call: () => unknown, message: string][] = [
			[() => histogram(tensor([1, nan])), "histogram: expected finite elements, or a range"],
			[() => histogram(ones([2]), 0), "histogram: expected a whole number of bins from 1, got 0"],
			[() => histogram(ones([2]), [2, 1]), "histogram: expected a number of bins, or two edges"],
			[() => histogram(ones([2]), 2, { range: [2, 1] }), "histogram: expected a finite range"],
		];
		for (const [call, message] of cases) refuses(call, DomainError, message);
	});

	test("unique sorts, with one NaN, and the first of the equal ones takes the gradient", () => {
		const x = tensor([2, nan, 1, 2, nan, -0, 0]);
		same(unique(x), [0, 1, 2, nan]);
		same(
			grad((v: Tensor) =>
				unique(v)
					.mul(tensor([1, 10]))
					.sum(),
			)(tensor([3, 1, 3])),
			[10, 1, 0],
		);
		same(unique(x, { size: 5, fill: 9 }), [0, 1, 2, nan, 9]);
		same(unique(tensor([3, 2]), { size: 4 }), [2, 3, 2, 2]);
		assert.equal(unique(zeros([0])).shape, [0]);
		refuses(() => unique(zeros([0]), { size: 1 }), ShapeError, "unique: expected at least one");
	});

	test("nonzero gives the indices along each axis", () => {
		const m = tensor([
			[0, 1, nan],
			[2, 0, 0],
		]);
		assert.equal(
			nonzero(m).map((x) => x.toArray()),
			[
				[0, 0, 1],
				[1, 2, 0],
			],
		);
		same(nonzero(m, { size: 4, fill: -1 })[0]!, [0, 0, 1, -1]);
		assert.equal(nonzero(tensor(1)), []);
		same(nonzero(zeros([0, 2]))[1]!, zeros([0]));
		same(nonzero(zeros([0, 2]), { size: 1 })[1]!, [0]);
	});

	test("a size that depends on values is refused by name where they are not known", () => {
		const x = tensor([1, 0, 2]);
		refuses(() => compile((v: Tensor) => unique(v))(x), TraceError, "unique: how many elements");
		refuses(() => compile((v: Tensor) => nonzero(v))(x), TraceError, "say it, { size: … }");
		refuses(
			() => vmap((v: Tensor) => unique(v))(x.reshape([1, 3])),
			TraceError,
			"unique: how many",
		);
		refuses(() => derive((v: Tensor) => unique(v).sum(), { v: x }), TraceError, "unique: how many");
		same(compile((v: Tensor) => unique(v, { size: 2 }))(x), [0, 1]);
	});

	test("grids and spaces are those of NumPy, and other input is refused", () => {
		const [x, y] = meshgrid([tensor([1, 2]), tensor([3, 4, 5])]);
		same(x!, [
			[1, 2],
			[1, 2],
			[1, 2],
		]);
		assert.equal(y!.shape, [3, 2]);
		assert.equal(meshgrid([]), []);
		near(logspace(-1, 1, 3), [0.1, 1, 10]);
		same(logspace(0, 3, 4, { base: 2, dtype: "int32" }), [1, 2, 4, 8]);
		for (const call of [
			() => meshgrid([ones([2, 2])]),
			() => loose(meshgrid)(ones([2])),
			() => logspace(0, inf),
			() => logspace(0, 1, 2, { base: -1 }),
		]) {
			refuses(call, AdjointError, "");
		}
	});
});
