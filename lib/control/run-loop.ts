import { allocate } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { interpret } from "../program/interpret.ts";
import type { Program } from "../program/program.ts";

/** How a loop goes through its inputs. */
export interface Walk {
	readonly length: number;
	readonly closed: number;
	readonly carried: number;
	readonly reverse: boolean;
}

/** A loop's packed result, by running its step again and again. */
export function runLoop(
	body: Program,
	inputs: readonly Tensor[],
	{ length, closed, carried, reverse }: Walk,
	{ shape, dtype }: TensorType,
): Tensor {
	const out = allocate(dtype, sizeOf(shape));
	const fixed = inputs.slice(0, closed);
	const xs = inputs.slice(closed + carried);
	const sizes = body.outputs.map(({ type }) => sizeOf(type.shape));
	const carriedSize = sizes.slice(0, carried).reduce((total, size) => total + size, 0);
	let carry = inputs.slice(closed, closed + carried);
	for (let step = 0; step < length; step++) {
		const t = reverse ? length - 1 - step : step;
		const results = interpret(body, [...fixed, ...carry, ...xs.map((x) => entry(x, t))]);
		carry = results.slice(0, carried);
		let start = carriedSize;
		for (let i = carried; i < results.length; i++) {
			out.set(elements(results[i]!), start + t * sizes[i]!);
			start += length * sizes[i]!;
		}
	}
	let start = 0;
	for (const x of carry) {
		out.set(elements(x), start);
		start += x.size;
	}
	return new Tensor(out, dtype, shape);
}

/** What stands at a place of the first axis; a view. */
export function entry({ storage, dtype, shape, strides, offset }: Tensor, t: number): Tensor {
	return new Tensor(storage, dtype, shape.slice(1), strides.slice(1), offset + t * strides[0]!);
}
