/** A product of an m×k and a k×n matrix: a multiplication and an addition for each m·k·n. */
const product = (m: number, k: number, n: number) => 2 * m * k * n;

/**
 * A product with weights and its two gradients, each as dear as the product; the first layer of a
 * net needs none for its inputs.
 */
const layer = (m: number, k: number, n: number, first = false) =>
	(first ? 2 : 3) * product(m, k, n);

/** Of the GPT's training step: its layers, and the two products of each attention. */
function gpt(): number {
	const [sequences, places, width, blocks, letters] = [8, 128, 128, 4, 65];
	const rows = sequences * places;
	const attention = 2 * layer(rows, width, places);
	const block = layer(rows, width, 12 * width) + attention;
	return blocks * block + layer(rows, width, letters);
}

/** Multiplications and additions in the products and convolutions of a case. */
const OPERATIONS: Record<string, number> = {
	"two-layer step": layer(64, 1000, 100, true) + layer(64, 100, 10),
	"digits step": layer(64, 784, 256, true) + layer(64, 256, 10),
	"mlp step": layer(128, 784, 512, true) + layer(128, 512, 512) + layer(128, 512, 10),
	"cnn step":
		layer(64 * 28 * 28, 9, 16, true) + layer(64 * 14 * 14, 16 * 9, 32) + layer(64, 1568, 10),
	"gpt step": gpt(),
	"product 64³": product(64, 64, 64),
	"product 256³": product(256, 256, 256),
	"product 1024³": product(1024, 1024, 1024),
};

/** How many a case, such as `mlp step, float32`, needs at least; undefined where nobody counted. */
export function operationsOf(name: string): number | undefined {
	return OPERATIONS[name.split(", ")[0]!];
}
