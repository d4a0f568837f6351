import { ShapeError } from "../../core/error.ts";
import { describe } from "../../core/options.ts";
import { type Shape, showShape } from "../../core/shape.ts";

/**
 * The new sizes of the last axes of an image.
 * @throws ShapeError for sizes that are not whole numbers from 1, more sizes than axes, or an axis
 * without elements
 */
export function checkSizesOf(op: string, shape: Shape, sizes: unknown): readonly number[] {
	const isSize = (n: unknown) => Number.isInteger(n) && (n as number) >= 1;
	if (!Array.isArray(sizes) || sizes.length === 0 || !sizes.every(isSize)) {
		const given = Array.isArray(sizes) ? `[${sizes.join(", ")}]` : describe(sizes);
		throw new ShapeError(`${op}: expected sizes in an array, whole numbers from 1, got ${given}`);
	}
	if (sizes.length > shape.length || shape.slice(-sizes.length).includes(0)) {
		throw new ShapeError(
			`${op}: expected ${sizes.length} last axes with elements, got ${showShape(shape)}`,
		);
	}
	return sizes;
}

/** The axes from the last to the one that the first size is of, with their new sizes. */
export function eachAxis(rank: number, sizes: readonly number[]): [axis: number, size: number][] {
	return sizes.map((size, i): [number, number] => [rank - sizes.length + i, size]).reverse();
}
