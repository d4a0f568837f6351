import type { Storage } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { Tensor } from "../core/tensor.ts";

const storages = new WeakSet<Storage>();

/**
 * A tensor with a shape and a dtype and no values, as a function sees it while it is recorded.
 * @param refuse throws, and is called as soon as anything is asked of the values
 */
export function valueless({ shape, dtype }: TensorType, refuse: () => never): Tensor {
	const storage: Storage = new Proxy(new Float64Array(0), { get: refuse });
	storages.add(storage);
	return new Tensor(storage, dtype, shape);
}

/** Whether it is such a tensor, or a view of one. */
export function isValueless({ storage }: Tensor): boolean {
	return storages.has(storage);
}
