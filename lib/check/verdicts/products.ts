import { sameShape } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import type { Tensor } from "../../core/tensor.ts";
import { dot } from "../../ops/products.ts";
import { transpose } from "../../structure/layout.ts";

/** A matrix, and what it is called. */
export interface Factor {
	readonly name: string;
	readonly value: Tensor;
}

/** Two matrices that meet in a gradient, and their product that belongs there. */
export interface Meeting {
	readonly factors: readonly [Factor, Factor];
	readonly product: Tensor;
}

/** A matrix as it stands in a product: as it is, or turned. */
interface Side {
	readonly text: string;
	readonly value: Tensor;
	readonly factor: Factor;
}

interface Product {
	readonly left: Side;
	readonly right: Side;
}

/** Every product of two matrices or their transposes, whether their sizes fit or not. */
function productsOf([a, b]: readonly [Factor, Factor]): Product[] {
	return [
		[a, b],
		[b, a],
	].flatMap(([first, second]) =>
		sidesOf(first!).flatMap((left) => sidesOf(second!).map((right) => ({ left, right }))),
	);
}

function sidesOf(factor: Factor): Side[] {
	const { name, value } = factor;
	const turned = name.endsWith(".T") ? name.slice(0, -2) : `${name}.T`;
	return [
		{ text: name, value, factor },
		{ text: turned, value: transpose(value), factor },
	];
}

function textOf({ left, right }: Product): string {
	return `${left.text}.dot(${right.text})`;
}

/** Whether a product is this matrix. */
function gives({ left, right }: Product, value: Tensor, tolerance: number): boolean {
	const [[rows, inner], [sameInner, columns]] = [left.value.shape, right.value.shape];
	if (inner !== sameInner || !sameShape([rows!, columns!], value.shape)) return false;
	return isNear(dot(left.value, right.value), value, tolerance);
}

/** The way to write a product of two matrices that gives this one; null where none does. */
function written(
	factors: readonly [Factor, Factor],
	value: Tensor,
	tolerance: number,
): Product | null {
	if (factors.some(({ value: { rank } }) => rank !== 2)) return null;
	return productsOf(factors).find((product) => gives(product, value, tolerance)) ?? null;
}

/** How many of its two sides are other ones, and whether they are in the other order. */
function distance(wrong: Product, right: Product): number {
	const isSwapped = wrong.left.factor !== right.left.factor;
	const [a, b] = isSwapped ? [right.right, right.left] : [right.left, right.right];
	return [isSwapped, wrong.left.text !== a.text, wrong.right.text !== b.text].filter(Boolean)
		.length;
}

/** What is wrong with a product in whose place another one belongs. */
function difference(wrong: Product, right: Product): string {
	const isTurned = (a: Side, b: Side) => a.factor === b.factor && a.text !== b.text;
	if (isTurned(wrong.left, right.right) && isTurned(wrong.right, right.left)) {
		return "the gradient is transposed";
	}
	const turns = ({ left, right }: Product) =>
		[left, right].filter(({ text }) => text.endsWith(".T")).length;
	if (turns(wrong) < turns(right)) return "a .T is missing";
	if (turns(wrong) > turns(right)) return "a .T is too many";
	return distance(wrong, right) === 1
		? "the factors are in the wrong order"
		: "the .T is at the wrong factor";
}

/**
 * Where a gradient should be the product of two known matrices and is another product of them:
 * which one belongs there. `meetings` are the matrices that meet in the gradient.
 */
export function wrongProduct(
	meetings: readonly (readonly [Factor, Factor])[],
	given: Tensor,
	expected: Tensor,
	tolerance: number,
): string | null {
	for (const factors of meetings) {
		const right = written(factors, expected, tolerance);
		if (right === null) continue;
		const wrong = written(factors, given, tolerance);
		if (wrong === null || distance(wrong, right) === 0) return null;
		return told(difference(wrong, right), wrong, right);
	}
	return null;
}

/**
 * Where a gradient should be the product of two known matrices and is the product of one of them
 * with another `known` one.
 */
export function otherProduct(
	meetings: readonly (readonly [Factor, Factor])[],
	given: Tensor,
	expected: Tensor,
	tolerance: number,
	known: readonly Factor[],
): string | null {
	for (const factors of meetings) {
		const right = written(factors, expected, tolerance);
		if (right === null) continue;
		for (const kept of factors) {
			for (const other of known) {
				const wrong = written([kept, other], given, tolerance);
				if (wrong !== null) return told("one factor is not the right one", wrong, right);
			}
		}
	}
	return null;
}

function told(what: string, wrong: Product, right: Product): string {
	return `${what}: it is ${textOf(wrong)}, and ${textOf(right)} agrees`;
}

/**
 * Where two matrices of these shapes do not multiply: what is wrong, and the product of two such
 * ones that belongs there; with how far the one that was written is from it.
 */
export function intendedProduct(
	meetings: readonly Meeting[],
	shapes: readonly [readonly number[], readonly number[]],
	tolerance: number,
): { readonly distance: number; readonly what: string; readonly text: string } | null {
	const found = meetings.flatMap(({ factors, product }) => {
		const possible = productsOf(factors).filter(
			({ left, right }) =>
				sameShape(left.value.shape, shapes[0]) && sameShape(right.value.shape, shapes[1]),
		);
		const right = possible.length === 0 ? null : written(factors, product, tolerance);
		if (right === null) return [];
		return possible.map((wrong) => ({
			distance: distance(wrong, right),
			what: difference(wrong, right),
			text: textOf(right),
		}));
	});
	return found.sort((a, b) => a.distance - b.distance)[0] ?? null;
}

/** Whether tensors have one shape, and no element differs by more. */
export function isNear(x: Tensor, y: Tensor, tolerance: number): boolean {
	if (!sameShape(x.shape, y.shape)) return false;
	const [a, b] = [elements(x), elements(y)];
	return a.every((value, k) => Math.abs(value - b[k]!) <= tolerance);
}
