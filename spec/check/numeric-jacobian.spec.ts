import * as assert from "uvu/assert";
import { numericJacobian } from "../../lib/check/gradients.ts";
import {
	customGradient,
	GradientError,
	jacobian,
	random,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

suite("check/numeric-jacobian", (test) => {
	test("derivatives by differences are those of jacobian, within their bounds", () => {
		const x = random.normal(random.key(1), [2, 3]);
		const w = random.normal(random.key(2), [3, 2]);
		const f = (v: Tensor, m: Tensor) => v.dot(m).tanh();
		const { value, bound } = numericJacobian(f)(x, w);
		const exact = jacobian(f)(x, w);
		near(value, exact, 1e-10);
		const apart = value.sub(exact).abs();
		assert.ok(apart.data.every((distance, k) => distance <= bound.data[k]!));
		assert.ok(bound.data.every((each) => each < 1e-6));
	});

	test("the gradient that a function states does not matter", () => {
		const wrong = customGradient(
			(x: Tensor) => x.square(),
			(g) => g.mul(1000),
		);
		const { value } = numericJacobian((x: Tensor) => wrong(x))(tensor([1, 3]));
		near(
			value,
			[
				[2, 0],
				[0, 6],
			],
			1e-11,
		);
	});

	test("structures are those of jacobian", () => {
		const point = { a: tensor([1, 2]), b: [tensor(3)] as const };
		const f = ({ a, b }: typeof point) => ({ sum: a.sum().mul(b[0]), product: a.mul(b[0]) });
		const { value } = numericJacobian(f)(point);
		near(value.sum.b[0], 3);
		near(value.product.a, [
			[3, 0],
			[0, 3],
		]);
	});

	test("where there is no derivative there is none", () => {
		const { value, bound } = numericJacobian((x: Tensor) => x.abs())(tensor([0, 2]));
		same(value, [
			[Number.NaN, 0],
			[0, value.data[3]!],
		]);
		assert.is(bound.data[0], Number.POSITIVE_INFINITY);
		near(value.data[3]!, 1);
	});

	test("what is no float tensor is refused", () => {
		const f = (x: Tensor) => x.argmax(0);
		refuses(() => numericJacobian(f)(tensor([1, 2])), GradientError, "numericJacobian");
	});
});
