import type { Op, TensorType } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import type { Tensor } from "../core/tensor.ts";
import { valueless } from "../core/valueless.ts";
import { stretchTo } from "../structure/stretch.ts";

/** An op to be applied to all examples of a batch. */
export interface Batch<P extends Data = Data> {
	readonly op: Op<string, P>;
	/** Those that are `batched` have the examples along a first axis. */
	readonly inputs: readonly Tensor[];
	readonly batched: readonly boolean[];
	readonly params: P;
	readonly size: number;
}

/** An input, for each example. */
export function forEachExample(
	{ inputs, batched, size }: Pick<Batch, "inputs" | "batched" | "size">,
	i: number,
): Tensor {
	const x = inputs[i]!;
	return batched[i] ? x : stretchTo(x, [size, ...x.shape]);
}

/** The type of the result for one example. */
export function exampleType<P extends Data>({ op, inputs, batched, params }: Batch<P>): TensorType {
	const refuse = (): never => {
		throw new Error("a type has no values");
	};
	const one = ({ shape, dtype }: Tensor, i: number) =>
		valueless({ shape: batched[i] ? shape.slice(1) : shape, dtype }, refuse);
	return op.infer(inputs.map(one), params);
}
