import { Tensor } from "../core/tensor.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { reshape } from "../structure/layout.ts";
import { concat } from "./joining.ts";

/** Index tuples (…×k) of a batch, with the number of their example in front: (…×(k+1)). */
export function exampleTuples(tuples: Tensor): Tensor {
	const [size, ...rest] = tuples.shape.slice(0, -1) as [number, ...number[]];
	const numbers = new Tensor(
		Int32Array.from({ length: size }, (_, i) => i),
		"int32",
		[size],
	);
	const column = reshape(numbers, [size, ...rest.map(() => 1), 1]);
	return concat([broadcastTo(column, [size, ...rest, 1]), tuples], -1);
}

/** A tensor, for each example of a batch if it is not one already. */
export function forEachExample(x: Tensor, isBatch: boolean | undefined, size: number): Tensor {
	return isBatch ? x : broadcastTo(x, [size, ...x.shape]);
}
