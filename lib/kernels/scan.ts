import type { TensorType } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { accumulator, finished } from "./integers.ts";

/** How a scan walks along its axis. */
export type ScanParams = {
	readonly axis: number;
	/** From the last element to the first. */
	readonly reverse: boolean;
	/** Element k is made of those before it, without itself. */
	readonly exclusive: boolean;
};

/**
 * Calls `visit` for each line along an axis of a row-major tensor: it has its elements at start,
 * start + step, ….
 */
function forEachLine(
	{ shape }: TensorType,
	{ axis, reverse }: Omit<ScanParams, "exclusive">,
	visit: (start: number, n: number, step: number) => void,
): void {
	const blocks = sizeOf(shape.slice(0, axis));
	const n = shape[axis]!;
	const lanes = sizeOf(shape.slice(axis + 1));
	for (let block = 0; block < blocks; block++) {
		const first = (block * n + (reverse ? n - 1 : 0)) * lanes;
		for (let lane = 0; lane < lanes; lane++) visit(first + lane, n, reverse ? -lanes : lanes);
	}
}

/** The sums of the elements up to each one along an axis; each line is carried on in float64. */
export function scanSum(op: string, x: Tensor, params: ScanParams, type: TensorType): Tensor {
	const values = elements(x);
	const out = accumulator(type.dtype, x.size);
	forEachLine(type, params, (start, n, step) => {
		let carried = 0;
		for (let k = 0, at = start; k < n; k++, at += step) {
			const before = carried;
			carried += values[at]!;
			out[at] = params.exclusive ? before : carried;
		}
	});
	return finished(op, out, type);
}

/**
 * The products of the elements up to each one along an axis; each line is carried on in float64.
 */
export function scanProduct(op: string, x: Tensor, params: ScanParams, type: TensorType): Tensor {
	const values = elements(x);
	const out = accumulator(type.dtype, x.size);
	forEachLine(type, params, (start, n, step) => {
		let carried = 1;
		for (let k = 0, at = start; k < n; k++, at += step) {
			const before = carried;
			carried *= values[at]!;
			out[at] = params.exclusive ? before : carried;
		}
	});
	return finished(op, out, type);
}

/** yₖ = aₖ·yₖ₋₁ + bₖ along an axis, from y₀ = b₀; each line is carried on in float64. */
export function scanRecurrence(
	op: string,
	a: Tensor,
	b: Tensor,
	params: Omit<ScanParams, "exclusive">,
	type: TensorType,
): Tensor {
	const [factors, terms] = [elements(a), elements(b)];
	const out = accumulator(type.dtype, a.size);
	forEachLine(type, params, (start, n, step) => {
		let carried = 0;
		for (let k = 0, at = start; k < n; k++, at += step) {
			carried = k === 0 ? terms[at]! : factors[at]! * carried + terms[at]!;
			out[at] = carried;
		}
	});
	return finished(op, out, type);
}
