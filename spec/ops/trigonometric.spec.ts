import * as assert from "uvu/assert";
import {
	acos,
	acosh,
	asin,
	asinh,
	atan,
	atan2,
	atanh,
	cos,
	cosh,
	DTypeError,
	grad,
	hypot,
	ShapeError,
	sin,
	sinh,
	type Tensor,
	tan,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** f′ at each of the points, for a function of each element by itself. */
function slope(f: (x: Tensor) => Tensor, points: number[]): Tensor {
	return grad((x: Tensor) => f(x).sum())(tensor(points));
}

/** ∂f/∂x and ∂f/∂y at a point. */
function slopes(f: (x: Tensor, y: Tensor) => Tensor, x: number, y: number): number[] {
	const g = grad((v: Tensor[]) => f(v[0]!, v[1]!))([tensor(x), tensor(y)]);
	return g.map((t) => t.item());
}

suite("ops/trigonometric", (test) => {
	// Values from NumPy 2.4.
	test("the functions of an angle and their inverses agree with NumPy", () => {
		const x = tensor([-2.5, -0.5, 0.25, 4]);
		near(
			sin(x),
			[-0.5984721441039565, -0.479425538604203, 0.24740395925452294, -0.7568024953079282],
		);
		near(
			cos(x),
			[-0.8011436155469337, 0.8775825618903728, 0.9689124217106447, -0.6536436208636119],
		);
		near(
			tan(x),
			[0.7470222972386603, -0.5463024898437905, 0.25534192122103627, 1.1578212823495775],
		);
		near(
			atan(x),
			[-1.1902899496825317, -0.4636476090008061, 0.24497866312686414, 1.3258176636680326],
		);
		const y = tensor([-0.9, -0.25, 0.5, 1]);
		near(
			asin(y),
			[-1.1197695149986342, -0.25268025514207865, 0.5235987755982989, 1.5707963267948966],
		);
		near(acos(y), [2.6905658417935308, 1.8234765819369754, 1.0471975511965979, 0]);
	});

	// Values from NumPy 2.4.
	test("the hyperbolic functions and their inverses agree with NumPy", () => {
		const x = tensor([-2.5, -0.5, 0.25, 4]);
		near(
			sinh(x),
			[-6.0502044810397875, -0.5210953054937474, 0.2526123168081683, 27.28991719712775],
		);
		near(cosh(x), [6.132289479663686, 1.1276259652063807, 1.0314130998795732, 27.308232836016487]);
		near(
			asinh(x),
			[-1.6472311463710958, -0.48121182505960347, 0.24746646154726346, 2.0947125472611012],
		);
		near(
			acosh(tensor([1.125, 1.5, 3, 11])),
			[0.4949329230945269, 0.9624236501192069, 1.762747174039086, 3.088969904844603],
		);
		near(
			atanh(tensor([-0.9, -0.25, 0.5, 0.999])),
			[-1.4722194895832204, -0.25541281188299536, 0.5493061443340548, 3.8002011672501994],
		);
	});

	test("atan2 takes y first and knows the quadrant", () => {
		const q = Math.PI / 4;
		near(atan2(tensor([1, 1, -1, -1, 0, 0]), tensor([1, -1, -1, 1, -1, 1])), [
			q,
			3 * q,
			-3 * q,
			-q,
			4 * q,
			0,
		]);
		near(slopes(atan2, 3, 4), [4 / 25, -3 / 25]);
		near(slopes(atan2, -3, -4), [-4 / 25, 3 / 25]);
	});

	test("the slopes of atan2 and hypot are right beside the greatest number", () => {
		const greatest = Number.MAX_VALUE;
		same(slopes(atan2, greatest, greatest), [0.5 / greatest, -0.5 / greatest]);
		near(slopes(hypot, greatest, -greatest), [Math.SQRT1_2, -Math.SQRT1_2], 1e-15);
	});

	test("atan2 is 0 at the origin, with a derivative of NaN", () => {
		same(atan2(0, 0), 0);
		same(slopes(atan2, 0, 0), [nan, nan]);
	});

	test("hypot neither overflows nor underflows", () => {
		const [x, y] = [tensor([3, 1e200, 1e-200, inf]), tensor([4, 1e200, 1e-200, 1])];
		const scaled = hypot(x, y).div(tensor([1, 1e200, 1e-200, 1]));
		near(scaled, [5, Math.SQRT2, Math.SQRT2, inf], 1e-15);
		near(slopes(hypot, 1e200, 1e200), [Math.SQRT1_2, Math.SQRT1_2]);
		near(slopes(hypot, 3, -4), [0.6, -0.8]);
	});

	test("hypot has derivative 0 at the origin, in every order, as the norm of the pair has", () => {
		same(hypot(0, 0), 0);
		same(slopes(hypot, 0, 0), [0, 0]);
		same(slopes(hypot, 0, 2), [0, 1]);
		const dx = (x: Tensor, y: Tensor) => grad((t: Tensor) => hypot(t, y))(x);
		same(slopes(dx, 0, 0), [0, 0]);
		const dxx = (x: Tensor, y: Tensor) => grad((t: Tensor) => dx(t, y))(x);
		same(slopes(dxx, 0, 0), [0, 0]);
		same(slopes(hypot, 5e-324, 0), [1, 0]);
	});

	test("the value is NaN outside of the domain", () => {
		same(asin(tensor([-1.5, 1.5])), [nan, nan]);
		same(acos(tensor([-1.5, 1.5])), [nan, nan]);
		same(acosh(tensor([-2, 0.5])), [nan, nan]);
		same(atanh(tensor([-1.5, -1, 1, 1.5])), [nan, -inf, inf, nan]);
		same(sin(tensor([inf, nan])), [nan, nan]);
	});

	test("at the edges of the domain the derivative is infinite", () => {
		same(slope(asin, [-1, 1]), [inf, inf]);
		same(slope(acos, [-1, 1]), [-inf, -inf]);
		same(slope(acosh, [1]), [inf]);
		same(slope(atanh, [-1, 1]), [inf, inf]);
	});

	test("the derivatives of asin, acosh and atanh are exact next to the edge", () => {
		const gap = 2 ** -40;
		const root = Math.sqrt(gap * (2 - gap));
		near(slope(asin, [1 - gap]).mul(root), [1], 1e-15);
		near(slope(acos, [gap - 1]).mul(root), [-1], 1e-15);
		near(
			slope(atanh, [1 - gap])
				.mul(root)
				.mul(root),
			[1],
			1e-15,
		);
		near(slope(acosh, [1 + gap]).mul(Math.sqrt(gap * (2 + gap))), [1], 1e-15);
	});

	test("asin, acos and acosh have a NaN derivative where they are NaN", () => {
		same(slope(asin, [-1.5, 1.5]), [nan, nan]);
		same(slope(acos, [-1.5, 1.5]), [nan, nan]);
		same(slope(acosh, [-2, 0.5]), [nan, nan]);
	});

	test("atan and asinh are flat far out, without overflow", () => {
		same(atan(tensor([-inf, inf])), [-Math.PI / 2, Math.PI / 2]);
		same(slope(atan, [-inf, 1e200, inf]), [0, 0, 0]);
		same(asinh(tensor([-inf, inf])), [-inf, inf]);
		same(slope(asinh, [-inf, inf]), [0, 0]);
		near(slope(asinh, [1e10, 0]), [1e-10, 1]);
	});

	test("sinh and cosh overflow to ∞", () => {
		same(sinh(tensor([-1000, 1000])), [-inf, inf]);
		same(cosh(tensor([-1000, 1000])), [inf, inf]);
		same(slope(cosh, [0, 1000]), [0, inf]);
	});

	test("integers give float64, float32 stays, and two float dtypes are refused", () => {
		const narrow = tensor([1], { dtype: "float32" });
		for (const f of [
			sin,
			tan,
			atan,
			sinh,
			asinh,
			(t: Tensor) => atan2(t, 2),
			(t: Tensor) => hypot(t, 2),
		]) {
			assert.is(f(tensor([1], { dtype: "int32" })).dtype, "float64");
			assert.is(f(tensor([true])).dtype, "float64");
			assert.is(f(narrow).dtype, "float32");
		}
		refuses(
			() => atan2(narrow, tensor([1])),
			DTypeError,
			"atan2: expected tensors of one float dtype",
		);
	});

	test("atan2 and hypot broadcast, or refuse", () => {
		same(hypot(tensor([[3], [5]]), tensor([4, 12])), [
			[5, Math.sqrt(153)],
			[Math.sqrt(41), 13],
		]);
		refuses(
			() => hypot(zeros([2]), zeros([3])),
			ShapeError,
			"hypot: expected shapes that broadcast",
		);
	});

	test("no elements give no elements", () => {
		for (const f of [sin, acos, cosh]) assert.equal(f(zeros([2, 0])).shape, [2, 0]);
	});
});
