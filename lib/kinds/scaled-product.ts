import type { Storage } from "../dtype.ts";

const LEAST_NORMAL = 2 ** -1022;

/**
 * The product of n elements from `start`, in their order, which over- or underflows only where the whole product does: if a
 * part of it is no normal number, it is made again as a number times a power of 2. That does not round, so only the order
 * of the elements decides how the product is rounded.
 */
export function scaledProduct(x: Storage, start: number, n: number): number {
	const end = start + n;
	let product = 1;
	let i = start;
	for (; i < end; i++) {
		product *= x[i]!;
		if (Math.abs(product) < LEAST_NORMAL) break;
	}
	// What is too large stays infinite or becomes NaN, so that one look at the end is enough.
	return i === end && Number.isFinite(product) ? product : withExponent(x, start, n);
}

/** Sizes beyond these are moved back between them; the product of two that lie between them is a normal number. */
const [SMALL, LARGE] = [2 ** -500, 2 ** 500];
const STEP = 2 ** 600;

function withExponent(x: Storage, start: number, n: number): number {
	let product = 1;
	/** How many steps the product has been made smaller. */
	let steps = 0;
	for (let i = start; i < start + n; i++) {
		let factor = x[i]!;
		const size = Math.abs(factor);
		if (size > LARGE) {
			factor /= STEP;
			steps++;
		} else if (size < SMALL) {
			factor *= STEP;
			steps--;
		}
		product *= factor;
		const made = Math.abs(product);
		if (made > LARGE) {
			product /= STEP;
			steps++;
		} else if (made < SMALL) {
			product *= STEP;
			steps--;
		}
	}
	// Three steps lead from any size to 0 or ∞.
	for (let i = Math.min(3, Math.abs(steps)); i > 0; i--) {
		product = steps > 0 ? product * STEP : product / STEP;
	}
	return product;
}
