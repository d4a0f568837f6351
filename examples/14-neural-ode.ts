// A neural differential equation: a net learns dy/dt from points along a spiral, by the gradient of
// the solution with respect to its weights.
//
//   npx tsx examples/14-neural-ode.ts [--quick]

import { parseArgs } from "node:util";
import { random, stack, type Tensor, tanh, tensor, valueAndGrad } from "adjoint";
import { init, linear, sequential } from "adjoint/nn";
import { odeint } from "adjoint/ode";
import { adam, schedules } from "adjoint/optim";

const { values: given } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const key = random.key(0);

/** The spiral: dy/dt = A·y. */
const A = tensor([
	[-0.1, 2],
	[-2, -0.1],
]);
const times = Array.from({ length: 101 }, (_, i) => i * 0.1);
const spiral = odeint((y: Tensor) => A.dot(y), tensor([2, 0]), times, null);

const net = sequential(linear(2, 32), tanh, linear(32, 2));
const start = init(net, key);
const slope = (y: Tensor, _: Tensor, params: typeof start) => net.apply(params, y);

// A batch is short pieces of the spiral: where each begins, and the points that follow.
const [length, pieces] = [8, 16];
const batch = (key: Tensor) => {
	const places = random.randint(key, [pieces], 0, times.length - length);
	return stack(Array.from({ length }, (_, i) => spiral.take(places.add(i), 0)));
};
const loss = (params: typeof start, points: Tensor) => {
	const found = odeint(slope, points.slice(0), times.slice(0, length), params, {
		method: "rk4",
		steps: 1,
	});
	return found.sub(points).square().mean();
};

/** How far the whole solution is from the spiral, from its first point on. */
const distance = (params: typeof start) =>
	odeint(slope, tensor([2, 0]), times, params)
		.sub(spiral)
		.square()
		.sum(1)
		.sqrt()
		.mean()
		.item();

const steps = given.quick ? 300 : 1200;
const optimizer = adam({ learningRate: schedules.cosine({ initial: 1e-2, steps }) });
let params = start;
let state = optimizer.init(params);
console.log(`start: ${distance(params).toFixed(2)} away from the spiral on average`);
for (let step = 1; step <= steps; step++) {
	const [value, gradient] = valueAndGrad(loss)(params, batch(random.foldIn(key, step)));
	[params, state] = optimizer.update(gradient, state, params);
	if (step % 300 === 0) console.log(`step ${step}: loss ${value.item().toExponential(1)}`);
}
console.log(`end: ${distance(params).toFixed(2)} away`);
