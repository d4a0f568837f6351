import * as assert from "uvu/assert";
import {
	checkpoint,
	customGradient,
	GradientError,
	grad,
	hvp,
	jvp,
	ShapeError,
	stopGradient,
	type Tensor,
	tensor,
	valueAndGrad,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

suite("autodiff/custom", (test) => {
	const x = tensor([1, 2, 3]);

	test("stopGradient keeps the value and lets no derivative through, of any order or mode", () => {
		const f = (v: Tensor) => v.mul(stopGradient(v)).sum();
		same(f(x), 14);
		same(grad(f)(x), x);
		same(jvp(f, x, tensor([1, 1, 1]))[1], 6);
		same(grad((v: Tensor) => grad(f)(v).sum())(x), [0, 0, 0]);
		const outer = (a: Tensor) => grad((b: Tensor) => stopGradient(a).mul(b))(tensor(1)).mul(a);
		same(grad(outer)(tensor(5)), 5);
	});

	interface Pair {
		a: Tensor;
		b: Tensor;
	}
	const pair: Pair = { a: x, b: tensor(2) };
	const body = ({ a, b }: Pair, power: number) => ({ u: a.mul(b).power(power), v: [a.exp()] });
	const wrap = (f: typeof body) => (p: Pair) => {
		const { u, v } = f(p, 3);
		return u.mul(v[0]!).sum();
	};

	test("checkpoint gives the same values and derivatives, in both modes and to second order", () => {
		const [plain, saved] = [wrap(body), wrap(checkpoint(body))];
		const direction = { a: tensor([1, -1, 0.5]), b: tensor(-0.25) };
		const [value, gradient] = valueAndGrad(saved)(pair);
		const [expected, expectedGradient] = valueAndGrad(plain)(pair);
		same(value, expected);
		near(gradient.a, expectedGradient.a);
		near(gradient.b, expectedGradient.b);
		near(jvp(saved, pair, direction)[1], jvp(plain, pair, direction)[1]);
		near(hvp(saved, pair, direction).a, hvp(plain, pair, direction).a);
		near(hvp(saved, pair, direction).b, hvp(plain, pair, direction).b);
	});

	test("checkpoint runs the function once more for a gradient, not once for each argument or result", () => {
		let runs = 0;
		const counted = checkpoint((p: Pair) => {
			runs++;
			return body(p, 2);
		});
		grad((p: Pair) => counted(p).u.mul(counted(p).v[0]!).sum())(pair);
		assert.is(runs, 4);
	});

	test("customGradient replaces the gradient, in both modes and at any order", () => {
		const tripled = customGradient(
			(v: Tensor) => v.square(),
			(g: Tensor, _: Tensor, v: Tensor) => g.mul(v).mul(3),
		);
		same(tripled(x), [1, 4, 9]);
		same(grad((v: Tensor) => tripled(v).sum())(x), [3, 6, 9]);
		same(jvp(tripled, x, tensor([1, 10, 100]))[1], [3, 60, 900]);
		same(grad((v: Tensor) => grad((u: Tensor) => tripled(u).sum())(v).sum())(x), [3, 3, 3]);
	});

	test("customGradient takes nested arguments and results, and further arguments", () => {
		const f = customGradient(
			({ a, b }: Pair, scale: number) => ({ sum: a.add(b), product: a.mul(b).mul(scale) }),
			(g, y, { a, b }, scale) => ({
				a: g.sum.add(g.product.mul(b).mul(scale)),
				b: y.sum.mul(0).sum().add(g.sum.sum()).add(g.product.mul(a).sum().mul(scale)),
			}),
		);
		const loss = (p: Pair) => {
			const { sum, product } = f(p, 10);
			return sum.mul(product).sum();
		};
		const plain = ({ a, b }: Pair) => a.add(b).mul(a.mul(b).mul(10)).sum();
		near(grad(loss)(pair).a, grad(plain)(pair).a);
		near(grad(loss)(pair).b, grad(plain)(pair).b);
		near(jvp(loss, pair, pair)[1], jvp(plain, pair, pair)[1]);
	});

	test("a custom gradient of another structure or shape is refused", () => {
		const wrong = customGradient(
			(v: Tensor) => v.square(),
			(g: Tensor) => g.sum(),
		);
		refuses(() => grad((v: Tensor) => wrong(v).sum())(x), ShapeError, "gradient to be float64 (3)");
	});

	test("a differentiated tensor from outside is refused rather than losing its gradient", () => {
		for (const wrapped of [
			(outer: Tensor) => checkpoint((v: Tensor) => v.mul(outer)),
			(outer: Tensor) =>
				customGradient(
					(v: Tensor) => v.mul(outer),
					(g: Tensor) => g,
				),
		]) {
			refuses(
				() => grad((a: Tensor) => wrapped(a)(x).sum())(tensor(2)),
				GradientError,
				"first argument",
			);
		}
	});
});
