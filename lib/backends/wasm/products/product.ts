import type { Expr } from "../../../asm/expression.ts";
import type { FunctionBuilder, Local } from "../../../asm/function.ts";
import type { Stored } from "../../../asm/tile.ts";

/** Strides of a matrix, in elements: of row-major n columns (n, 1), of a transpose (1, n). */
export interface Strides {
	readonly row: number;
	readonly column: number;
}

/**
 * A product c = a·b or c += a·b of an m×k and a k×n matrix: everything but where the matrices are.
 */
export interface MatrixProduct {
	readonly dtype: "float32" | "float64";
	readonly m: number;
	readonly n: number;
	readonly k: number;
	readonly a: Strides;
	readonly b: Strides;
	/** From one row of c to the next, in elements; its columns follow each other. */
	readonly cRow: number;
	readonly accumulate: boolean;
	/** What becomes of the sums before they are stored. */
	readonly epilogue?: EpilogueCode;
}

/**
 * Neighbouring vectors in a row of a product's result. Where a row is narrower than a vector, the
 * lanes beyond it do not matter.
 */
export interface RowPart {
	/** The number of the row. */
	readonly row: Expr<"i32">;
	/**
	 * Where the vectors lie: so far from here on, and here from the start of the result and from that
	 * of the row, in bytes.
	 */
	readonly vectors: readonly number[];
	readonly offset: Expr<"i32">;
	readonly inRow: Expr<"i32">;
	readonly sums: readonly Local<"v128">[];
}

/** What becomes of the sums of a product before they are stored. */
export interface EpilogueCode {
	/** How many addresses it takes beside that of the result. */
	readonly others: number;
	/**
	 * Given where the result begins and these addresses, what is stored in place of some vectors of
	 * it, and in what else. It may be asked for the same element twice.
	 */
	readonly begin: (
		f: FunctionBuilder,
		c: Local<"i32">,
		others: readonly Local<"i32">[],
	) => (part: RowPart) => readonly Stored[];
}

/** The parameters for the addresses that what becomes of a product takes. */
export function otherParams({ epilogue }: MatrixProduct): readonly "i32"[] {
	return Array.from({ length: epilogue?.others ?? 0 }, () => "i32");
}
