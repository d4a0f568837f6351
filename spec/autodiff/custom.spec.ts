import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	checkpoint,
	concat,
	customGradient,
	GradientError,
	grad,
	hessian,
	hvp,
	jacobian,
	jvp,
	linearize,
	ShapeError,
	solve,
	stopGradient,
	type Tensor,
	tensor,
	valueAndGrad,
	vjp,
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

	/** Repeats z ↦ f(z) until it does not move any more: from 0, 2x for f(z) = x + z/2. */
	function fixedPoint(f: (z: Tensor) => Tensor, start: Tensor): Tensor {
		for (let z = start; ; ) {
			const next = f(z);
			if (next.sub(z).abs().max().item() < 1e-13) return next;
			z = next;
		}
	}
	const custom = (pull: (g: Tensor, y: Tensor, v: Tensor) => Tensor) =>
		customGradient((v: Tensor) => v.mul(2), pull);
	type Forward = (f: (v: Tensor) => Tensor) => unknown;
	const first: readonly Forward[] = [
		(f) => jvp(f, x, x),
		(f) => linearize(f, x)[1](x),
		(f) => jacobian(f, { mode: "forward" })(x),
		(f) => grad((v: Tensor) => jvp(f, v, x)[1].sum())(x),
		(f) => compile((v: Tensor) => jvp(f, v, x)[1])(x),
	];
	const second: readonly Forward[] = [
		(f) => hvp((v: Tensor) => f(v).square().sum(), x, x),
		(f) => hessian((v: Tensor) => f(v).square().sum())(x),
	];

	test("in forward mode a pull that looks at its cotangent's values is refused; reverse mode runs it", () => {
		const pulls: ((g: Tensor) => Tensor)[] = [
			(g) => fixedPoint((u) => g.add(u.mul(0.5)), g),
			(g) => (g.abs().max().item() < 1e-12 ? g : g.mul(2)),
			(g) => (g.sum().toArray() === 0 ? g : g.mul(2)),
			(g) => (g.data.every((value) => value === 0) ? g : g.mul(2)),
			(g) => (`${g.greater(0)}` === "" ? g : g.mul(2)),
		];
		for (const pull of pulls) {
			const f = custom(pull);
			near(grad((v: Tensor) => f(v).sum())(x), [2, 2, 2]);
			near(jacobian(f, { mode: "reverse" })(x), [
				[2, 0, 0],
				[0, 2, 0],
				[0, 0, 2],
			]);
			for (const run of [...first, ...second]) {
				refuses(() => run(f), GradientError, "customGradient: pull asked");
			}
		}
	});

	test("in forward mode a pull that is not linear in its cotangent is refused, and the op named", () => {
		const pulls: [string, (g: Tensor) => Tensor][] = [
			["clip", (g) => g.clip(-1, 1)],
			["square", (g) => g.square()],
			["mul", (g) => g.mul(g.sum())],
			["norm", (g) => g.div(g.norm())],
			["norm", (g) => g.mul(0.5).norm().mul(x)],
			["sign", (g) => g.sign()],
			["round", (g) => g.round().mul(x)],
			["greater", (g) => g.greater(0).where(x, 0)],
			["astype", (g) => g.astype("int32").astype("float64")],
			["sort", (g) => g.sort()],
			["0 for a cotangent of 0", (g) => g.add(1)],
			["0 for a cotangent of 0", (g) => x.greater(1).where(g, 2)],
			["0 for a cotangent of 0", () => tensor([1, 2, 3])],
			["0 for a cotangent of 0", (g) => g.slice([0, 2]).pad([[0, 1]], { value: 3 })],
		];
		for (const [reason, pull] of pulls) {
			const f = custom(pull);
			for (const run of first) {
				refuses(() => run(f), GradientError, "customGradient: pull is not linear");
				refuses(() => run(f), GradientError, reason);
			}
		}
		for (const run of second) {
			refuses(() => run(custom((g) => g.clip(-1, 1))), GradientError, "because of clip");
			refuses(() => run(custom((g, _, v) => g.add(v))), GradientError, "a cotangent of 0");
		}
		refuses(
			() =>
				jvp(
					custom((g, _, v) => g.add(v)),
					x,
					x,
				),
			GradientError,
			"a cotangent of 0",
		);
	});

	test("in forward mode a linear pull is applied as its transpose, whatever it is made of", () => {
		const a = tensor([
			[4, 1, 0],
			[1, 3, 1],
			[-1, 0, 5],
		]);
		const inner = custom((g, _, v) => g.mul(v));
		const pulls: ((g: Tensor, y: Tensor, v: Tensor) => Tensor)[] = [
			(g) => solve(a.T, g),
			(g, _, v) => g.mul(v).cumsum().div(v.exp()),
			(g, y) => y.sub(2).greater(0).where(g, 0).add(y.mul(0)),
			(g, _, v) => (v.sum().item() > 0 ? g.flip().roll(1) : g),
			(g) => concat([g.slice([1, 3]), g.slice([0, 1])]).sub(g.mean()),
			(g, y) => y.softmax().mul(g.sub(y.softmax().mul(g).sum())),
			(g) => g.astype("float32").astype("float64"),
			(g, _, v) => vjp((u: Tensor) => u.square().dot(a).sin(), v)[1](g),
			(g, _, v) => grad((u: Tensor) => u.exp().mul(g).sum())(v),
			(g, _, v) => vjp(inner, v)[1](g),
			(g, _, v) => checkpoint((u: Tensor) => u.dot(a))(g).mul(v),
			(g, _, v) => jvp((u: Tensor) => u.square(), v, g)[1],
			() => tensor([0, 0, 0]),
		];
		for (const [i, pull] of pulls.entries()) {
			const f = custom(pull);
			const reverse = jacobian(f, { mode: "reverse" })(x);
			const tolerance = i === 6 ? 1e-7 : 1e-12;
			near(jacobian(f, { mode: "forward" })(x), reverse, tolerance);
			// A compiled function has no values to branch by.
			if (i === 3) continue;
			const dx = tensor([1, -2, 0.5]);
			const tangent = compile((v: Tensor) => jvp(f, v, dx)[1])(x);
			near(tangent, jvp(f, x, dx)[1]);
		}
		// An infinite factor makes NaN of a cotangent of 0, and is linear all the same.
		const infinite = custom((g, _, v) => g.mul(v.sub(v).reciprocal()));
		const { POSITIVE_INFINITY } = Number;
		same(jvp(infinite, x, x)[1], [POSITIVE_INFINITY, POSITIVE_INFINITY, POSITIVE_INFINITY]);
	});

	test("the derivative of a forward derivative takes the custom gradient for the result too", () => {
		// The function itself is a step, and its pull makes use of the result.
		const f = customGradient(
			(v: Tensor) => v.floor(),
			(g: Tensor, y: Tensor) => g.mul(y),
		);
		const at = tensor([1.5, 2.5, 3.5]);
		const reverse = grad((v: Tensor) => grad((u: Tensor) => f(u).sum())(v).sum())(at);
		same(reverse, [1, 2, 3]);
		same(grad((v: Tensor) => jvp(f, v, tensor([1, 1, 1]))[1].sum())(at), reverse);
		same(
			hvp((v: Tensor) => f(v).sum(), at, tensor([1, 1, 1])),
			reverse,
		);
	});

	test("a function is not run again for its forward derivatives", () => {
		let [runs, pulls] = [0, 0];
		const f = customGradient(
			(v: Tensor) => {
				runs++;
				return v.square();
			},
			(g: Tensor, _: Tensor, v: Tensor) => {
				pulls++;
				return g.mul(v).mul(2);
			},
		);
		near(jacobian(f, { mode: "forward" })(x), [
			[2, 0, 0],
			[0, 4, 0],
			[0, 0, 6],
		]);
		assert.is(runs, 1);
		// Once, on a cotangent without values.
		assert.is(pulls, 1);
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
