import { allocate } from "../core/dtype.ts";
import type { Data } from "../core/params.ts";
import { rowMajorStrides, type Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { constantOf, type Instruction } from "../program/program.ts";
import type { Index, IndexedLoop } from "./kernel.ts";
import { type Indexing, indexingOf } from "./lower.ts";
import type { View } from "./view.ts";

/** Where elements lie along the axes of a shape. */
interface Layout {
	readonly shape: Shape;
	readonly strides: readonly number[];
}

/** What a step with indices reads, and the loop that it is. */
export interface Indexed {
	readonly source: View;
	readonly indices: View;
	readonly loop: IndexedLoop;
}

/**
 * An instruction with indices, given where its inputs lie, as a loop into a result in row-major
 * order.
 */
export function indexedOf(step: Instruction, inputs: readonly View[]): Indexed {
	const { kind, adds } = indexingOf(step);
	const { type, params } = step;
	const indices = inputs.at(-1)!;
	const source = kind === "ones" ? oneFor(indices, step) : inputs[0]!;
	const result: Layout = { shape: type.shape, strides: rowMajorStrides(type.shape) };
	const intoPlaces = adds || kind === "ones";
	const along = alongLoop(kind, intoPlaces ? result : source, indices, params);
	const { dtype } = source.base.type;
	const loop: IndexedLoop = {
		shape: (kind === "ones" ? indices : intoPlaces ? source : result).shape,
		source: { dtype, strides: intoPlaces ? source.strides : along.strides },
		target: { dtype: type.dtype, strides: intoPlaces ? along.strides : result.strides },
		indices: { dtype: "int32", strides: along.indices },
		each: along.each,
		indexed: intoPlaces ? "target" : "source",
		adds,
	};
	return { source, indices, loop };
}

/** The 1 that goes to each index. */
function oneFor({ shape }: View, { type: { dtype } }: Instruction): View {
	const base = constantOf(new Tensor(allocate(dtype, 1).fill(1), dtype, []));
	return { base, shape, strides: shape.map(() => 0), offset: 0 };
}

/**
 * How the tensor that is indexed and the indices lie along the axes of the loop, and what each
 * index stands for.
 */
function alongLoop(
	kind: Indexing["kind"],
	{ shape, strides }: Layout,
	indices: Layout,
	params: Data,
): { strides: readonly number[]; indices: readonly number[]; each: Index[] } {
	const none = (axes: readonly unknown[]) => axes.map(() => 0);
	const of = (axis: number, at = 0): Index => ({
		at,
		size: shape[axis]!,
		stride: strides[axis]!,
		wraps: kind !== "ones",
	});
	switch (kind) {
		case "parts": {
			const { axis } = params as { axis: number };
			const [before, after] = [strides.slice(0, axis), strides.slice(axis + 1)];
			return {
				strides: [...before, ...none(indices.shape), ...after],
				indices: [...none(before), ...indices.strides, ...none(after)],
				each: [of(axis)],
			};
		}
		case "along axis": {
			const { axis } = params as { axis: number };
			return { strides: strides.with(axis, 0), indices: indices.strides, each: [of(axis)] };
		}
		case "tuples": {
			const [outer, stride] = [indices.strides.slice(0, -1), indices.strides.at(-1)!];
			const depth = indices.shape.at(-1)!;
			return {
				strides: [...none(outer), ...strides.slice(depth)],
				indices: [...outer, ...none(strides.slice(depth))],
				each: Array.from({ length: depth }, (_, axis) => of(axis, axis * stride)),
			};
		}
		case "ones": {
			const axis = strides.length - 1;
			return { strides: strides.slice(0, axis), indices: indices.strides, each: [of(axis)] };
		}
	}
}
