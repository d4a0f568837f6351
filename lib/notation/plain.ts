import type { Shape } from "../core/shape.ts";

/** An argument of an op, as a loop reads it. */
export interface Elements {
	readonly shape: Shape;
	/** The element at an index for each axis: a JavaScript expression made of such expressions. */
	readonly at: (index: readonly string[]) => string;
}

/**
 * How an op is written as loops over typed arrays, in JavaScript without any library; an op
 * that states a formula is by that. As in all notations brackets come by themselves around
 * elements and indices that a form is given, and what is put together of others sets its own.
 */
export type Plain<P> = ElementForm<P> | OrderForm | FoldForm<P> | PlaceForm<P>;

/** An element of the result by its index. */
export interface ElementForm<P> {
	readonly kind: "element";
	readonly at: (args: readonly Elements[], index: readonly string[], params: P) => string;
}

/** The same elements in row-major order, in another shape. */
export interface OrderForm {
	readonly kind: "order";
}

/** A loop that gathers a total for each element of the result. */
export interface FoldForm<P> {
	readonly kind: "fold";
	/** The sizes that the loop runs over. */
	readonly sizes: (shapes: readonly Shape[], params: P) => readonly number[];
	readonly start: string;
	/** The statement that takes in one more term, for an index of the result and one of the loop. */
	readonly next: (
		total: string,
		args: readonly Elements[],
		index: readonly string[],
		inner: readonly string[],
		params: P,
	) => string;
	/** What becomes of a total of n terms. */
	readonly finish: (total: string, n: number) => string;
}

/** Each element of the first arguments goes to a place in the result. */
export interface PlaceForm<P> {
	readonly kind: "place";
	/** What the result holds elsewhere. */
	readonly fill: (params: P) => string;
	/** The index in the result for one in argument `i`; null for an argument that is not placed. */
	readonly to: (
		args: readonly Elements[],
		i: number,
		index: readonly string[],
		params: P,
	) => readonly string[] | null;
	/** Whether elements may meet, and then add up. */
	readonly adds: boolean;
}

/** The plain form of an op that shows the elements of its first argument in another arrangement. */
/* @__NO_SIDE_EFFECTS__ */
export function view<P>(
	from: (index: readonly string[], params: P, args: readonly Elements[]) => readonly string[],
): ElementForm<P> {
	return { kind: "element", at: (args, index, params) => args[0]!.at(from(index, params, args)) };
}

/**
 * The plain form of the transpose of a view: each element of the first argument goes to a place
 * among zeros.
 */
/* @__NO_SIDE_EFFECTS__ */
export function placed<P>(
	to: (index: readonly string[], params: P, args: readonly Elements[]) => readonly string[],
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
