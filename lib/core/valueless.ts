import type { TensorType } from "./op.ts";
import { rowMajorStrides } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Node } from "./tape.ts";
import { Tensor } from "./tensor.ts";

/** Of tensors without values. */
class Valueless implements Storage {
	readonly byteLength = 0;
	readonly host: () => never;

	constructor(refuse: () => never) {
		this.host = refuse;
	}

	async read(): Promise<never> {
		return this.host();
	}
}

/**
 * A tensor with a shape and a dtype and no values, as a function sees it while it is recorded.
 * @param refuse throws, and is called as soon as anything is asked of the values
 */
export function valueless({ shape, dtype }: TensorType, refuse: () => never): Tensor {
	return new Tensor(new Valueless(refuse), dtype, shape);
}

/** Tensors of a tape without values: `refuse` throws as soon as anything is asked of them. */
export function examples(refuse: () => never): (type: TensorType, node: Node) => Tensor {
	const storage = new Valueless(refuse);
	return ({ shape, dtype }, node) =>
		new Tensor(storage, dtype, shape, rowMajorStrides(shape), 0, node);
}

/** Whether it is such a tensor, or a view of one. */
export function isValueless({ storage }: Tensor): boolean {
	return storage instanceof Valueless;
}
