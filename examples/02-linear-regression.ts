// A line through points: the first thing to learn, by gradient descent.
//
//   npx tsx examples/02-linear-regression.ts [--quick]

import { grad, linspace, random, type Tensor, tensor } from "adjoint";

const steps = process.argv.includes("--quick") ? 100 : 500;

// Points near the line y = 3x − 1.
const x = linspace(-1, 1, 50);
const y = x
	.mul(3)
	.sub(1)
	.add(random.normal(random.key(0), [50], { std: 0.1 }));

interface Line {
	slope: Tensor;
	intercept: Tensor;
}

const loss = ({ slope, intercept }: Line) => x.mul(slope).add(intercept).sub(y).square().mean();

let line: Line = { slope: tensor(0), intercept: tensor(0) };
for (let step = 0; step <= steps; step++) {
	if (step % (steps / 5) === 0) console.log(`step ${step}: loss ${loss(line).item().toFixed(4)}`);
	const gradient = grad(loss)(line);
	line = {
		slope: line.slope.sub(gradient.slope.mul(0.1)),
		intercept: line.intercept.sub(gradient.intercept.mul(0.1)),
	};
}
console.log(`y = ${line.slope.item().toFixed(2)}·x + ${line.intercept.item().toFixed(2)}`);
