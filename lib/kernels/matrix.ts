import type { TypedArray } from "../core/dtype.ts";

/** A matrix in storage: element (i, j) lies at offset + i·rowStride + j·columnStride. */
export interface Matrix {
	readonly array: TypedArray;
	readonly offset: number;
	readonly rowStride: number;
	readonly columnStride: number;
}

/** The matrix that lies so many elements further on. */
export function part({ array, offset, rowStride, columnStride }: Matrix, by: number): Matrix {
	return { array, offset: offset + by, rowStride, columnStride };
}

/** The matrix with its rows and columns changed over. */
export function transposedOf({ array, offset, rowStride, columnStride }: Matrix): Matrix {
	return { array, offset, rowStride: columnStride, columnStride: rowStride };
}
