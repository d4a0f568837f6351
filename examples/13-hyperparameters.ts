// Learning hyperparameters by gradient: how strongly each feature of a classifier is penalised,
// such that the trained classifier does well on data that it was not trained on.
//
//   npx tsx examples/13-hyperparameters.ts [--quick]

import { grad, random, root, softplus, type Tensor, valueAndGrad, zeros } from "adjoint";
import { adam } from "adjoint/optim";

const [features, useful] = [12, 3];
const [weightKey, trainKey, testKey] = random.split(random.key(0), 3) as [Tensor, Tensor, Tensor];

/** Points with a label, −1 or 1, that only the first features tell something about. */
const truth = random.normal(weightKey, [useful]).mul(2);
const points = (key: Tensor, count: number) => {
	const x = random.normal(key, [count, features]);
	return { x, y: x.slice(null, [0, useful]).dot(truth).sign() };
};
const trained = points(trainKey, 30);
const tested = points(testKey, 300);

const loss = (w: Tensor, { x, y }: typeof trained) => softplus(x.dot(w).mul(y).neg()).mean();
const penalised = (w: Tensor, logPenalty: Tensor) =>
	loss(w, trained).add(w.square().mul(logPenalty.exp()).sum());

/** The weights that training ends with: those at which the gradient is 0. */
const weights = (logPenalty: Tensor) => root(grad(penalised), zeros([features]), logPenalty);
/** How well they do elsewhere; its gradient goes through the training, not through its steps. */
const outcome = (logPenalty: Tensor) => loss(weights(logPenalty), tested);
const accuracy = (w: Tensor) => tested.x.dot(w).sign().equal(tested.y).mean().mul(100).item();

let logPenalty = zeros([features]).sub(4);
const before = accuracy(weights(logPenalty));
console.log(`start: loss ${outcome(logPenalty).item().toFixed(3)}, ${before.toFixed(1)} % right`);
const optimizer = adam({ learningRate: 0.3 });
let state = optimizer.init(logPenalty);
for (let step = 0; step < 60; step++) {
	const [value, gradient] = valueAndGrad(outcome)(logPenalty);
	if (step % 20 === 19) console.log(`step ${step + 1}: loss ${value.item().toFixed(3)}`);
	[logPenalty, state] = optimizer.update(gradient, state, logPenalty);
}
const after = accuracy(weights(logPenalty));
console.log(`end: loss ${outcome(logPenalty).item().toFixed(3)}, ${after.toFixed(1)} % right`);
const penalties = [...logPenalty.data].map((p) => p.toFixed(1));
console.log(`log penalties: ${penalties.join(" ")}`);
