import type { Shape } from "./shape.ts";

// What `lead` of an op's record says, for parameters of the usual names: one more axis in front.

/** The parameters know no axis from the front. */
export function alike<P>(params: P): P {
	return params;
}

/** The parameter `axis` counts from the front. */
export function axisBehind<P extends { readonly axis: number }>(params: P): P {
	return { ...params, axis: params.axis + 1 };
}

/** The parameter `axes` counts from the front. */
export function axesBehind<P extends { readonly axes: readonly number[] }>(params: P): P {
	return { ...params, axes: params.axes.map((axis) => axis + 1) };
}

/** The parameter `shape` has all axes. */
export function shapeBehind<P extends { readonly shape: Shape }>(params: P, size: number): P {
	return { ...params, shape: [size, ...params.shape] };
}
