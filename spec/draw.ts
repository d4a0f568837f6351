import * as fc from "fast-check";
import { Tensor } from "../lib/index.ts";
import type { Domain, Draw } from "../lib/op.ts";
import { type Shape, sizeOf } from "../lib/shape.ts";

/** Elements lie this far from the values that a domain avoids. */
const CLEARANCE = 0.25;

/** The eighths of a domain: few enough that a counterexample can be read. */
function grid({ min = -2, max = 2, avoid = [] }: Domain): number[] {
	const points: number[] = [];
	for (let k = Math.ceil(min * 8); k <= max * 8; k++) {
		if (avoid.every((value) => Math.abs(k / 8 - value) >= CLEARANCE)) points.push(k / 8);
	}
	return points;
}

/** Draws through fast-check, so that what fails is shrunk and can be replayed. */
export function drawFrom(gen: fc.GeneratorValue): Draw {
	const integer = (min: number, max: number) => gen(fc.integer, { min, max });
	const distinctPool = Array.from({ length: 512 }, (_, i) => (i - 256) / 16);
	let distinctTaken = 0;

	/** The values in a random layout: row-major, axes permuted in memory, gaps between, backwards. */
	const laidOut = (values: readonly number[], shape: Shape): Tensor => {
		const layout = integer(0, 3);
		const gap = layout >= 2 ? 2 : 1;
		const order = shape.map((_, i) => (layout % 2 === 1 ? i : shape.length - 1 - i));
		const strides = new Array<number>(shape.length);
		let step = gap;
		for (const axis of order) {
			strides[axis] = step;
			step *= Math.max(1, shape[axis]!);
		}
		const backwards = layout === 3 && values.length > 0;
		const storage = new Float64Array(gap * values.length + 1);
		const last = gap * (values.length - 1);
		values.forEach((value, i) => {
			let at = 0;
			let rest = i;
			for (let axis = shape.length - 1; axis >= 0; axis--) {
				at += (rest % shape[axis]!) * strides[axis]!;
				rest = Math.floor(rest / shape[axis]!);
			}
			storage[backwards ? last - at : at] = value;
		});
		return backwards
			? new Tensor(
					storage,
					"float64",
					shape,
					strides.map((stride) => -stride),
					last,
				)
			: new Tensor(storage, "float64", shape, strides);
	};

	return {
		integer,
		pick: (choices) => choices[integer(0, choices.length - 1)]!,
		shape: ({ minRank = 0, maxRank = 4, minSize = 0 } = {}) => {
			const rank = integer(minRank, maxRank);
			const most = [8, 6, 4, 3, 3][rank] ?? 2;
			return Array.from({ length: rank }, () => integer(minSize, most));
		},
		tensor: (shape, domain = {}) => {
			const points = grid(domain);
			const values = Array.from(
				{ length: sizeOf(shape) },
				() => points[integer(0, points.length - 1)]!,
			);
			return laidOut(values, shape);
		},
		distinct: (shape) => {
			const size = sizeOf(shape);
			const pool = distinctPool.slice(distinctTaken, distinctTaken + size);
			distinctTaken += size;
			return laidOut(gen(fc.shuffledSubarray, pool, { minLength: size, maxLength: size }), shape);
		},
	};
}
