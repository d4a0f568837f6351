import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	betainc,
	GradientError,
	gammainc,
	gammaincc,
	grad,
	ShapeError,
	type Tensor,
	tensor,
	vmap,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

suite("ops/incomplete", (test) => {
	test("the incomplete gamma functions have SciPy's values at the ends", () => {
		const a = tensor([0, 0, 1, 1, 1, inf, inf, -1, nan]);
		const x = tensor([0, 1, 0, inf, -1, 1, inf, 1, 1]);
		for (const road of roads(gammainc)) same(road(a, x), [nan, 1, 0, 1, nan, 0, nan, nan, nan]);
		for (const road of roads(gammaincc)) same(road(a, x), [nan, 0, 1, 0, nan, 1, nan, nan, nan]);
	});

	test("the two add up to 1, and each keeps its digits where it is small", () => {
		const a = tensor([0.01, 0.5, 3, 30, 300]);
		for (const x of [0.01, 1, 3, 29, 330]) {
			near(gammainc(a, x).add(gammaincc(a, x)), [1, 1, 1, 1, 1], 2e-15);
		}
		// By mpmath.
		near(gammaincc(1e-10, 0.5).item() / 5.597735948054988e-11, 1, 1e-14);
		near(gammainc(30, 0.1).item() / 3.422264318380437e-63, 1, 1e-13);
	});

	test("the derivative by a is exact where the fraction ends for the value, at whole numbers", () => {
		const slope = (a: number, x: number) => grad((v: Tensor) => gammainc(v, x))(tensor(a)).item();
		// By mpmath.
		near(slope(2, 3), -0.19742541957920248, 1e-15);
		near(slope(1, 4), -0.039742293000866354, 1e-15);
	});

	test("float32 stays, numbers broadcast, and vmap gives the same", () => {
		const a = tensor([0.5, 2], { dtype: "float32" });
		assert.is(gammainc(a, 1).dtype, "float32");
		assert.is(betainc(a, 1, 0.5).dtype, "float32");
		assert.equal(gammainc(zeros([3, 1]), zeros([2])).shape, [3, 2]);
		same(vmap((v: Tensor) => gammainc(v, 1.5))(a), gammainc(a, 1.5));
		same(compile((v: Tensor) => gammainc(v, 1.5))(a), gammainc(a, 1.5));
		refuses(() => gammainc(zeros([2]), zeros([3])), ShapeError, "gammainc: ");
	});

	test("the incomplete beta function has SciPy's values at the ends", () => {
		const [a, b] = [tensor([0, 1, 0, 1, 2, 1]), tensor([1, 0, 0, 2, 3, -1])];
		for (const road of roads(betainc)) {
			same(road(a, b, tensor([0.5, 0.5, 0.5, -1, 0, 0.5])), [1, 0, nan, nan, 0, nan]);
		}
		same(betainc(2, 3, tensor([1, nan])), [1, nan]);
	});

	test("betainc refuses derivatives by its parameters, and says so", () => {
		const x = tensor([0.25]);
		const by = (f: (v: Tensor) => Tensor) => () => grad(f)(tensor(2));
		refuses(
			by((v) => betainc(v, 1, x).sum()),
			GradientError,
			"betainc: there is no derivative by its first",
		);
		refuses(
			by((v) => betainc(1, v, x).sum()),
			GradientError,
			"by its second argument, only by x",
		);
		near(grad((v: Tensor) => betainc(2, 3, v).sum())(x), [12 * 0.25 * 0.75 ** 2]);
	});
});
