import { allocate } from "../core/dtype.ts";
import { rowMajorStrides, type Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { constantOf, type Instruction } from "../program/program.ts";
import { filled } from "./copies.ts";
import type { Index, IndexedLoop } from "./kernel.ts";
import type { Lowered } from "./planner.ts";
import type { View } from "./view.ts";

/** What indices do. */
type Indexing = {
	/** Whether elements are added up where the indices say, and not read from there. */
	readonly adds?: boolean;
	/** Whether negative ones count from the end; they do if nothing is said. */
	readonly wraps?: boolean;
} & (
	| { readonly kind: "parts" | "along axis"; readonly axis: number }
	/** In tuples they pick parts at several leading axes; or they say where ones go. */
	| { readonly kind: "tuples" | "ones" }
);

/** Elements at indices; what is put at indices is put between zeros. */
export function asIndexed(indexing: Indexing): Lowered {
	return {
		plan({ viewOf, buffers, steps }, { lead, members }) {
			const { source, indices, loop } = indexedOf(lead, lead.inputs.map(viewOf), indexing);
			const to = buffers.store(lead);
			const reads = [source, indices].map((view) => buffers.view(view));
			if (loop.indexed === "target") steps.push(filled(to, 0, members));
			steps.push({ kernel: { kind: "indexed", indexed: loop }, members, reads, writes: [to] });
		},
	};
}

/** Where elements lie along the axes of a shape. */
interface Layout {
	readonly shape: Shape;
	readonly strides: readonly number[];
}

/**
 * What an instruction with indices reads, given where its inputs lie, and the loop that it is into
 * a result in row-major order.
 */
function indexedOf(step: Instruction, inputs: readonly View[], indexing: Indexing) {
	const { kind, adds = false } = indexing;
	const { type } = step;
	const indices = inputs.at(-1)!;
	const source = kind === "ones" ? oneFor(indices, step) : inputs[0]!;
	const result: Layout = { shape: type.shape, strides: rowMajorStrides(type.shape) };
	const intoPlaces = adds || kind === "ones";
	const along = alongLoop(indexing, intoPlaces ? result : source, indices);
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
	indexing: Indexing,
	{ shape, strides }: Layout,
	indices: Layout,
): { strides: readonly number[]; indices: readonly number[]; each: Index[] } {
	const none = (axes: readonly unknown[]) => axes.map(() => 0);
	const of = (axis: number, at = 0): Index => ({
		at,
		size: shape[axis]!,
		stride: strides[axis]!,
		wraps: indexing.wraps ?? true,
	});
	switch (indexing.kind) {
		case "parts": {
			const { axis } = indexing;
			const [before, after] = [strides.slice(0, axis), strides.slice(axis + 1)];
			return {
				strides: [...before, ...none(indices.shape), ...after],
				indices: [...none(before), ...indices.strides, ...none(after)],
				each: [of(axis)],
			};
		}
		case "along axis": {
			const { axis } = indexing;
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
