import type { Tensor } from "../core/tensor.ts";
import { add, mul } from "../ops/arithmetic.ts";
import type { Vector } from "./model.ts";

/** y + h·Σ cᵢ·kᵢ, leaf by leaf. */
export function moved(
	y: Vector,
	h: Tensor,
	coefficients: readonly number[],
	slopes: readonly Vector[],
): Tensor[] {
	return combined(coefficients, slopes).map((slope, i) => add(y[i]!, mul(slope, h)));
}

/** Σ cᵢ·kᵢ, leaf by leaf; what has a coefficient of 0 is left out. */
export function combined(coefficients: readonly number[], slopes: readonly Vector[]): Tensor[] {
	const used = slopes.filter((_, i) => coefficients[i] !== 0);
	const factors = coefficients.filter((c) => c !== 0);
	return used[0]!.map((_, leaf) =>
		used.map((slope, i) => mul(slope[leaf]!, factors[i]!)).reduce((a, b) => add(a, b)),
	);
}
