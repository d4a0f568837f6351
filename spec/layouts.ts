import * as fc from "fast-check";
import type { Shape } from "../lib/core/shape.ts";

/** Strides and offset over some storage. */
export interface Layout {
	readonly strides: readonly number[];
	readonly offset: number;
}

/** Small shapes, sizes 0 and 1 among them. */
export const shapes: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 0, max: 4 }), {
	maxLength: 4,
});

/** Any strides for a shape: permuted, with gaps, backwards, broadcast, overlapping. */
export function layouts(shape: Shape): fc.Arbitrary<Layout> {
	const dense = fc
		.shuffledSubarray([...shape.keys()], { minLength: shape.length })
		.chain((order) =>
			fc.tuple(fc.constant(order), ...shape.map(() => fc.constantFrom(1, 1, -1, 0))),
		)
		.map(([order, ...signs]) => {
			const strides = new Array<number>(shape.length);
			let stride = 1;
			for (const axis of order) {
				strides[axis] = stride * signs[axis]!;
				stride *= Math.max(1, shape[axis]!);
			}
			return strides;
		});
	const any = fc.tuple(...shape.map(() => fc.integer({ min: -6, max: 6 })));
	return fc
		.tuple(fc.oneof(dense, any), fc.integer({ min: 0, max: 5 }))
		.map(([strides, spare]) => ({ strides, offset: spare - lowest(shape, strides) }));
}

/** The position of the element furthest to the front, from that of the first. */
function lowest(shape: Shape, strides: readonly number[]): number {
	return strides.reduce((sum, stride, i) => sum + Math.min(0, stride * (shape[i]! - 1)), 0);
}

/** Where each element lies, in row-major order: the definition, index by index. */
export function positionsOf(shape: Shape, { strides, offset }: Layout): number[] {
	let found = shape.includes(0) ? [] : [offset];
	shape.forEach((size, axis) => {
		found = found.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * strides[axis]!));
	});
	return found;
}
