import { apply } from "../core/op.ts";
import { Tensor } from "../core/tensor.ts";
import { gather, ungather } from "../ops/index-tuples.ts";
import { concat } from "../ops/joining.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { expandDims, moveAxis, reshape } from "../structure/layout.ts";
import { type Batch, exampleType, forEachExample } from "./batch.ts";

// Where indices differ from example to example, the number of the example and an index are a tuple.

/** Index tuples (…×k) with the number of their example in front: (…×(k+1)). */
function exampleTuples(tuples: Tensor): Tensor {
	const [size, ...rest] = tuples.shape.slice(0, -1) as [number, ...number[]];
	const numbers = new Tensor(
		Int32Array.from({ length: size }, (_, i) => i),
		"int32",
		[size],
	);
	const column = reshape(numbers, [size, ...rest.map(() => 1), 1]);
	return concat([broadcastTo(column, [size, ...rest, 1]), tuples], -1);
}

/** So many axes from a first one on. */
const axesFrom = (first: number, count: number) =>
	Array.from({ length: count }, (_, i) => first + i);

type AxisParams = { readonly axis: number };

/** Parts at indices of an axis. */
export function batchOfParts({ op, inputs, batched, params }: Batch<AxisParams>): Tensor {
	const { axis } = params;
	const [x, indices] = inputs as [Tensor, Tensor];
	if (!batched[1]) return apply(op, inputs, { ...params, axis: axis + 1 });
	if (!batched[0]) return moveAxis(apply(op, inputs, params), axis, 0);
	const tuples = exampleTuples(expandDims(indices, -1));
	const parts = apply(gather.op, [moveAxis(x, axis + 1, 1), tuples], null);
	const count = indices.rank - 1;
	return moveAxis(parts, axesFrom(1, count), axesFrom(axis + 1, count));
}

/** Parts added at indices of an axis. */
export function batchOfAddedParts(batch: Batch<AxisParams>): Tensor {
	const { op, inputs, batched, params, size } = batch;
	const { axis } = params;
	if (!batched[1]) return apply(op, inputs, { ...params, axis: axis + 1 });
	const indices = inputs[1]!;
	const count = indices.rank - 1;
	const parts = moveAxis(forEachExample(batch, 0), axesFrom(axis + 1, count), axesFrom(1, count));
	const shape = [size, exampleType(batch).shape[axis]!, ...parts.shape.slice(1 + count)];
	const tuples = exampleTuples(expandDims(indices, -1));
	return moveAxis(apply(ungather.op, [parts, tuples], { shape }), 1, axis + 1);
}

/** Parts at index tuples. */
export function batchOfTuples(batch: Batch): Tensor {
	const { op, inputs, batched, params } = batch;
	if (!batched[0]) return apply(op, inputs, params);
	return apply(op, [inputs[0]!, exampleTuples(forEachExample(batch, 1))], params);
}

/** Parts added at index tuples. */
export function batchOfAddedTuples(batch: Batch): Tensor {
	const tuples = exampleTuples(forEachExample(batch, 1));
	const shape = [batch.size, ...exampleType(batch).shape];
	return apply(ungather.op, [forEachExample(batch, 0), tuples], { shape });
}
