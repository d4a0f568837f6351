import { ShapeError } from "../core/error.ts";
import { flatten } from "../core/tree.ts";
import { stack } from "../ops/joining.ts";
import { checkBatchSize } from "./rows.ts";

/**
 * Batches from examples that come one by one, from an array, a generator, a stream: each is a
 * tensor or a nested structure of tensors, all alike; a batch is the same structure of tensors with
 * a new first axis. The last batch may be smaller.
 * @throws ShapeError when examples differ in structure or shapes, or the batch size is not a whole
 * number from 1
 */
export async function* batchExamples<T>(
	examples: Iterable<T> | AsyncIterable<T>,
	batchSize: number,
): AsyncGenerator<T, void, undefined> {
	checkBatchSize("batchExamples", batchSize);
	let waiting: T[] = [];
	for await (const example of examples) {
		waiting.push(example);
		if (waiting.length < batchSize) continue;
		yield stackExamples(waiting);
		waiting = [];
	}
	if (waiting.length > 0) yield stackExamples(waiting);
}

function stackExamples<T>(examples: readonly T[]): T {
	const flat = examples.map((example) => flatten("batchExamples", example, "example"));
	const [first] = flat;
	for (const { paths } of flat) {
		if (paths.join() === first!.paths.join()) continue;
		throw new ShapeError(
			`batchExamples: expected examples of one structure, got {${first!.paths.join(", ")}} and {${paths.join(", ")}}`,
		);
	}
	return first!.rebuild<T>(
		first!.leaves.map((_, i) => stack(flat.map(({ leaves }) => leaves[i]!))),
	);
}
