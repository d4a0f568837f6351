import {
	DomainError,
	grad,
	hessian,
	type Tensor,
	tensor,
	vectorNorm,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const x = tensor([3, -4, 0]);
const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
const gradient = (ord: number, at: Tensor) =>
	grad((t: Tensor) => vectorNorm(t, undefined, { ord }))(at);

suite("ops/linalg/norms", (test) => {
	test("vectorNorm takes every order, along axes", () => {
		same(vectorNorm(x), 5);
		same(vectorNorm(x, 0, { ord: 1, keepDims: true }), [7]);
		same(vectorNorm(x, 0, { ord: 0 }), 2);
		same(vectorNorm(x, 0, { ord: POSITIVE_INFINITY }), 4);
		same(vectorNorm(x, 0, { ord: NEGATIVE_INFINITY }), 0);
		near(vectorNorm(x, 0, { ord: 3 }), 91 ** (1 / 3));
		near(vectorNorm(x, 0, { ord: 0.5 }), (Math.sqrt(3) + 2) ** 2);
		same(vectorNorm(x, 0, { ord: -1 }), 0);
		near(vectorNorm(tensor([1, 2, -4]), 0, { ord: -1 }), 4 / 7);
		same(
			vectorNorm(
				tensor(
					[
						[3, 4],
						[6, 8],
					],
					{ dtype: "int32" },
				),
				1,
				{ ord: 1 },
			),
			[7, 14],
		);
		refuses(
			() => vectorNorm(x, 0, { ord: Number.NaN }),
			DomainError,
			"vectorNorm: expected ord to be a number",
		);
	});

	test("no power over- or underflows on the way", () => {
		const big = tensor([3e200, -4e200]);
		near(vectorNorm(big.div(1e200), 0, { ord: 3 }), 91 ** (1 / 3));
		near(vectorNorm(big, 0, { ord: 3 }).div(1e200), 91 ** (1 / 3));
		near(vectorNorm(big.div(1e300).div(1e200), 0, { ord: 3 }).mul(1e300), 91 ** (1 / 3));
		near(
			vectorNorm(big.div(1e300).div(1e200), 0, { ord: -3 }).mul(1e300),
			(1 / 27 + 1 / 64) ** (-1 / 3),
		);
		near(gradient(3, big), gradient(3, tensor([3, -4])));
		same(vectorNorm(tensor([1, NEGATIVE_INFINITY]), 0, { ord: 3 }), POSITIVE_INFINITY);
		near(vectorNorm(tensor([2, NEGATIVE_INFINITY]), 0, { ord: -1 }), 2);
		same(vectorNorm(tensor([1, Number.NaN]), 0, { ord: 3 }), Number.NaN);
		same(vectorNorm(zeros([0]), 0, { ord: 3 }), 0);
	});

	test("the derivative at 0 is 0, by one element and by all, in both orders", () => {
		for (const ord of [1, 2, 3, 1.5, 0.5, -1, POSITIVE_INFINITY, 0]) {
			same(gradient(ord, zeros([2])), [0, 0]);
			same(hessian((t: Tensor) => vectorNorm(t, 0, { ord }))(zeros([2])), zeros([2, 2]));
			same(gradient(ord, x).slice(2), 0);
		}
		// The gradient of a norm is homogeneous of degree 0: x·∇ is the norm.
		for (const ord of [1, 2, 3, 1.5, 0.5, -2]) {
			const at = tensor([1, -2, 0.5]);
			near(gradient(ord, at).mul(at).sum(), vectorNorm(at, 0, { ord }));
			near(hessian((t: Tensor) => vectorNorm(t, 0, { ord }))(at).dot(at), zeros([3]));
		}
	});
});
