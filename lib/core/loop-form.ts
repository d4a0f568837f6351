import type { Shape } from "./shape.ts";

/** An argument of an op, as a loop reads it. */
export interface IndexedElements {
	readonly shape: Shape;
	/** The element at an index for each axis: a JavaScript expression made of such expressions. */
	readonly at: (index: readonly string[]) => string;
}

/**
 * How an op is written as loops over typed arrays, in JavaScript without any library; an op
 * that states a formula is by that. As in all notations brackets come by themselves around
 * elements and indices that a form is given, and what is put together of others sets its own.
 */
export type LoopForm<P> = ElementForm<P> | OrderForm | FoldForm<P> | PlaceForm<P> | CallForm<P>;

/** An element of the result by its index. */
export interface ElementForm<P> {
	readonly kind: "element";
	readonly at: (args: readonly IndexedElements[], index: readonly string[], params: P) => string;
}

/** The same elements in row-major order, in another shape. */
export interface OrderForm {
	readonly kind: "order";
}

/** A loop that gathers a total for each element of the result. */
export interface FoldForm<P> {
	readonly kind: "fold";
	/** The sizes that the loop runs over. */
	readonly sizes: (shapes: readonly Shape[], params: P) => readonly number[];
	readonly start: string;
	/** The statement that takes in one more term, for an index of the result and one of the loop. */
	readonly next: (
		total: string,
		args: readonly IndexedElements[],
		index: readonly string[],
		inner: readonly string[],
		params: P,
	) => string;
	/** What becomes of a total of n terms. */
	readonly finish: (total: string, n: number) => string;
}

/** Each element of the first arguments goes to a place in the result. */
export interface PlaceForm<P> {
	readonly kind: "place";
	/** What the result holds elsewhere. */
	readonly fill: (params: P) => string;
	/** The index in the result for one in argument `i`; null for an argument that is not placed. */
	readonly to: (
		args: readonly IndexedElements[],
		i: number,
		index: readonly string[],
		params: P,
	) => readonly string[] | null;
	/** Whether elements may meet, and then add up. */
	readonly adds: boolean;
}

/** Of each function that printed programs define the parameters that an op has to have. */
export interface FunctionParams {
	/** Of the matrices that the last two axes span; the others count a batch. */
	"inverse matrix": unknown;
	"solution of equations": unknown;
	"triangular solution": {
		readonly lower: boolean;
		readonly transposed: boolean;
		readonly unitDiagonal: boolean;
	};
	"factor of Cholesky": unknown;
	"gradient of Cholesky": unknown;
	"determinant of a matrix": unknown;
	"logarithm of a determinant": unknown;
	"sign of a determinant": unknown;
	/** The values as a row above the vectors, which are columns. */
	"eigenvalues and eigenvectors": unknown;
	/** U above the singular values in a row above V. */
	"singular value decomposition": unknown;
	/** Of matrices with at least as many rows as columns: Q above R. */
	"QR decomposition": unknown;
	"order of pivots": unknown;
	elimination: unknown;
	/** The further arguments are directions. */
	"exponential of a matrix": unknown;
	/** The root or the logarithm; its slope takes the value of the function, and a direction. */
	"function of a symmetric matrix": { readonly of: "root" | "logarithm" };
	"slope of a function of a symmetric matrix": { readonly of: "root" | "logarithm" };
	pseudoinverse: { readonly rtol: number };
	/** The further arguments are directions. */
	"adjugate matrix": unknown;
	/** Of lines along an axis. */
	"sorted order": { readonly axis: number; readonly descending: boolean };
	"products of others": { readonly axes: readonly number[] };
}

/** The call of a function for each matrix or line; the printed program defines the function. */
// biome-ignore lint/suspicious/noExplicitAny: as for Op
export interface CallForm<P = any> {
	readonly kind: "call";
	readonly of: {
		[K in keyof FunctionParams]: P extends FunctionParams[K] ? K : never;
	}[keyof FunctionParams];
}
