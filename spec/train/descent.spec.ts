import { join } from "node:path";
import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { batches } from "../../lib/data/index.ts";
import { random, type Tensor, valueAndGrad } from "../../lib/index.ts";
import { batchNorm, linear, sequential, squaredError } from "../../lib/nn/index.ts";
import { sgd } from "../../lib/optim/index.ts";
import { descent, train } from "../../lib/train/index.ts";
import { inFolder } from "../io/support.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

const model = sequential(linear(2, 4), batchNorm(4), linear(4, 1));
type Params = ReturnType<typeof model.init>;
type Layers = ReturnType<typeof model.initialState>;
type Batch = { x: Tensor; y: Tensor };

const x = random.normal(random.key(1), [12, 2]);
const examples = { x, y: x.sum(-1, { keepDims: true }) };
const params = model.init(random.key(2));
const optimizer = sgd({ learningRate: 0.05 });
const data = () => batches(examples, { batchSize: 4 });

const loss = (p: Params, { x, y }: Batch, key: Tensor, layers: Layers) => {
	const [prediction, next] = model.apply(p, layers, x, { train: true, key });
	return [squaredError(prediction, y), next] as const;
};

suite("descent", (test) => {
	test("the state of layers goes from step to step, as in a loop by hand", async () => {
		let state = { params, memory: optimizer.init(params), layers: model.initialState() };
		for (let epoch = 0; epoch < 2; epoch++) {
			for (const batch of data()) {
				const [[, layers], gradient] = valueAndGrad(loss)(
					state.params,
					batch,
					random.key(0),
					state.layers,
				);
				const [next, memory] = optimizer.update(gradient, state.memory, state.params);
				state = { params: next, memory, layers };
			}
		}
		const { begin, step } = descent(loss, optimizer);
		const begun = begin(params, model.initialState());
		const result = await train({ state: begun, step, data, epochs: 2, output: null });
		same(result.state.layers[1].mean, state.layers[1].mean);
		same(result.state.params[0].w, state.params[0].w);
		assert.not.equal(result.state.layers[1].mean.toArray(), begun.layers[1].mean.toArray());
	});

	test("such a step may be compiled, and a checkpoint keeps the state of layers", () =>
		inFolder(async (folder) => {
			const { begin, step } = descent(loss, optimizer);
			const options = {
				state: begin(params, model.initialState()),
				step: compile(step),
				data,
				output: null,
			};
			const checkpoint = join(folder, "run.safetensors");
			await train({ ...options, epochs: 1, checkpoint });
			const resumed = await train({ ...options, epochs: 2, checkpoint });
			const whole = await train({ ...options, epochs: 2 });
			same(resumed.state.layers[1].variance, whole.state.layers[1].variance);
		}));

	test("without such layers the state has no place for them", () => {
		const plain = descent((w: Tensor, x: Tensor) => x.mul(w).sum(), optimizer);
		const begun = plain.begin(random.normal(random.key(3), [2]));
		assert.equal(Object.keys(begun), ["params", "optimizer"]);
		assert.equal(Object.keys(plain.step(begun, x, random.key(0)).state), Object.keys(begun));
	});

	test("a state of layers that comes in and not out is refused, and the other way round", () => {
		const lost = descent((w: Tensor, x: Tensor) => x.mul(w).sum(), optimizer);
		const begin = lost.begin as (params: Tensor, layers: object) => ReturnType<typeof lost.begin>;
		const w = random.normal(random.key(3), [2]);
		const message = /descent: expected a state of layers to come in, by begin/;
		assert.throws(() => lost.step(begin(w, {}), x, random.key(0)), message);
		const { begin: start, step } = descent(loss, optimizer);
		const without = start(params, undefined as unknown as Layers);
		assert.throws(() => step(without, examples, random.key(0)), /./);
	});

	test("what is no loss or no optimizer is refused at once", () => {
		assert.throws(
			() => descent(undefined as unknown as () => Tensor, optimizer),
			/descent: expected the loss to be a function, got undefined/,
		);
		assert.throws(
			() => descent(() => x, undefined as unknown as typeof optimizer),
			/descent: expected the optimizer to be an object, got undefined/,
		);
	});
});
