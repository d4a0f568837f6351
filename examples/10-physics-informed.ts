// A differential equation solved by a net: the loss holds second derivatives of the net itself, and
// learning takes their gradient.
//
//   npx tsx examples/10-physics-informed.ts [--quick]

import { jvp, linspace, onesLike, random, type Tensor, tanh } from "adjoint";
import { compile } from "adjoint/compile";
import { init, linear, sequential } from "adjoint/nn";
import { adam, schedules } from "adjoint/optim";
import { descent } from "adjoint/train";

const steps = process.argv.includes("--quick") ? 1000 : 4000;

// A damped oscillator, u″ + u′/2 + 4u = 0, let go at u(0) = 1 with u′(0) = 0, up to t = 5.
const [damping, stiffness] = [0.5, 4];
const t = linspace(0, 5, 64).expandDims(1);
const omega = Math.sqrt(stiffness - damping ** 2 / 4);
const exact = t
	.mul(-damping / 2)
	.exp()
	.mul(
		t
			.mul(omega)
			.cos()
			.add(
				t
					.mul(omega)
					.sin()
					.mul(damping / 2 / omega),
			),
	);

const model = sequential(linear(1, 32), tanh, linear(32, 32), tanh, linear(32, 1));
const params = init(model, random.key(1));
type Params = typeof params;

type Curve = (t: Tensor) => Tensor;
/**
 * The derivative of a curve at each of its points: forward mode, since every point goes its own
 * way.
 */
const derivative =
	(u: Curve): Curve =>
	(t) =>
		jvp(u, t, onesLike(t))[1];

/** Starts at 1 at rest, whatever the net says. */
const solution =
	(params: Params): Curve =>
	(t) =>
		model.apply(params, t).mul(t.neg().expm1().square()).add(1);

const loss = (params: Params, t: Tensor) => {
	const u = solution(params);
	const velocity = derivative(u);
	const force = derivative(velocity)(t).add(velocity(t).mul(damping)).add(u(t).mul(stiffness));
	return force.square().mean();
};

const error = (params: Params) => solution(params)(t).sub(exact).abs().max().item();

const { begin, step } = descent(
	loss,
	adam({ learningRate: schedules.cosine({ initial: 0.01, steps }) }),
);
const compiled = compile(step);
let state = begin(params);
for (let i = 0; i <= steps; i++) {
	if (i % (steps / 5) === 0) {
		console.log(`step ${i}: off by at most ${error(state.params).toExponential(1)}`);
	}
	state = compiled(state, t, random.key(i)).state;
}
