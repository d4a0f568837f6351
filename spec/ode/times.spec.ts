import { compile } from "../../lib/compile/index.ts";
import {
	GradientError,
	grad,
	jacobian,
	jvp,
	scan,
	stack,
	type Tensor,
	tensor,
	vjp,
	vmap,
} from "../../lib/index.ts";
import { type OdeOptions, odeint } from "../../lib/ode/index.ts";
import { near, refuses } from "../near.ts";
import { someOf } from "../runs.ts";
import { suite } from "../suite.ts";

const EXACT = { rtol: 1e-9, atol: 1e-11 };
const METHODS: readonly OdeOptions[] = [
	EXACT,
	{ ...EXACT, gradient: "solver", maxSteps: 100 },
	{ method: "rk4", steps: 40 },
	{ method: "rk4", steps: 40, gradient: "adjoint" },
];

/** y = 2·exp(p·(sin t − sin t₀)), of an equation that depends on the time. */
const wave = (y: Tensor, t: Tensor, p: Tensor) => y.mul(p).mul(t.cos());
const waves = (ts: Tensor, p: Tensor) => ts.sin().sub(ts.slice(0).sin()).mul(p).exp().mul(2);

/** (cos, −sin) of ω·(t − t₀). */
const swing = (y: Tensor, _: Tensor, omega: Tensor) =>
	stack([y.slice(1), y.slice(0).neg()]).mul(omega);
const swings = (ts: Tensor, omega: Tensor) => {
	const angle = ts.sub(ts.slice(0)).mul(omega);
	return stack([angle.cos(), angle.sin().neg()], 1);
};

const TIMES = tensor([0.2, 0.9, 1.6]);
const P = tensor(0.7);
const SEED = tensor([0.3, -1.2, 0.9]);

suite("ode: times", (test) => {
	test("the derivative by the times is that of the solution in closed form, in both modes and by every way", () => {
		for (const options of METHODS) {
			const f = (ts: Tensor) => odeint(wave, tensor(2), ts, P, options);
			const exact = (ts: Tensor) => waves(ts, P);
			for (const mode of ["reverse", "forward"] as const) {
				near(jacobian(f, { mode })(TIMES), jacobian(exact)(TIMES), 1e-8);
			}
			const g = (ts: Tensor) => odeint(swing, tensor([1, 0]), ts, P, options);
			near(jvp(g, TIMES, SEED)[1], jvp((ts) => swings(ts, P), TIMES, SEED)[1], 1e-8);
			const back = TIMES.neg();
			const ends = (ts: Tensor) => f(ts).slice(2);
			near(grad(ends)(back), grad((ts: Tensor) => exact(ts).slice(2))(back), 1e-8);
		}
	});

	test("so are the second derivatives, also together with the parameters, eager and compiled", () => {
		const loss = (f: typeof waves) => (ts: Tensor, p: Tensor) => f(ts, p).mul(SEED).square().sum();
		const exact = loss(waves);
		const along = (f: typeof exact) => (ts: Tensor) =>
			jvp((x: Tensor) => grad(f)(x, P), ts, SEED)[1];
		const byTimes = (f: typeof exact) => (ts: Tensor) =>
			vjp((x: Tensor) => grad(f)(x, P), ts)[1](SEED);
		for (const options of someOf(METHODS)) {
			const f = loss((ts, p) => odeint(wave, tensor(2), ts, p, options));
			near(compile(grad(f))(TIMES, P), grad(exact)(TIMES, P), 1e-7);
			near(along(f)(TIMES), along(exact)(TIMES), 1e-6);
			near(byTimes(f)(TIMES), byTimes(exact)(TIMES), 1e-6);
			const mixed = (f: typeof exact) => jvp((p: Tensor) => grad(f)(TIMES, p), P, tensor(1))[1];
			const turned = (f: typeof exact) => (ts: Tensor) => grad((p: Tensor) => f(ts, p))(P);
			near(mixed(f), mixed(exact), 1e-6);
			near(grad(turned(f))(TIMES), mixed(exact), 1e-6);
		}
	});

	test("under vmap each example has times of its own, and their derivative", () => {
		const all = stack([TIMES, TIMES.mul(0.5)]);
		const byTimes = (f: typeof waves) => grad((ts: Tensor) => f(ts, P).mul(SEED).sum());
		for (const options of METHODS) {
			const f = (ts: Tensor, p: Tensor) => odeint(wave, tensor(2), ts, p, options);
			near(vmap(byTimes(f))(all), vmap(byTimes(waves))(all), 1e-8);
		}
	});

	test("at the first time y is y₀ whenever that is, and whole numbers as times do no harm", () => {
		const f = (ts: Tensor) => odeint(wave, tensor(2), ts, P).sum();
		near(grad(f)(tensor([1])), [0]);
		const first = (ts: Tensor) => odeint(wave, tensor(2), ts, P).slice(0);
		near(grad(first)(TIMES), [0, 0, 0]);
		const whole = tensor([0, 1], { dtype: "int32" });
		near(
			grad((p: Tensor) => odeint(wave, tensor(2), whole, p).slice(1))(P),
			2 * Math.sin(1) * Math.exp(0.7 * Math.sin(1)),
			1e-6,
		);
	});

	test("what is differentiated and not in params is refused by name, compiled as well, in loops and outside", () => {
		const once = (y: Tensor, q: Tensor) =>
			odeint((y: Tensor) => y.mul(q), y, [0, 1], tensor(1)).slice(1);
		const often = (q: Tensor) =>
			scan((y: Tensor): [Tensor, null] => [once(y, q), null], tensor(1), null, { length: 3 })[0];
		for (const f of [(q: Tensor) => once(tensor(1), q), often]) {
			for (const run of [grad(f), compile(grad(f))]) {
				refuses(() => run(P), GradientError, "odeint: the function uses a tensor that is being");
			}
			const forward = compile((q: Tensor) => jvp(f, q, tensor(1))[1]);
			refuses(() => forward(P), GradientError, "odeint: the function uses a tensor that is being");
		}
	});
});
