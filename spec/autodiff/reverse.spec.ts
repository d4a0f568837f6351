import * as assert from "uvu/assert";
import {
	dot,
	GradientError,
	grad,
	jvp,
	maximum,
	mul,
	type Tensor,
	tensor,
	valueAndGrad,
	vjp,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

interface Layer {
	w: Tensor;
	b: Tensor;
}

suite("autodiff/reverse", (test) => {
	test("for Y = X·W it derives ∂X = ∂Y·Wᵀ and ∂W = Xᵀ·∂Y", () => {
		const x = tensor([
			[1, 2, 3],
			[4, 5, 6],
		]);
		const w = tensor([
			[1, -1],
			[0.5, 2],
			[3, 0.25],
		]);
		const g = tensor([
			[0.5, -2],
			[1, 3],
		]);
		const [, pull] = vjp((p: { x: Tensor; w: Tensor }) => p.x.dot(p.w), { x, w });
		same(pull(g).x, g.dot(w.T));
		same(pull(g).w, x.T.dot(g));
	});

	test("a graph 50,000 ops deep is differentiated in both modes", () => {
		const f = (x: Tensor) => {
			let y = x;
			for (let i = 0; i < 50_000; i++) y = y.neg();
			return y;
		};
		same(grad(f)(tensor(3)), 1);
		same(jvp(f, tensor(3), tensor(2))[1], 2);
	});

	test("a node with many paths to the result is visited once", () => {
		// Without that, 60 doublings would take 2⁶⁰ visits.
		const f = (x: Tensor) => {
			let y = x;
			for (let i = 0; i < 60; i++) y = y.add(y);
			return y;
		};
		same(grad(f)(tensor(1)), 2 ** 60);
	});

	test("the same tensor twice collects both contributions", () => {
		same(grad((x: Tensor) => mul(x, x))(tensor(3)), 6);
		same(grad((x: Tensor) => dot(x, x))(tensor([1, 2])), [2, 4]);
		same(
			grad((x: Tensor) => x.dot(x.T).sum())(
				tensor([
					[1, 2],
					[3, 4],
				]),
			),
			[
				[8, 12],
				[8, 12],
			],
		);
		same(grad((x: Tensor) => maximum(x, x).sum())(tensor([1, 2])), [1, 1]);
	});

	test("a run repeats bit for bit", () => {
		const x = tensor(Array.from({ length: 50 }, (_, i) => Math.sin(i)));
		const f = (v: Tensor) => {
			const y = v.mul(1.1).exp();
			return y.mul(v).add(y.square()).sub(y.mul(0.3)).sum();
		};
		const [first, second] = [grad(f)(x).data, grad(f)(x).data];
		assert.ok(first.every((value, i) => Object.is(value, second[i])));
	});

	test("a broadcast argument gets the sum over what it was stretched along", () => {
		const x = tensor([
			[1, 2, 3],
			[4, 5, 6],
		]);
		const f = (p: { row: Tensor; column: Tensor; scalar: Tensor }) =>
			x.mul(p.row).add(p.column).mul(p.scalar).sum();
		const p = { row: tensor([1, 10, 100]), column: tensor([[1], [2]]), scalar: tensor(2) };
		const g = grad(f)(p);
		same(g.row, [10, 14, 18]);
		same(g.column, [[6], [6]]);
		same(g.scalar, 1 + 20 + 300 + 4 + 50 + 600 + 3 * 3);
	});

	test("the gradient has the structure of the argument, however nested", () => {
		const params: { layers: Layer[]; scale: [Tensor] } = {
			layers: [
				{
					w: tensor([
						[1, 2],
						[3, 4],
					]),
					b: tensor([0, 1]),
				},
				{ w: tensor([[1], [-1]]), b: tensor([0.5]) },
			],
			scale: [tensor(2)],
		};
		const f = (p: typeof params, x: Tensor) => {
			let h = x;
			for (const { w, b } of p.layers) h = h.dot(w).add(b);
			return h.sum().mul(p.scale[0]);
		};
		const [value, g] = valueAndGrad(f)(params, tensor([[1, 1]]));
		same(value, -5);
		same(g.layers[0]!.w, [
			[2, -2],
			[2, -2],
		]);
		same(g.layers[0]!.b, [2, -2]);
		same(g.layers[1]!.w, [[8], [14]]);
		same(g.layers[1]!.b, [2]);
		same(g.scale[0], -2.5);
	});

	test("a leaf on which the value does not depend has a gradient of zeros", () => {
		const g = grad((p: { used: Tensor; unused: Tensor }) => p.used.sum())({
			used: tensor([1, 2]),
			unused: zeros([2, 3], { dtype: "float32" }),
		});
		same(g.unused, [
			[0, 0, 0],
			[0, 0, 0],
		]);
		assert.is(g.unused.dtype, "float32");
		same(grad((_: Tensor) => tensor(4))(tensor([1, 2])), [0, 0]);
		same(grad((x: Tensor) => x.floor().sum())(tensor([1.5])), [0]);
	});

	test("the pullback can be called again, and gives the same", () => {
		const [y, pull] = vjp((x: Tensor) => x.square(), tensor([1, 2, 3]));
		same(y, [1, 4, 9]);
		same(pull(tensor([1, 0, 0])), [2, 0, 0]);
		same(pull(tensor([0, 1, 1])), [0, 4, 6]);
		same(pull(tensor([1, 0, 0])), [2, 0, 0]);
	});

	test("further arguments are passed on and not differentiated", () => {
		const f = (x: Tensor, options: { power: number }, y: Tensor) =>
			x.mul(y).mul(options.power).sum();
		same(grad(f)(tensor([1, 2]), { power: 3 }, tensor([5, 7])), [15, 21]);
	});

	test("float32 has float32 gradients", () => {
		const g = grad((x: Tensor) => x.square().sum())(tensor([1, 2], { dtype: "float32" }));
		assert.is(g.dtype, "float32");
		near(g, [2, 4]);
	});

	test("a result that is not a float scalar is refused, naming vjp and jacobian", () => {
		const square = (x: Tensor) => x.square();
		refuses(() => grad(square)(tensor([1, 2])), GradientError, "vjp");
		refuses(() => valueAndGrad(square)(tensor([1, 2])), GradientError, "jacobian");
		refuses(() => grad((x: Tensor) => x.argmax())(tensor([1, 2])), GradientError, "int32 ()");
	});

	test("what is not a float tensor is refused, naming where it lies", () => {
		const f = (p: object) => tensor(Object.keys(p).length);
		refuses(
			() => grad(f)({ a: [tensor([1], { dtype: "int32" })] }),
			GradientError,
			"argument.a[0] is int32",
		);
		refuses(() => grad(f)({ lr: 0.1 }), GradientError, "the number 0.1 at argument.lr");
		refuses(() => grad(f)({ when: new Date() }), GradientError, "a Date at argument.when");
		const wrong = (async (x: Tensor) => x) as unknown as (x: Tensor) => Tensor;
		refuses(() => grad(wrong)(tensor(1)), GradientError, "async");
	});

	test("a cotangent of another structure, shape or dtype is refused", () => {
		const [, pull] = vjp((x: Tensor) => ({ y: x.mul(2) }), tensor([1, 2]));
		refuses(() => pull({} as { y: Tensor }), GradientError, "structure {.y}");
		refuses(
			() => pull({ y: tensor([1, 2, 3]) }),
			Error,
			"cotangent.y to be float64 (2), got float64 (3)",
		);
		refuses(() => pull({ y: tensor([1, 2], { dtype: "float32" }) }), Error, "got float32");
	});

	test("a function that throws leaves nothing behind", () => {
		const x = tensor([1, 2]);
		assert.throws(() =>
			grad((v: Tensor): Tensor => {
				v.mul(2);
				throw new Error("midway");
			})(x),
		);
		same(grad((v: Tensor) => v.square().sum())(x), [2, 4]);
	});

	test("a tensor that leaks out of a transform is a plain value afterwards", () => {
		let leaked: Tensor = tensor(0);
		const f = (x: Tensor) => {
			leaked = x.square();
			return leaked.sum();
		};
		grad(f)(tensor([1, 2]));
		same(leaked.mul(2), [2, 8]);
		assert.is(leaked.mul(2).node, null);
		same(grad((x: Tensor) => x.mul(leaked).sum())(tensor([1, 1])), [1, 4]);
	});
});
