import { apply } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { matmul } from "../ops/products.ts";
import {
	expandDims,
	matrixTranspose,
	moveAxis,
	ravel,
	reshape,
	transpose,
} from "../structure/layout.ts";
import { type Batch, forEachExample } from "./batch.ts";

/**
 * Products of matrices and vectors. Where one side is the same for all, the rows, or columns, of
 * the other are so many more of one product: the same bits, in one go.
 */
export function batchOfProducts(batch: Batch): Tensor {
	const { inputs, batched, size } = batch;
	const [left, right] = batched;
	const [x, w] = inputs as [Tensor, Tensor];
	const [rows, columns] = [x.rank - (left ? 1 : 0), w.rank - (right ? 1 : 0)];
	if (rows > 2 || columns > 2) {
		return apply(matmul.op, [forEachExample(batch, 0), forEachExample(batch, 1)], null);
	}
	// A vector on the left is a row, on the right a column.
	const a = rows === 1 ? expandDims(x, -2) : x;
	const b = columns === 1 ? expandDims(w, -1) : w;
	const sizes = [...x.shape.slice(left ? 1 : 0, -1), ...(columns === 1 ? [] : [w.shape.at(-1)!])];
	return reshape(productOf(a, b, left!, right!), [size, ...sizes]);
}

/** The products of matrices, of which one side or both have a batch. */
function productOf(a: Tensor, b: Tensor, left: boolean, right: boolean): Tensor {
	if (left && right) return apply(matmul.op, [a, b], null);
	if (!left) return matrixTranspose(productOf(matrixTranspose(b), transpose(a), true, false));
	const k = a.shape.at(-1)!;
	const rows = a.shape.slice(0, -1);
	const product = matmul(reshape(a, [sizeOf(rows), k]), b);
	return reshape(product, [...rows, b.shape[1]!]);
}

/** Products of each element of a vector with each of another. */
export function batchOfOuters({ op, inputs, batched, params, size }: Batch): Tensor {
	const [x, w] = inputs as [Tensor, Tensor];
	if (batched[0] && batched[1]) {
		return apply(matmul.op, [expandDims(x, 2), expandDims(w, 1)], null);
	}
	const product = apply(op, [ravel(x), ravel(w)], params);
	if (batched[0]) return reshape(product, [...x.shape, w.size]);
	return moveAxis(reshape(product, [x.size, size, w.shape[1]!]), 1, 0);
}
