import type { ElementForm, IndexedElements, PlaceForm } from "../core/loop-form.ts";
import type { Shape } from "../core/shape.ts";

/** The plain form of an op that shows the elements of its first argument in another arrangement. */
/* @__NO_SIDE_EFFECTS__ */
export function view<P>(
	from: (
		index: readonly string[],
		params: P,
		args: readonly IndexedElements[],
	) => readonly string[],
): ElementForm<P> {
	return { kind: "element", at: (args, index, params) => args[0]!.at(from(index, params, args)) };
}

/**
 * The plain form of the transpose of a view: each element of the first argument goes to a place
 * among zeros.
 */
/* @__NO_SIDE_EFFECTS__ */
export function placed<P>(
	to: (index: readonly string[], params: P, args: readonly IndexedElements[]) => readonly string[],
): PlaceForm<P> {
	return {
		kind: "place",
		fill: () => "0",
		to: (args, i, index, params) => (i === 0 ? to(index, params, args) : null),
		adds: true,
	};
}

/** JavaScript's x + y. */
export function plus(x: string, y: string): string {
	if (x === "0") return y;
	return y === "0" ? x : `${x} + ${y}`;
}

/** The index i · scale + offset, as short as it can be written. */
export function affine(i: string, scale: number, offset: number): string {
	if (/^\d+$/.test(i) || scale === 0) return String((scale === 0 ? 0 : Number(i)) * scale + offset);
	const scaled = Math.abs(scale) === 1 ? i : `${i} * ${Math.abs(scale)}`;
	if (scale < 0) return `${offset} - ${scaled}`;
	return offset < 0 ? `${scaled} - ${-offset}` : plus(scaled, String(offset));
}

/** An index that may count from the end, counted from the front. */
export function fromFront(i: string, size: number): string {
	return `${i} < 0 ? ${i} + ${size} : ${i}`;
}

/** The index i + by, which goes on at the start of an axis of this size. */
export function wrapped(i: string, by: number, size: number): string {
	const moved = affine(i, 1, by);
	return moved === i || /^\d+$/.test(moved) ? `${moved} % ${size}` : `(${moved}) % ${size}`;
}

/** The index of a tensor of this shape that is stretched by the rules of broadcasting. */
export function broadcastIndex(index: readonly string[], shape: Shape): string[] {
	const missing = index.length - shape.length;
	return shape.map((size, axis) => (size === 1 ? "0" : index[missing + axis]!));
}
