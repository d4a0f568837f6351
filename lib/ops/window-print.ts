import type { Geometry, Pair } from "../core/geometry.ts";

/**
 * In NumPy notation, the call of a function that convolves as a geometry says; `sizes` are further
 * keyword arguments.
 */
export function printConvolution(
	name: string,
	args: readonly string[],
	{ image, filter, result, stride, dilation, before, groups }: Geometry,
	...sizes: string[]
): string {
	const padding = ([0, 1] as const).map((axis): Pair => {
		const covered = (result[axis] - 1) * stride[axis] + dilation[axis] * (filter[axis] - 1) + 1;
		return [before[axis], Math.max(0, covered - before[axis] - image[axis])];
	});
	const options = [
		...sizes,
		`stride=${printPair(stride)}`,
		`dilation=${printPair(dilation)}`,
		`padding=(${padding.map(printPair).join(", ")})`,
		`groups=${groups}`,
	];
	return `${name}(${[...args, ...options].join(", ")})`;
}

/** `(2, 3)`. */
export function printPair(pair: Pair): string {
	return `(${pair.join(", ")})`;
}
