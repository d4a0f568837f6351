import { onesLike } from "../core/create.ts";
import type { Shape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { tril, triu } from "../ops/triangles.ts";

/** What a large constant of a function is. */
export type ConstantForm =
	/** A multiple of the identity matrix. */
	| { readonly kind: "identity"; readonly size: number; readonly factor: number }
	/** Ones on one side of diagonal k and on it, zeros on the other. */
	| { readonly kind: "triangle"; readonly op: typeof tril.op | typeof triu.op; readonly k: number }
	/** So few elements that they can be written out. */
	| { readonly kind: "elements" }
	/** Neither: whoever runs the program has to pass it in. */
	| { readonly kind: "given" };

/** Constants with more elements are not written out. */
const MOST_ELEMENTS = 64;

/** How a constant can be defined where it is printed. */
export function constantForm(x: Tensor): ConstantForm {
	const [rows, columns] = x.shape;
	if (x.rank === 2 && x.size > 0) {
		const values = elements(x);
		const is = (expected: (i: number, j: number) => number) =>
			values.every((value, at) => value === expected(Math.floor(at / columns!), at % columns!));
		const factor = values[0]!;
		if (rows === columns && factor !== 0 && is((i, j) => (i === j ? factor : 0))) {
			return { kind: "identity", size: rows!, factor };
		}
		for (const side of [tril, triu]) {
			const k = diagonalOf(side === tril ? 1 : 0, values, x.shape);
			const triangle = elements(side(onesLike(x), k));
			if (values.every((value, at) => value === triangle[at])) {
				return { kind: "triangle", op: side.op, k };
			}
		}
	}
	return { kind: x.size <= MOST_ELEMENTS ? "elements" : "given" };
}

/**
 * The diagonal k of a triangle of ones, read off its first row, or its first column; both start
 * with `inside` or with the other.
 */
function diagonalOf(first: number, values: ArrayLike<number>, [rows, columns]: Shape): number {
	let along = 0;
	while (along < columns! && values[along] === first) along++;
	let down = 0;
	while (down < rows! && values[down * columns!] !== first) down++;
	return (along > 0 ? along : 1 - down) - first;
}
