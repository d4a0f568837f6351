import { singularDecomposition } from "./singular-decomposition.ts";

/**
 * V·diag(1/σ)·Uᵀ of an m×n matrix, as an n×m one, without the singular values up to `rtol` times
 * the greatest.
 */
export function pseudoinverse(a: Float64Array, m: number, n: number, rtol: number): Float64Array {
	const { u, values, v } = singularDecomposition(a, m, n);
	const k = values.length;
	const out = new Float64Array(n * m);
	for (let j = 0; j < k; j++) {
		// A NaN counts, and shows.
		if (values[j]! <= rtol * values[0]!) break;
		for (let i = 0; i < n; i++) {
			const part = v[i * k + j]! / values[j]!;
			for (let l = 0; l < m; l++) out[i * m + l]! += part * u[l * k + j]!;
		}
	}
	return out;
}
