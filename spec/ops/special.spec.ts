import * as assert from "uvu/assert";
import {
	betaln,
	cbrt,
	DomainError,
	DTypeError,
	digamma,
	erfinv,
	floorDivide,
	grad,
	heaviside,
	isClose,
	lgamma,
	logit,
	logNdtr,
	logSubExp,
	nanToNum,
	ndtr,
	ndtri,
	polygamma,
	ShapeError,
	type Tensor,
	tensor,
	trunc,
	xlogy,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** What a function gives, by every road. */
function gives(f: (x: Tensor) => Tensor, x: readonly number[], expected: readonly number[]): void {
	for (const road of roads(f)) same(road(tensor(x)), expected);
}

suite("ops/special", (test) => {
	test("values at special points are those of SciPy", () => {
		gives(lgamma, [inf, 0, -0, -1, -2, nan, 1, 2], [inf, inf, inf, inf, inf, nan, 0, 0]);
		gives(digamma, [inf, -inf, 0, -0, -1, nan], [inf, nan, -inf, inf, nan, nan]);
		gives((x) => polygamma(1, x), [inf, 0, -1, nan], [0, inf, inf, nan]);
		gives((x) => polygamma(2, x), [inf, 0, -1, nan], [-0, -inf, -inf, nan]);
		// By mpmath: just below 0 it is as large as just above.
		near(
			polygamma(1, tensor([-1e-20, -1e-10, -0.4999])).div(tensor([1e40, 1e20, 8.934720287925195])),
			[1, 1, 1],
		);
		near(polygamma(2, tensor(-0.25)), 122.69736678366236);
		gives(logit, [0, 1, 2, -1, inf, 0.5], [-inf, inf, nan, nan, nan, 0]);
		gives(ndtri, [0, 1, -1, 2, nan, 0.5], [-inf, inf, nan, nan, nan, 0]);
		gives(erfinv, [1, -1, 2, -0, nan], [inf, -inf, nan, -0, nan]);
		gives(logNdtr, [-inf, inf, -1e200, nan], [-inf, -0, -inf, nan]);
		gives(ndtr, [-inf, inf, 0], [0, 1, 0.5]);
		gives(cbrt, [0, -0, inf, -inf, nan], [0, -0, inf, -inf, nan]);
	});

	test("betaln keeps its digits where one argument is much the greater", () => {
		const pairs: [x: number, y: number, by: number][] = [
			...[[1e10, 0.5, -10.940560522033028] as const, [1e300, 1, -690.7755278982137] as const],
			...[[20, 30, -33.968820791977386] as const, [0, 1, inf] as const, [inf, 1, -inf] as const],
			...[[-1, 1, nan] as const, [1e-300, 1e-300, 691.4686750787737] as const],
		].map(([...row]) => row as [number, number, number]);
		for (const [x, y, by] of pairs) {
			near(betaln(x, y), by, 1e-14 * Math.abs(by) || 0);
			near(betaln(y, x), by, 1e-14 * Math.abs(by) || 0);
		}
	});

	test("lgamma is ∞ at −∞, as in C and JAX; in SciPy it is −∞", () => {
		gives(lgamma, [-inf, -1e300], [inf, inf]);
	});

	test("the gamma function below 0 is that of its reflection", () => {
		// By mpmath.
		near(
			lgamma(tensor([-0.5, -1.5, -20.25])),
			[1.2655121234846454, 0.860047015376481, -41.60096191534053],
		);
		near(
			digamma(tensor([-0.5, -1.5, -20.25])),
			[0.03648997397857652, 0.7031566406452432, 6.174235633614484],
		);
		near(polygamma(1, tensor([-0.5, -1.5])), [8.934802200544679, 9.379246644989124]);
		near(polygamma(2, tensor([-1.5])), [-0.2362040516417274], 1e-13);
	});

	test("polygamma of order 0 is digamma, and each order is the derivative of the one before", () => {
		const x = tensor([0.3, 1.5, 7, -1.75]);
		same(polygamma(0, x), digamma(x));
		for (const order of [0, 1, 2, 3, 7]) {
			const slope = grad((v: Tensor) => polygamma(order, v).sum())(x);
			same(slope, polygamma(order + 1, x));
		}
		for (const order of [-1, 0.5, 170, nan]) {
			refuses(() => polygamma(order, x), DomainError, "polygamma: expected an order that is");
		}
	});

	test("floorDivide rounds down as NumPy does, and fits to mod", () => {
		const x = tensor([1, -1, 1, 0, inf, 1, -1, 5, -0, 0.6]);
		const y = tensor([0, 0, inf, 0, 1, -inf, inf, -2, 1, 0.2]);
		for (const road of roads(floorDivide)) {
			same(road(x, y), [inf, -inf, 0, nan, nan, -1, -1, -3, -0, 2]);
		}
		const whole = (values: number[]) => tensor(values, { dtype: "int32" });
		for (const road of roads(floorDivide)) {
			const out = road(whole([7, -7, 7, -7]), whole([2, 2, -2, -2]));
			same(out, [3, -4, -4, 3]);
			assert.is(out.dtype, "int32");
			refuses(() => road(whole([1]), whole([0])), DTypeError, "floorDivide: the result");
		}
	});

	test("xlogy is 0 at x = 0, and so is its derivative by y", () => {
		for (const road of roads(xlogy)) {
			same(road(tensor([0, 0, 0, nan, 1]), tensor([0, nan, inf, 1, -1])), [0, nan, 0, nan, nan]);
		}
		same(grad((y: Tensor) => xlogy(0, y).sum())(tensor([0, 2])), [0, 0]);
		same(grad((x: Tensor) => xlogy(x, tensor([0, 1])).sum())(zeros([2])), [-inf, 0]);
	});

	test("logSubExp neither overflows nor loses what is left of a small difference", () => {
		const x = tensor([1000, 3, -inf, inf, 1, 2, 1e-10]);
		const y = tensor([999, 3, -inf, 0, -inf, 3, 0]);
		near(logSubExp(x, y), [999.5413248546129, -inf, -inf, inf, 1, nan, -23.025850929890456]);
		const slope = (d: number) => grad((v: Tensor) => logSubExp(800, v))(tensor(800 - d)).item();
		near(tensor([slope(1), slope(800)]), [-0.5819767068693265, -0]);
	});

	test("heaviside passes a gradient to its value at 0, and none to x", () => {
		for (const road of roads(heaviside)) {
			same(road(tensor([-1, 0, -0, 2, nan]), tensor(0.5)), [0, 0.5, 0.5, 1, nan]);
		}
		const f = ([x, h]: Tensor[]) => heaviside(x!, h!).sum();
		const [dx, dh] = grad(f)([tensor([-1, 0, 2]), tensor([0.5, 0.5, 0.5])]);
		same(dx!, [0, 0, 0]);
		same(dh!, [0, 1, 0]);
	});

	test("nanToNum replaces what is no number, and its gradient there is 0", () => {
		const x = tensor([1, nan, inf, -inf]);
		same(nanToNum(x), [1, 0, Number.MAX_VALUE, -Number.MAX_VALUE]);
		same(nanToNum(x, { nan: -1, posInf: 2, negInf: 3 }), [1, -1, 2, 3]);
		same(nanToNum(x.astype("float32")), [1, 0, 3.4028234663852886e38, -3.4028234663852886e38]);
		same(grad((v: Tensor) => nanToNum(v).mul(2).sum())(x), [2, 0, 0, 0]);
		same(nanToNum(tensor([1, 2], { dtype: "int32" })), [1, 2]);
	});

	test("isClose compares as NumPy does: relative to the second argument", () => {
		const x = tensor([1, 1, inf, inf, nan, 0]);
		const y = tensor([1 + 1e-6, 1 + 1e-4, inf, -inf, nan, 1e-9]);
		same(isClose(x, y), [true, false, true, false, false, true]);
		same(isClose(x, y, { equalNaN: true, atol: 0 }), [true, false, true, false, true, false]);
		same(isClose(x, y, { rtol: 1e-3 }), [true, true, true, false, false, true]);
		same(isClose(tensor([1, 2], { dtype: "int32" }), 1), [true, false]);
		refuses(() => isClose(zeros([2]), zeros([3])), ShapeError, "isClose: ");
	});

	test("trunc keeps the dtype and the sign of a zero", () => {
		gives(trunc, [1.7, -1.7, -0.5, 0, inf, nan], [1, -1, -0, 0, inf, nan]);
		assert.is(trunc(tensor([1, 2], { dtype: "int32" })).dtype, "int32");
	});
});
