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

interface Product {
	readonly text: string;
	readonly transposes: number;
	readonly left: Factor;
	readonly value: Tensor;
}

/** Every product of two matrices or their transposes whose sizes fit. */
function productsOf(a: Factor, b: Factor): Product[] {
	const products: Product[] = [];
	for (const [left, right] of [
		[a, b],
		[b, a],
	] as const) {
		for (const turnLeft of [false, true]) {
			for (const turnRight of [false, true]) {
				const x = turnLeft ? transpose(left.value) : left.value;
				const y = turnRight ? transpose(right.value) : right.value;
				if (x.shape[1] !== y.shape[0]) continue;
				const text = `${left.name}${turnLeft ? ".T" : ""}.dot(${right.name}${turnRight ? ".T" : ""})`;
				const transposes = Number(turnLeft) + Number(turnRight);
				products.push({ text, transposes, left, value: dot(x, y) });
			}
		}
	}
	return products;
}

/**
 * The product of two matrices, one of them transposed perhaps, that a gradient should be; null
 * where it is none.
 */
function rightProduct(
	pairs: readonly (readonly [Factor, Factor])[],
	expected: Tensor,
	tolerance: number,
): { right: Product; products: Product[] } | null {
	for (const [a, b] of pairs) {
		if (a.value.rank !== 2 || b.value.rank !== 2) continue;
		const products = productsOf(a, b);
		const right = products.find(({ value }) => isNear(value, expected, tolerance));
		if (right !== undefined) return { right, products };
	}
	return null;
}

/**
 * Where a gradient should be the product of two known matrices and is another product of them:
 * which one belongs there. `pairs` are the matrices that meet in the gradient.
 */
export function wrongProduct(
	pairs: readonly (readonly [Factor, Factor])[],
	given: Tensor,
	expected: Tensor,
	tolerance: number,
): string | null {
	const found = rightProduct(pairs, expected, tolerance);
	if (found === null) return null;
	const { right, products } = found;
	const wrong = products.find(({ value }) => isNear(value, given, tolerance));
	if (wrong === undefined || wrong.text === right.text) return null;
	const what =
		wrong.transposes < right.transposes
			? "a .T is missing"
			: wrong.transposes > right.transposes
				? "a .T is too many"
				: "the .T is at the wrong factor";
	return `${what}: it is ${wrong.text}, and ${right.text} agrees`;
}

/**
 * Where two matrices of these shapes do not multiply: the product of such two that the gradient
 * should be, if it is one.
 */
export function intendedProduct(
	pairs: readonly (readonly [Factor, Factor])[],
	shapes: readonly [readonly number[], readonly number[]],
	expected: Tensor,
	tolerance: number,
): string | null {
	const fitting = pairs.filter(
		([a, b]) =>
			(sameShape(a.value.shape, shapes[0]) && sameShape(b.value.shape, shapes[1])) ||
			(sameShape(b.value.shape, shapes[0]) && sameShape(a.value.shape, shapes[1])),
	);
	return rightProduct(fitting, expected, tolerance)?.right.text ?? null;
}

function isNear(x: Tensor, y: Tensor, tolerance: number): boolean {
	if (!sameShape(x.shape, y.shape)) return false;
	const [a, b] = [elements(x), elements(y)];
	return a.every((value, k) => Math.abs(value - b[k]!) <= tolerance);
}
