import * as assert from "uvu/assert";
import {
	all,
	any,
	DomainError,
	DTypeError,
	grad,
	hvp,
	jvp,
	logSumExp,
	mean,
	norm,
	prod,
	ShapeError,
	std,
	sum,
	type Tensor,
	tensor,
	variance,
	vjp,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const x = tensor([
	[0.5, -1.25, 2],
	[3.75, -0.5, 1.5],
]);

suite("ops/reductions", (test) => {
	test("values over axes are those of NumPy 2.4 and SciPy 1.17", () => {
		same(sum(x), 6);
		same(sum(x, 0), [4.25, -1.75, 3.5]);
		same(prod(x, 1), [-1.25, -2.8125]);
		same(mean(x, 0), [2.125, -0.875, 1.75]);
		near(variance(x, 0), [2.640625, 0.140625, 0.0625]);
		near(variance(x, 1, { ddof: 1 }), [2.6458333333333335, 4.520833333333333]);
		near(std(x), 1.6520189667999174);
		near(std(x, 1, { ddof: 1 }), [1.626601774661928, 2.1262251370288454]);
		near(norm(x), 4.7302219821061255);
		near(norm(x, -1), [2.4109126902482387, 4.0697051490249265]);
		near(logSumExp(x), 4.041885393670899);
		near(logSumExp(x, 0), [3.788041371687783, -0.11312899388510006, 2.4740769841801065]);
	});

	test("keepDims leaves the axes with size 1, and several axes are one slice", () => {
		const cube = tensor(Array.from({ length: 24 }, (_, i) => i)).reshape([2, 3, 4]);
		same(cube.sum([0, 2]), [60, 92, 124]);
		same(cube.sum([2, 0], { keepDims: true }), [[[60], [92], [124]]]);
		same(cube.permute([2, 0, 1]).sum([0, 1]), [60, 92, 124]);
		same(cube.sum([]), cube);
	});

	test("the sum over no elements is 0, the product 1, the norm 0, the mean NaN, the log-sum −∞", () => {
		const none = zeros([2, 0]);
		same(sum(none, 1), [0, 0]);
		same(prod(none, 1), [1, 1]);
		same(norm(none, 1), [0, 0]);
		same(mean(none, 1), [nan, nan]);
		same(variance(none, 1), [nan, nan]);
		same(std(none, 1), [nan, nan]);
		same(logSumExp(none, 1), [-inf, -inf]);
		same(all(none, 1), [true, true]);
		same(any(none, 1), [false, false]);
		same(sum(none, 0), zeros([0]));
	});

	test("sum rounds by the logarithm of the number of terms, along either axis and bit for bit alike", () => {
		// Summed in a row, a million times 0.1 is off by 1.3e−6.
		const tenths = tensor(new Float64Array(1_000_000).fill(0.1)).reshape([100_000, 10]);
		near(sum(tenths), 100_000, 1e-14);
		near(sum(tenths, 0), new Array(10).fill(10_000), 1e-14);
		const noise = tensor(Array.from({ length: 3000 }, (_, i) => Math.sin(i * i) * 2 ** (i % 9)));
		const lines = noise.reshape([5, 600]);
		const copy = tensor(lines.T.data, { shape: [600, 5] });
		same(copy.sum(0), lines.sum(1));
		same(copy.mean(0), lines.mean(1));
	});

	test("float32 is summed in float64 and rounded once", () => {
		const thirds = tensor(new Float32Array(1001).fill(1 / 3));
		assert.is(sum(thirds).dtype, "float32");
		same(sum(thirds), Math.fround(1001 * Math.fround(1 / 3)));
	});

	test("int32 and bool keep whole sums and products; an overflow is an error", () => {
		const whole = tensor([2_000_000_000, 2_000_000_000, 0], { dtype: "int32" });
		assert.is(sum(tensor([true, true])).dtype, "int32");
		same(sum(tensor([true, true, false])), 2);
		same(prod(whole), 0);
		refuses(() => sum(whole), DTypeError, "sum: the result 4000000000 is not an int32");
		refuses(() => prod(whole.slice([0, 2])), DTypeError, "prod: the result");
		assert.is(mean(whole).dtype, "float64");
		near(mean(whole), 4e9 / 3);
		assert.is(std(tensor([true, false])).dtype, "float64");
		same(std(tensor([true, false])), 0.5);
	});

	test("the gradient of prod is exact with zeros, to second order", () => {
		const f = (t: Tensor) => prod(t);
		same(grad(f)(tensor([2, 0, 3])), [0, 6, 0]);
		same(grad(f)(tensor([0, 5, 0])), [0, 0, 0]);
		same(hvp(f, tensor([0, 5, 0]), tensor([1, 0, 0])), [0, 0, 5]);
		same(hvp(f, tensor([2, 0, 3]), tensor([1, 1, 1])), [3, 5, 2]);
		const square = tensor([
			[0, 2],
			[3, 4],
		]);
		same(grad(f)(square), [
			[24, 0],
			[0, 0],
		]);
		same(grad((t: Tensor) => prod(t, 0).sum())(square), [
			[3, 4],
			[0, 2],
		]);
	});

	test("std and norm have derivative 0 where they are 0, to second order and in both modes", () => {
		for (const f of [(t: Tensor) => std(t), (t: Tensor) => norm(t)]) {
			const at = f(tensor([0.1, 0.1, 0.1])).item() === 0 ? [0.1, 0.1, 0.1] : [0, 0, 0];
			same(grad(f)(tensor(at)), [0, 0, 0]);
			same(jvp(f, tensor(at), tensor([1, 2, 3]))[1], 0);
			same(hvp(f, tensor(at), tensor([1, 2, 3])), [0, 0, 0]);
		}
		same(std(tensor([0.1, 0.1, 0.1])), 0);
		same(variance(tensor([0.1, 0.1, 0.1])), 0);
		// One row at 0 does not disturb another.
		same(
			grad((t: Tensor) => norm(t, 1).sum())(
				tensor([
					[0, 0],
					[3, -4],
				]),
			),
			[
				[0, 0],
				[0.6, -0.8],
			],
		);
	});

	test("ddof divides by n − ddof, and gives NaN where nothing is left", () => {
		same(variance(tensor([1, 2, 3, 4]), 0, { ddof: 0.5 }), 5 / 3.5);
		same(variance(tensor([7]), 0, { ddof: 1 }), nan);
		same(variance(tensor([0.1, 0.2, 0.3]), 0, { ddof: 5 }), nan);
		same(grad((t: Tensor) => variance(t, 0, { ddof: 1 }))(tensor([1, 3])), [-2, 2]);
		same(grad((t: Tensor) => std(t, 0, { ddof: 1 }))(tensor([7])), [nan]);
		refuses(
			() => std(x, 0, { ddof: -1 }),
			DomainError,
			"std: expected ddof to be a number from 0, got -1",
		);
	});

	test("variance holds where the mean is large beside the deviations", () => {
		near(variance(tensor([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])), 22.5, 1e-15);
	});

	test("norm neither overflows nor vanishes", () => {
		near(norm(tensor([3e200, 4e200])), 5e200, 1e-15);
		same(
			norm(tensor([3e-200, 4e-200]))
				.div(5e-200)
				.sub(1)
				.abs()
				.item() < 1e-15,
			true,
		);
		same(norm(tensor([inf, -1])), inf);
		same(norm(tensor([inf, nan])), nan);
		near(grad((t: Tensor) => norm(t))(tensor([3e200, 4e200])), [0.6, 0.8]);
	});

	test("logSumExp is stable for elements of any size", () => {
		// SciPy 1.17: logsumexp([0, −50]) and logsumexp([1e4, 1e4 − 1])
		near(logSumExp(tensor([0, -50])).mul(1e22), 1.9287498479639178);
		near(logSumExp(tensor([1e4, 1e4 - 1])), 10000.31326168752);
		near(logSumExp(tensor([-1e4, -1e4])), -1e4 + Math.LN2);
		const p = 1 / (1 + Math.exp(-1));
		near(grad((t: Tensor) => logSumExp(t))(tensor([1e4, 1e4 - 1])), [p, 1 - p]);
		const second = [p * (1 - p), -p * (1 - p)];
		near(
			hvp((t: Tensor) => logSumExp(t), tensor([1e4, 1e4 - 1]), tensor([1, 0])),
			second,
		);
	});

	const infinite: [values: number[], value: number, gradient: number[]][] = [
		[[-inf, -inf], -inf, [0.5, 0.5]],
		[[-inf, 1], 1, [0, 1]],
		[[inf, 1], inf, [1, 0]],
		[[inf, -inf], inf, [1, 0]],
		[[1, inf, 2, inf], inf, [0, 0.5, 0, 0.5]],
		[[nan, -inf], nan, [nan, nan]],
		[[inf, nan], nan, [nan, nan]],
		[[nan, 1], nan, [nan, nan]],
	];
	for (const [values, value, gradient] of infinite) {
		test(`logSumExp of [${values}] is ${value}, its gradient [${gradient}]`, () => {
			same(logSumExp(tensor(values)), value);
			same(grad((t: Tensor) => logSumExp(t))(tensor(values)), gradient);
		});
	}

	test("a NaN shows in the value, and in the gradient where that depends on the values", () => {
		const bad = tensor([1, nan, 3]);
		for (const f of [sum, prod, mean, variance, std, norm, logSumExp]) same(f(bad), nan);
		for (const f of [variance, std, norm]) same(grad((t: Tensor) => f(t))(bad), [nan, nan, nan]);
		same(grad((t: Tensor) => mean(t))(bad), [1 / 3, 1 / 3, 1 / 3]);
	});

	test("a cotangent is spread over the axes, weighted", () => {
		const [, pull] = vjp((t: Tensor) => mean(t, 1), x);
		near(pull(tensor([3, -6])), [
			[1, 1, 1],
			[-2, -2, -2],
		]);
	});

	test("all and any count NaN as true and give bool", () => {
		assert.is(all(x).dtype, "bool");
		same(all(tensor([1, nan, -2])), true);
		same(
			all(
				tensor([
					[1, 0],
					[2, 3],
				]),
				0,
			),
			[true, false],
		);
		same(
			any(
				tensor([
					[0, 0],
					[0, nan],
				]),
				1,
			),
			[false, true],
		);
	});

	test("an axis that is not there, or stands twice, is refused", () => {
		refuses(() => sum(x, 2), ShapeError, "sum: axis 2 is out of range for a tensor of rank 2");
		refuses(() => sum(x, [0, -2]), ShapeError, "sum: an axis stands twice");
		refuses(() => mean(1, 0), ShapeError, "mean: axis 0 is out of range");
	});
});
