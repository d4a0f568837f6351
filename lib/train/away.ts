import { Tensor } from "../core/tensor.ts";
import { isPlainObject } from "../core/tree.ts";

/** Whether a tensor's elements have to be waited for, as those on a device. */
export function isAway({ storage }: Tensor): boolean {
	return !ArrayBuffer.isView(storage) && storage.host() === null;
}

/** Waits for the elements of all tensors in plain objects and arrays; gives the same back. */
export async function arrived<T>(tree: T): Promise<T> {
	await Promise.all(
		tensorsIn(tree)
			.filter(isAway)
			.map((x) => x.read()),
	);
	return tree;
}

function tensorsIn(node: unknown): Tensor[] {
	if (node instanceof Tensor) return [node];
	if (Array.isArray(node)) return node.flatMap(tensorsIn);
	return isPlainObject(node) ? Object.values(node).flatMap(tensorsIn) : [];
}
