import { apply, type BatchRule, type Op } from "../core/op.ts";
import { expandDims, moveAxis } from "../structure/layout.ts";
import { exampleTuples, forEachExample } from "./example-tuples.ts";
import { gather, ungather } from "./index-tuples.ts";

// Parts at indices of an axis, for a batch: where the indices are of an example, they and the
// number of the example are tuples.

/** Of so many axes of indices, their numbers where the first of them is this one. */
const axesFrom = (first: number, count: number) =>
	Array.from({ length: count }, (_, i) => first + i);

/** Parts taken. */
export function batchOfTakes(op: () => Op): BatchRule<{ readonly axis: number }> {
	return ([x, indices], { axis }, [whole, each]) => {
		if (!each) return apply(op(), [x!, indices!], { axis: axis + 1 });
		if (!whole) return moveAxis(apply(op(), [x!, indices!], { axis }), axis, 0);
		const tuples = exampleTuples(expandDims(indices!, -1));
		const parts = apply(gather.op, [moveAxis(x!, axis + 1, 1), tuples], null);
		const count = indices!.rank - 1;
		return moveAxis(parts, axesFrom(1, count), axesFrom(axis + 1, count));
	};
}

/** Parts put back, and added. */
export function batchOfUntakes(
	op: () => Op,
): BatchRule<{ readonly axis: number; readonly size: number }> {
	return ([g, indices], { axis, size }, [parts, each], examples) => {
		if (!each) return apply(op(), [g!, indices!], { axis: axis + 1, size });
		const count = indices!.rank - 1;
		const all = forEachExample(g!, parts, examples);
		const first = moveAxis(all, axesFrom(axis + 1, count), axesFrom(1, count));
		const shape = [examples, size, ...first.shape.slice(1 + count)];
		const tuples = exampleTuples(expandDims(indices!, -1));
		return moveAxis(apply(ungather.op, [first, tuples], { shape }), 1, axis + 1);
	};
}
