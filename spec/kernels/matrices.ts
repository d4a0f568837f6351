import type { Matrix } from "../../lib/kernels/matrix.ts";

/** Numbers of rows about which matrices are split into blocks. */
export const SIZES = [1, 2, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 80, 97, 130];

/** Numbers between −½ and ½. */
export function noise(count: number, seed: number): Float64Array {
	return Float64Array.from({ length: count }, (_, i) => {
		const spread = Math.sin(12.9898 * i + 78.233 * seed) * 43758.5453;
		return spread - Math.floor(spread) - 0.5;
	});
}

/** An n×n matrix, row by row. */
export function matrixOf(array: Float64Array, n: number): Matrix {
	return { array, offset: 0, rowStride: n, columnStride: 1 };
}
