import * as assert from "uvu/assert";
import { assertGradients } from "../../lib/check/gradients.ts";
import { compile } from "../../lib/compile/index.ts";
import {
	DomainError,
	GradientError,
	grad,
	hessian,
	jvp,
	ShapeError,
	stack,
	type Tensor,
	tensor,
	unstack,
	vmap,
} from "../../lib/index.ts";
import { type OdeOptions, odeint } from "../../lib/ode/index.ts";
import { near, refuses, same } from "../near.ts";
import { someOf } from "../runs.ts";
import { suite } from "../suite.ts";

/** y = y₀·exp(p·sin t). */
const wave = (y: Tensor, t: Tensor, p: Tensor) => y.mul(p).mul(t.cos());

const METHODS: readonly OdeOptions[] = [
	{ rtol: 1e-10, atol: 1e-12 },
	{ rtol: 1e-10, atol: 1e-12, gradient: "solver" },
	{ method: "rk4", steps: 60 },
	{ method: "rk4", steps: 60, gradient: "adjoint" },
];

suite("ode", (test) => {
	test("all ways to solve and to differentiate agree with the solution in closed form", () => {
		const [v, end] = [0.7, 2];
		const [s, value] = [Math.sin(end), Math.exp(v * Math.sin(end))];
		const p = tensor(v);
		for (const options of someOf(METHODS)) {
			const f = (p: Tensor) => odeint(wave, tensor([1, 2]), [0, 1, end], p, options).slice(2, 1);
			near(f(p), 2 * value, 1e-8);
			near(grad(f)(p), 2 * value * s, 1e-7);
			near(jvp(f, p, tensor(1))[1], 2 * value * s, 1e-7);
			near(hessian(f)(p), 2 * value * s * s, 1e-5);
			const start = (y: Tensor) => odeint(wave, y, [0, end], p, options).slice(1).sum();
			near(grad(start)(tensor([1, 2])), [value, value], 1e-7);
		}
	});

	test("by the solver, derivatives are those of the steps to the last digits", () => {
		const f = (p: Tensor) =>
			odeint(wave, tensor([1, 2]), [0, 0.5, 1], p, { method: "rk4", steps: 2 });
		assertGradients(f, [tensor(0.7)]);
	});

	test("a compiled solution and its gradient are the same", () => {
		const f = (p: Tensor) =>
			odeint(wave, tensor([1, 2]), [0, 1, 2], p)
				.square()
				.sum();
		const p = tensor(0.7);
		near(compile(f)(p), f(p), 1e-12);
		near(compile(grad(f))(p), grad(f)(p), 1e-12);
	});

	// By SciPy 1.17's solve_ivp with DOP853 and tolerances of 1e-13.
	test("foxes and rabbits, nested, and van der Pol's oscillator are as SciPy has them", () => {
		type Animals = { rabbits: Tensor; foxes: Tensor };
		const change = ({ rabbits, foxes }: Animals, _: Tensor, p: { a: Tensor; c: Tensor }) => ({
			rabbits: p.a.mul(rabbits).sub(rabbits.mul(foxes)),
			foxes: rabbits.mul(foxes).sub(p.c.mul(foxes)),
		});
		const start = { rabbits: tensor(10), foxes: tensor(5) };
		const rates = { a: tensor(1.5), c: tensor(3) };
		const { rabbits, foxes } = odeint(change, start, [0, 1, 2.5, 5], rates, {
			rtol: 1e-11,
			atol: 1e-12,
		});
		near(rabbits, [10, 0.21853893223229867, 1.258146980932916, 0.26418677211866065], 1e-9);
		near(foxes, [5, 1.3765927010134467, 0.03393584919260918, 3.134133161070143], 1e-9);
		const swing = (y: Tensor, _: Tensor, mu: Tensor) => {
			const [x, v] = [y.slice(0), y.slice(1)];
			const force = mu.mul(x.square().neg().add(1)).mul(v).sub(x);
			return stack([v, force]);
		};
		const end = odeint(swing, tensor([2, 0]), [0, 6], tensor(2), { rtol: 1e-11, atol: 1e-12 });
		near(end.slice(1), [-1.0212667705434681, 0.8694066425080628], 1e-9);
	});

	test("from time to time the step and the slope are handed on: no time costs more than one evaluation", () => {
		const evaluations = (times: number[]) => {
			let count = 0;
			const counted = (y: Tensor, t: Tensor, p: Tensor) => {
				count++;
				return wave(y, t, p);
			};
			odeint(counted, tensor(1), times, tensor(0.7), { rtol: 1e-3, atol: 1e-3 });
			return count;
		};
		const dense = Array.from({ length: 41 }, (_, i) => i / 20);
		// A step from each time to the next, of six evaluations, and two at the start.
		assert.is(evaluations(dense), 2 + 6 * 40);
		const p = tensor(0.7);
		const ys = odeint(wave, tensor(1), dense, p, { rtol: 1e-10, atol: 1e-12 });
		near(
			ys,
			dense.map((t) => Math.exp(0.7 * Math.sin(t))),
			1e-9,
		);
		near(odeint(wave, tensor([1, 2]), [3], p), [[1, 2]]);
	});

	test("of a batch, each example takes its own steps, with the gradients that it has alone", () => {
		const p = tensor([0.7, -2, 0.1]);
		const y = tensor([
			[1, 2],
			[3, 1],
			[0.5, 0],
		]);
		const ways: OdeOptions[] = [{}, { gradient: "solver", maxSteps: 60 }, METHODS[2]!];
		for (const options of ways) {
			const f = (y: Tensor, p: Tensor) => odeint(wave, y, [0, 0.5, 2], p, options);
			const loss = (y: Tensor, p: Tensor) => f(y, p).square().sum();
			const rows = unstack(y).map((row, i) => [row, p.slice(i)] as const);
			const gradient = (p: Tensor, y: Tensor) => grad((p: Tensor) => loss(y, p))(p);
			const each = stack(rows.map(([y, p]) => gradient(p, y)));
			same(vmap(f)(y, p), stack(rows.map(([y, p]) => f(y, p))));
			near(vmap(gradient)(p, y), each, 1e-10);
			const total = (p: Tensor) => vmap(loss)(y, p).sum();
			near(grad(total)(p), each, 1e-10);
			if (options === ways[0]) near(compile(grad(total))(p), each, 1e-10);
		}
	});

	test("time runs backwards too, and there and back again ends at the start", () => {
		const p = tensor(0.7);
		const there = odeint(wave, tensor([1, 2]), [0, 2], p).slice(1);
		near(odeint(wave, there, [2, 0], p).slice(1), [1, 2], 1e-6);
	});

	test("what cannot be solved is refused by name, and NaN where that cannot be seen in time", () => {
		const burst = (y: Tensor, _: Tensor, p: Tensor) => y.square().mul(p);
		const f = (p: Tensor) => odeint(burst, tensor(1), [0, 2], p, { maxSteps: 100 }).slice(1);
		refuses(() => f(tensor(1)), DomainError, "odeint: expected to come from");
		near(compile(f)(tensor(1)), Number.NaN);
		const p = tensor(1);
		refuses(() => odeint(wave, p, [0, 1, 1], p), DomainError, "odeint: expected times that");
		refuses(() => odeint(wave, p, 3, p), ShapeError, "odeint: expected the times as a vector");
		refuses(
			() => odeint((y: Tensor) => y.mul(tensor([1, 2])), p, [0, 1], p),
			ShapeError,
			"odeint: expected result to be float64 (), got float64 (2)",
		);
		refuses(
			() => grad((q: Tensor) => odeint((y: Tensor) => y.mul(q), p, [0, 1], p).slice(1))(p),
			GradientError,
			"odeint: the function uses a tensor that is being differentiated and is not in y0, times or params",
		);
	});
});
