import * as assert from "uvu/assert";
import { assertGradients } from "../../lib/check/gradients.ts";
import { compile } from "../../lib/compile/index.ts";
import { derive } from "../../lib/derivation/index.ts";
import {
	DomainError,
	DTypeError,
	fixedPoint,
	GradientError,
	grad,
	hessian,
	hvp,
	jvp,
	mapTree,
	random,
	root,
	ShapeError,
	scan,
	solve,
	stack,
	type Tensor,
	tensor,
	unstack,
	vmap,
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

suite("equations", (test) => {
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

	test("under vmap and compile too, with all derivatives, on the way in and out", () => {
		const p = tensor([0.3, 2, 9]);
		const first = p.sqrt().mul(2).reciprocal();
		const second = p.power(-1.5).div(-4);
		const ones = tensor([1, 1, 1]);
		for (const f of [byHeron, byNewton]) {
			const total = (p: Tensor) => vmap(f)(p).sum();
			near(vmap(f)(p), p.sqrt());
			near(vmap(grad(f))(p), first);
			near(grad(total)(p), first);
			near(vmap((p: Tensor) => jvp(f, p, tensor(1))[1])(p), first);
			near(vmap(hessian(f))(p), second);
			near(hvp(total, p, ones), second);
			near(compile(vmap(f))(p), p.sqrt());
			near(compile(grad(total))(p), first);
			near(compile(hessian(f))(p.slice(1)), second.slice(1));
		}
		same(vmap(byHeron)(p), stack(unstack(p).map(byHeron)));
		const from = (x0: Tensor, p: Tensor) =>
			root((x: Tensor, p: Tensor) => x.square().sub(p), x0, p);
		const starts = tensor([1, -1, 5]);
		near(vmap(from, { in: [0, null] })(starts, tensor(4)), [2, -2, 2]);
		const sum = (p: Tensor) => vmap(from, { in: [0, null] })(starts, p).dot(tensor([1, 2, 3]));
		near(grad(sum)(tensor(4)), 0.5);
	});

	test("compiled, the steps of a fixed point are a loop of the module; in a loop it keeps its derivative", () => {
		const explanation = compile(grad(byHeron)).explain(tensor(2));
		assert.equal(
			explanation.steps.filter(({ runs }) => runs !== "loop").map(({ runs }) => runs),
			["while", "while"],
		);
		const deep = (f: (p: Tensor) => Tensor) => (p: Tensor) =>
			scan((c: Tensor) => [f(c).add(c), null], p, null, { length: 3 })[0];
		const plain = (p: Tensor) => deep((x) => x.sqrt())(p);
		for (const f of [byHeron, byNewton]) {
			near(compile(grad(deep(f)))(tensor(2)), grad(plain)(tensor(2)));
		}
	});

	test("a derivation has the steps that were taken, and says that the derivative is given", () => {
		const printed = String(derive((p: Tensor) => byHeron(p.sum()), [tensor([1, 1])]));
		assert.match(printed, /loss = .* # its derivative is given by customGradient/);
		assert.match(printed, /grad_sum1 = .* # given by customGradient, not derived/);
	});

	test("where errors are not known, what does not come to rest is NaN, and the other examples are right", () => {
		const f = (p: Tensor) =>
			fixedPoint((x: Tensor, p: Tensor) => x.mul(p).add(1), tensor(0), p, { maxSteps: 60 });
		const p = tensor([0.5, 2, 0.25]);
		for (const run of [vmap(f), compile(vmap(f))]) near(run(p), [2, Number.NaN, 4 / 3], 1e-11);
		near(vmap(grad(f))(p).slice(0), 4, 1e-10);
	});

	test("so is a Jacobian without an inverse, of a matrix as well, and the derivative beside it stays", () => {
		const below = (x: Tensor, a: Tensor) => x.square().add(a);
		const single = (a: Tensor) => root(below, tensor(1), a);
		near(compile(single)(tensor(1)), Number.NaN);
		// A start at 0, where the slope of x² is 0.
		near(compile((a: Tensor) => root(below, tensor(0), a))(tensor(-1)), Number.NaN);
		const a = tensor([1, -4]);
		near(vmap(single)(a), [Number.NaN, 2]);
		near(compile(vmap(grad(single)))(a).slice(1), -0.25);
		near(compile(vmap(hessian(single)))(a).slice(1), -1 / 32);
		const rows = (x: Tensor, a: Tensor) => stack([x.sum(), x.sum().mul(a)]).sub(1);
		near(compile((a: Tensor) => root(rows, tensor([1, 1]), a))(tensor(2)), [
			Number.NaN,
			Number.NaN,
		]);
	});

	test("nested unknowns and parameters agree with differences, to second order", () => {
		const few = { elements: 2, directions: 1 };
		assertGradients((p: typeof layer) => values(fixedPoint(rest, start, p)), [layer], few);
		const away = (z: typeof start, p: typeof layer) => {
			const next = rest(z, p);
			return { a: z.a.sub(next.a), c: z.c.sub(next.c) };
		};
		assertGradients((p: typeof layer) => values(root(away, start, p)), [layer], few);
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

	test("unknowns of two dtypes are refused by name", () => {
		const x0 = { a: tensor([1, 2]), b: tensor([1], { dtype: "float32" }) };
		const half = (x: typeof x0) => mapTree((leaf) => leaf.mul(0.5), x);
		for (const solve of [fixedPoint, root]) {
			refuses(
				() => solve(half, x0, tensor(1)),
				DTypeError,
				`${solve.name}: expected x0.b to be float64, as x0.a is, got float32`,
			);
		}
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
