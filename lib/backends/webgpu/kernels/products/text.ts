import type { Shape } from "../../../../core/shape.ts";

// Sums and products in WGSL, without those that change nothing.

/** A text times a number. */
export function scaledText(text: string, by: number): string {
	if (by === 0 || text === "0") return "0";
	return by === 1 ? text : `${text} * ${by}`;
}

/** The sum of texts and numbers. */
export function sumText(...terms: readonly (string | number)[]): string {
	const moving = terms.map(String).filter((term) => term !== "0");
	return moving.length === 0 ? "0" : moving.join(" + ").replaceAll("+ -", "- ");
}

/**
 * One of the coordinates of which there are so many, `inner` numbers for each; 0 where there is
 * nothing to count.
 */
export function coordinate(number: string, inner: number, size: number, isFirst = false): string {
	if (size <= 1 || inner === 0) return "0";
	const above = inner === 1 ? number : `${number} / ${inner}`;
	return isFirst ? above : `${above} % ${size}`;
}

/** Where the element of this number in row-major order lies, by strides. */
export function stridedIndex(number: string, shape: Shape, strides: readonly number[]): string {
	let inner = 1;
	const terms: string[] = [];
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		const size = shape[axis]!;
		const isFirst = shape.slice(0, axis).every((size) => size === 1);
		terms.unshift(scaledText(coordinate(number, inner, size, isFirst), strides[axis]!));
		inner *= size;
	}
	return sumText(...terms);
}

/** Lines one step to the right. */
export function deeper(lines: readonly string[]): string[] {
	return lines.map((line) => `	${line}`);
}

/** The whole numbers below one. */
export function range(count: number): number[] {
	return Array.from({ length: count }, (_, i) => i);
}

/** Four numbers as a vector. */
export function vectorOf(values: readonly string[]): string {
	return `vec4<f32>(${values.join(", ")})`;
}
