// A training step with Adam, run as it is and compiled: the losses, which have to agree, both
// times, and what the compiled step does.
//
//   npx tsx examples/12-compiled-training.ts [--threads 2] [--quick]

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { random, type Tensor, valueAndGrad, zeros } from "adjoint";
import { compile } from "adjoint/compile";
import { adam } from "adjoint/optim";

const STEPS = process.argv.includes("--quick") ? 20 : 100;

const optimizer = adam({ learningRate: 1e-3 });

interface State {
	params: { w1: Tensor; b1: Tensor; w2: Tensor; b2: Tensor };
	moments: ReturnType<typeof optimizer.init<State["params"]>>;
}

/** A hidden layer, and the mean cross-entropy of its classes with those wanted. */
function lossOf({ w1, b1, w2, b2 }: State["params"], x: Tensor, wanted: Tensor): Tensor {
	const h = x.dot(w1).add(b1).tanh();
	return h.dot(w2).add(b2).logSoftmax().mul(wanted).sum(-1).mean().neg();
}

/**
 * One update: the state comes in and goes out, and none of it is copied when the step is compiled.
 */
export function step({ params, moments }: State, x: Tensor, wanted: Tensor) {
	const [loss, gradient] = valueAndGrad(lossOf)(params, x, wanted);
	const [next, later] = optimizer.update(gradient, moments, params);
	return { loss, state: { params: next, moments: later } };
}

/**
 * The state after so many steps, the last loss, and how long the steps after the first took, in
 * milliseconds each.
 */
function train(run: typeof step, initial: State, x: Tensor, wanted: Tensor) {
	let { loss, state } = run(initial, x, wanted);
	const start = performance.now();
	for (let t = 1; t < STEPS; t++) ({ loss, state } = run(state, x, wanted));
	const time = (performance.now() - start) / (STEPS - 1);
	return { loss: loss.item(), time };
}

function main(): void {
	const { values } = parseArgs({
		options: { threads: { type: "string", default: "1" }, quick: { type: "boolean" } },
	});
	const keys = random.split(random.key(0), 4);
	const x = random.normal(keys[0]!, [128, 200]);
	const wanted = random.randint(keys[1]!, [128], 0, 10).oneHot(10);
	const params = {
		w1: random.normal(keys[2]!, [200, 100]).mul(0.05),
		b1: zeros([100]),
		w2: random.normal(keys[3]!, [100, 10]).mul(0.1),
		b2: zeros([10]),
	};
	const initial = { params, moments: optimizer.init(params) };
	const compiled = compile(step, { threads: Number(values.threads) });

	const plain = train(step, initial, x, wanted);
	const fast = train(compiled, initial, x, wanted);
	const apart = Math.abs(fast.loss - plain.loss) / plain.loss;
	if (!(apart < 1e-12)) throw new Error(`the losses are ${plain.loss} and ${fast.loss}`);
	console.log(`loss after ${STEPS} steps: ${fast.loss.toFixed(12)}, as it is and compiled`);
	console.log(`a step: ${plain.time.toFixed(2)} ms as it is, ${fast.time.toFixed(2)} ms compiled`);
	console.log(String(compiled.explain(initial, x, wanted)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
