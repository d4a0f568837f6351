import { checkGradients } from "../../lib/check/index.ts";
import {
	DomainError,
	fixedPoint,
	GradientError,
	grad,
	hessian,
	jvp,
	random,
	root,
	ShapeError,
	solve,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const heron = (x: Tensor, p: Tensor) => x.add(p.div(x)).div(2);
const byHeron = (p: Tensor) => fixedPoint(heron, tensor(1), p);
const byNewton = (p: Tensor) => root((x: Tensor, p: Tensor) => x.square().sub(p), tensor(1), p);

/** A layer at rest: z = tanh(w·z + b), and a second unknown that depends on it. */
const rest = (z: { a: Tensor; c: Tensor }, { w, b }: { w: Tensor; b: Tensor }) => ({
	a: w.dot(z.a).add(b).tanh(),
	c: z.a.sum().mul(0.1).add(z.c.mul(0.2)),
});
const start = { a: tensor([0, 0]), c: tensor(0) };
const layer = {
	w: random.normal(random.key(1), [2, 2]).mul(0.3),
	b: random.normal(random.key(2), [2]),
};
const values = (z: typeof start) => ({ a: z.a, c: z.c });

suite("autodiff/implicit", (test) => {
	test("the square root by Heron's steps and by Newton's has all its derivatives, in both modes", () => {
		for (const f of [byHeron, byNewton]) {
			for (const v of [0.3, 2, 9]) {
				const p = tensor(v);
				const derivatives = [v ** 0.5, v ** -0.5 / 2, v ** -1.5 / -4, (v ** -2.5 * 3) / 8];
				near(f(p), derivatives[0]!);
				near(grad(f)(p), derivatives[1]!);
				near(jvp(f, p, tensor(1))[1], derivatives[1]!);
				near(hessian(f)(p), derivatives[2]!);
				const reverse = (p: Tensor) => grad((p: Tensor) => grad(f)(p))(p);
				near(reverse(p), derivatives[2]!);
				near(grad(reverse)(p), derivatives[3]!);
				const forward = (p: Tensor) => jvp(f, p, tensor(1))[1];
				near(grad(forward)(p), derivatives[2]!);
				near(jvp(reverse, p, tensor(1))[1], derivatives[3]!);
			}
		}
	});

	test("nested unknowns and parameters agree with differences, to second order", () => {
		checkGradients((p: typeof layer) => values(fixedPoint(rest, start, p)), [layer]);
		const away = (z: typeof start, p: typeof layer) => {
			const next = rest(z, p);
			return { a: z.a.sub(next.a), c: z.c.sub(next.c) };
		};
		checkGradients((p: typeof layer) => values(root(away, start, p)), [layer]);
		const [a, b] = [fixedPoint(rest, start, layer), root(away, start, layer)];
		near(a.a, b.a);
		near(a.c, b.c);
	});

	test("a function that forgets its own argument, or is linear in it, is solved exactly", () => {
		same(
			fixedPoint((_: Tensor, p: Tensor) => p.mul(2), tensor([0, 0]), tensor([1, 2])),
			[2, 4],
		);
		const a = tensor([
			[0.5, 0.25],
			[-0.25, 0.5],
		]);
		const f = (x: Tensor, b: Tensor) => a.dot(x).add(b);
		const g = (b: Tensor) => fixedPoint(f, tensor([0, 0]), b).sum();
		const inverse = tensor([
			[0.5, -0.25],
			[0.25, 0.5],
		]).inverse();
		near(grad(g)(tensor([1, 2])), inverse.T.dot(tensor([1, 1])));
	});

	test("slow contractions stop where they are right, and not where they are slow", () => {
		const f = (x: Tensor, p: Tensor) => x.mul(0.99).add(p.mul(0.01));
		near(fixedPoint(f, tensor(0), tensor(3), { maxSteps: 10_000 }), 3, 1e-11);
		const g = (p: Tensor) => fixedPoint(f, tensor(0), p, { maxSteps: 10_000 });
		near(grad(g)(tensor(3)), 1, 1e-11);
	});

	test("float32 is solved to its own digits", () => {
		const p = tensor([2, 3], { dtype: "float32" });
		const one = tensor([1, 1], { dtype: "float32" });
		near(
			fixedPoint(heron, one, p).astype("float64"),
			[Math.SQRT2, Math.sqrt(3)].map(Math.fround),
			2e-7,
		);
	});

	test("a hyperparameter is differentiated through the weights that training gives", () => {
		const x = random.normal(random.key(3), [8, 3]);
		const y = random.normal(random.key(4), [8]);
		const trained = (penalty: Tensor) =>
			root(
				grad((w: Tensor, penalty: Tensor) =>
					x.dot(w).sub(y).square().sum().add(w.square().sum().mul(penalty)),
				),
				tensor([0, 0, 0]),
				penalty,
			);
		const eye = tensor([
			[1, 0, 0],
			[0, 1, 0],
			[0, 0, 1],
		]);
		const ridge = (penalty: Tensor) => solve(x.T.dot(x).add(eye.mul(penalty)), x.T.dot(y));
		const norm = (w: Tensor) => w.square().sum();
		const penalty = tensor(0.7);
		near(trained(penalty), ridge(penalty));
		near(
			grad((penalty: Tensor) => norm(trained(penalty)))(penalty),
			grad((penalty: Tensor) => norm(ridge(penalty)))(penalty),
		);
	});

	test("what does not come to rest, has no root or fits no unknown is refused by name", () => {
		const p = tensor(1);
		refuses(
			() => fixedPoint((x: Tensor, p: Tensor) => x.mul(2).add(p), p, p),
			DomainError,
			"fixedPoint: expected x to come to rest, but it still changes by",
		);
		refuses(
			() => fixedPoint((x: Tensor, p: Tensor) => x.square().add(p).exp(), p, p),
			DomainError,
			"fixedPoint: expected finite values, got Infinity in step",
		);
		refuses(
			() => root((x: Tensor, p: Tensor) => x.mul(0).add(p), p, p),
			DomainError,
			"root: expected the Jacobian of f with respect to x to have an inverse",
		);
		refuses(
			() => fixedPoint((x: Tensor) => x.mul(tensor([1, 2])), p, p),
			ShapeError,
			"fixedPoint: expected result to be float64 (), got float64 (2)",
		);
		refuses(
			() => grad((q: Tensor) => fixedPoint((x: Tensor) => x.mul(0.5).add(q), p, p))(p),
			GradientError,
			"fixedPoint: the function uses a tensor that is being differentiated and is not in params",
		);
		refuses(
			() => root((x: Tensor) => x, p, p, { steps: 3 } as never),
			DomainError,
			"root: there is no option steps",
		);
	});
});
