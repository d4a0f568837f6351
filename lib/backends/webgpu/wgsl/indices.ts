import { rowMajorStrides, type Shape } from "../../../core/shape.ts";

/** The indices of an element along the axes of a shape, by its number in row-major order. */
export function unravelled(
	number: string,
	prefix: string,
	shape: Shape,
): { readonly lines: readonly string[]; readonly indices: readonly string[] } {
	if (shape.length === 1) return { lines: [], indices: [number] };
	const steps = rowMajorStrides(shape);
	const lines = shape.map((size, axis) => {
		const high = steps[axis] === 1 ? number : `${number} / ${steps[axis]}`;
		return `let ${prefix}${axis} = ${axis === 0 ? high : `(${high}) % ${size}`};`;
	});
	return { lines, indices: shape.map((_, axis) => `${prefix}${axis}`) };
}

/** Where an element lies that has these indices, from the first element on. */
export function indexOfElement(indices: readonly string[], strides: readonly number[]): string {
	const moves = strides.flatMap((stride, axis) => {
		if (stride === 0) return [];
		return [stride === 1 ? indices[axis]! : `${indices[axis]} * ${stride}`];
	});
	return moves.length === 0 ? "0" : `(${moves.join(" + ")})`;
}
