import type { TypedArray } from "../core/dtype.ts";

const LEAST_NORMAL = 2 ** -1022;

/**
 * The product of n elements from `start`, in their order, which over- or underflows only where the
 * whole product does: if a part of it is no normal number, it is made again as a number times a
 * power of 2. That does not round, so only the order of the elements decides how the product is
 * rounded.
 */
export function scaledProduct(x: TypedArray, start: number, n: number): number {
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

/**
 * Sizes beyond these are moved back between them; the product of two that lie between them is a
 * normal number.
 */
const [SMALL, LARGE] = [2 ** -500, 2 ** 500];
const STEP = 2 ** 600;

/** A running product, with how many steps it has been made smaller. */
class Scaled {
	product = 1;
	steps = 0;

	take(x: number): void {
		let factor = x;
		const size = Math.abs(factor);
		if (size > LARGE) {
			factor /= STEP;
			this.steps++;
		} else if (size < SMALL) {
			factor *= STEP;
			this.steps--;
		}
		this.product *= factor;
		const made = Math.abs(this.product);
		if (made > LARGE) {
			this.product /= STEP;
			this.steps++;
		} else if (made < SMALL) {
			this.product *= STEP;
			this.steps--;
		}
	}
}

/** A product as a number again. */
function inWhole(scaled: number, steps: number): number {
	let product = scaled;
	// Three steps lead from any size to 0 or ∞.
	for (let i = Math.min(3, Math.abs(steps)); i > 0; i--) {
		product = steps > 0 ? product * STEP : product / STEP;
	}
	return product;
}

function withExponent(x: TypedArray, start: number, n: number): number {
	const all = new Scaled();
	for (let i = start; i < start + n; i++) all.take(x[i]!);
	return inWhole(all.product, all.steps);
}

/**
 * The products of `width` columns of n elements each that lie `stride` apart, the first from
 * `start`, as `scaledProduct` makes them: memory is read in rows.
 */
export function scaledColumnProducts(
	x: TypedArray,
	start: number,
	n: number,
	stride: number,
	width: number,
): Float64Array {
	const products = new Float64Array(width).fill(1);
	const left = new Uint8Array(width);
	for (let row = 0, at = start; row < n; row++, at += stride) {
		for (let i = 0; i < width; i++) {
			const product = products[i]! * x[at + i]!;
			products[i] = product;
			if (Math.abs(product) < LEAST_NORMAL) left[i] = 1;
		}
	}
	for (let i = 0; i < width; i++) {
		if (left[i] === 0 && Number.isFinite(products[i])) continue;
		const column = Float64Array.from({ length: n }, (_, row) => x[start + i + row * stride]!);
		products[i] = withExponent(column, 0, n);
	}
	return products;
}

/**
 * What puts, for each of n elements from `start`, the product of the others at `to`, `to` + `step`,
 * …: that of those before it times that of those after it. It over- and underflows only where the
 * whole product does.
 */
export function productsOfOthers(
	n: number,
): (x: TypedArray, start: number, out: TypedArray, to: number, step: number) => void {
	const products = new Float64Array(n);
	const steps = new Int32Array(n);
	const isPlain = (x: TypedArray, start: number, out: TypedArray, to: number, step: number) => {
		let before = 1;
		for (let i = 0; i < n; i++) {
			products[i] = before;
			before *= x[start + i]!;
			if (Math.abs(before) < LEAST_NORMAL) return false;
		}
		let after = 1;
		for (let i = n - 1; i >= 0; i--) {
			out[to + i * step] = products[i]! * after;
			after *= x[start + i]!;
			if (Math.abs(after) < LEAST_NORMAL) return false;
		}
		return Number.isFinite(before) && Number.isFinite(after);
	};
	return (x, start, out, to, step) => {
		if (isPlain(x, start, out, to, step)) return;
		const before = new Scaled();
		for (let i = 0; i < n; i++) {
			products[i] = before.product;
			steps[i] = before.steps;
			before.take(x[start + i]!);
		}
		const after = new Scaled();
		for (let i = n - 1; i >= 0; i--) {
			// Both lie between the sizes, or are 0, infinite or NaN for good.
			out[to + i * step] = inWhole(products[i]! * after.product, steps[i]! + after.steps);
			after.take(x[start + i]!);
		}
	};
}
