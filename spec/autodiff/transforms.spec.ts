import * as assert from "uvu/assert";
import {
	GradientError,
	grad,
	hessian,
	hvp,
	jacobian,
	jvp,
	linearize,
	ShapeError,
	type Tensor,
	tensor,
	valueAndGrad,
	vjp,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

suite("autodiff/transforms", (test) => {
	const x = tensor([1, 2, 3]);

	test("further results behind the scalar come out with the value and do not count for the gradient", () => {
		const f = (w: Tensor, x: Tensor) => {
			const h = w.mul(x);
			return [h.square().sum(), { h, count: tensor([x.size], { dtype: "int32" }) }] as const;
		};
		const [[value, { h, count }], gradient] = valueAndGrad(f)(tensor([1, 2]), tensor([3, 5]));
		same(value, 109);
		same(h, [3, 10]);
		same(count, [2]);
		same(gradient, [18, 100]);
		assert.is(h.node, null);
		const second = grad((w: Tensor) => valueAndGrad(f)(w, tensor([3, 5]))[0][1].h.sum())(h);
		same(second, [3, 5]);
		const vector = (w: Tensor) => [w, w] as const;
		refuses(() => valueAndGrad(vector)(h), GradientError, "expected a float scalar result");
		const bare = (w: Tensor) => ({ loss: w.sum() }) as unknown as Tensor;
		refuses(() => valueAndGrad(bare)(h), GradientError, "got a structure");
	});

	test("jvp gives the value and the derivative along a direction", () => {
		const [y, dy] = jvp((v: Tensor) => v.square(), x, tensor([1, 0, -1]));
		same(y, [1, 4, 9]);
		same(dy, [2, 0, -6]);
	});

	test("jvp of what does not depend on the argument is zero", () => {
		const [, dy] = jvp((_: Tensor) => ({ c: tensor([[1, 2]]) }), x, x);
		same(dy.c, [[0, 0]]);
	});

	test("linearize runs the function once, and its derivative is linear", () => {
		let runs = 0;
		const [y, derivative] = linearize((v: Tensor) => {
			runs++;
			return v.exp().mul(v);
		}, x);
		near(y, [Math.E, 2 * Math.E ** 2, 3 * Math.E ** 3]);
		const d = derivative(tensor([1, 1, 1]));
		near(d, [2 * Math.E, 3 * Math.E ** 2, 4 * Math.E ** 3]);
		near(derivative(tensor([2, 2, 2])), d.mul(2));
		assert.is(runs, 1);
	});

	test("a tangent of another structure or shape is refused", () => {
		const f = (p: { a: Tensor }) => p.a;
		refuses(() => jvp(f, { a: x }, {} as { a: Tensor }), GradientError, "tangent");
		refuses(
			() => jvp(f, { a: x }, { a: tensor(1) }),
			ShapeError,
			"tangent.a to be float64 (3), got float64 ()",
		);
	});

	test("the Jacobian is the same by forward and by reverse passes", () => {
		const f = (v: Tensor) =>
			v
				.dot(
					tensor([
						[1, 2],
						[3, 4],
						[5, 6],
					]),
				)
				.square();
		const expected = [
			[44, 132, 220],
			[112, 224, 336],
		];
		same(jacobian(f, { mode: "forward" })(x), expected);
		same(jacobian(f, { mode: "reverse" })(x), expected);
		same(jacobian(f)(x), expected);
	});

	test("the Jacobian of a tensor of any rank has the shape of the result followed by that of the argument", () => {
		const w = tensor([
			[1, 2, 3],
			[4, 5, 6],
		]);
		for (const mode of ["forward", "reverse"] as const) {
			const j = jacobian((v: Tensor) => v.T.mul(2), { mode })(w);
			assert.equal(j.shape, [3, 2, 2, 3]);
			same(j.sum([0, 1]), [
				[2, 2, 2],
				[2, 2, 2],
			]);
			same(j.slice(2, 1, 1, 2), 2);
			same(j.slice(2, 1, 0, 2), 0);
		}
	});

	test("the Jacobian of nested structures is a structure of structures", () => {
		const f = (p: { a: Tensor; b: [Tensor] }) => ({ s: p.a.mul(p.b[0]).sum(), v: p.a });
		const j = jacobian(f)({ a: x, b: [tensor(2)] });
		same(j.s.a, [2, 2, 2]);
		same(j.s.b[0], 6);
		same(j.v.a, [
			[1, 0, 0],
			[0, 1, 0],
			[0, 0, 1],
		]);
		same(j.v.b[0], [0, 0, 0]);
	});

	test("empty arguments and results have empty Jacobians", () => {
		const empty = tensor([]);
		for (const mode of ["forward", "reverse"] as const) {
			assert.equal(jacobian((v: Tensor) => v.mul(2), { mode })(empty).shape, [0, 0]);
			const wide = jacobian((v: Tensor) => v.sum().add(x), { mode })(empty);
			assert.equal(wide.shape, [3, 0]);
			const tall = jacobian((v: Tensor) => v.slice([0, 0]), { mode })(x);
			assert.equal(tall.shape, [0, 3]);
		}
	});

	test("a Jacobian that memory cannot hold is refused before the first of its passes", () => {
		const large = zeros([2 ** 20]);
		const tooMany = `${2 ** 40} elements of float64`;
		refuses(() => jacobian((v: Tensor) => v.mul(2))(large), ShapeError, `jacobian: ${tooMany}`);
		refuses(() => hessian((v: Tensor) => v.mul(v).sum())(large), ShapeError, `hessian: ${tooMany}`);
	});

	test("a Jacobian of integers is refused", () => {
		refuses(() => jacobian((v: Tensor) => v.argmax())(x), GradientError, "result is int32");
	});

	test("the Hessian of xᵀAx is A + Aᵀ", () => {
		const a = tensor([
			[1, 2, 0],
			[-1, 3, 5],
			[4, 0, 2],
		]);
		same(hessian((v: Tensor) => v.dot(a).dot(v))(x), a.add(a.T));
	});

	test("the Hessian of nested parameters holds every mixed second derivative", () => {
		const f = (p: { u: Tensor; s: Tensor }) => p.u.square().sum().mul(p.s.power(3));
		const h = hessian(f)({ u: tensor([1, 2]), s: tensor(2) });
		same(h.u.u, [
			[16, 0],
			[0, 16],
		]);
		same(h.u.s, [24, 48]);
		same(h.s.u, [24, 48]);
		same(h.s.s, 60);
	});

	test("hvp is the Hessian times the vector", () => {
		const f = (v: Tensor) => v.sin().mul(v.square()).sum();
		const v = tensor([1, -2, 0.5]);
		near(hvp(f, x, v), hessian(f)(x).dot(v));
	});

	test("transforms nest to any order", () => {
		let f = (v: Tensor) => v.power(5);
		const expected = [32, 80, 160, 240, 240, 120, 0];
		for (const value of expected) {
			same(f(tensor(2)), value);
			f = grad(f);
		}
	});

	test("forward and reverse mode nest in every combination", () => {
		const f = (v: Tensor) => v.sin().mul(v);
		const at = tensor(0.7);
		const one = tensor(1);
		const forward = (g: (v: Tensor) => Tensor) => (v: Tensor) => jvp(g, v, one)[1];
		const second = 2 * Math.cos(0.7) - 0.7 * Math.sin(0.7);
		for (const outer of [grad, forward]) {
			for (const inner of [grad, forward]) near(outer(inner(f))(at), second);
		}
		const third = -3 * Math.sin(0.7) - 0.7 * Math.cos(0.7);
		near(forward(grad(forward(f)))(at), third);
		near(grad(forward(grad(f)))(at), third);
	});

	test("nested transforms do not confuse their inputs", () => {
		// d/dx (x · d/dy (x + y)) = 1; an engine that mixes up the two perturbations answers 2.
		const inner = (a: Tensor) => grad((b: Tensor) => a.add(b))(tensor(1));
		same(grad((a: Tensor) => a.mul(inner(a)))(tensor(1)), 1);
		const push = (a: Tensor) => jvp((b: Tensor) => a.add(b), tensor(1), tensor(1))[1];
		same(jvp((a: Tensor) => a.mul(push(a)), tensor(1), tensor(1))[1], 1);
		same(
			grad((a: Tensor) => a.mul(grad((b: Tensor) => a.mul(b).mul(b))(tensor(2))))(tensor(3)),
			24,
		);
	});

	test("a pullback may be used inside another transform", () => {
		const f = (v: Tensor) => {
			const [y, pull] = vjp((u: Tensor) => u.power(3), v);
			return pull(y).sum();
		};
		// y·3v² = 3v⁵
		same(grad(f)(tensor([2])), [15 * 16]);
	});
});
