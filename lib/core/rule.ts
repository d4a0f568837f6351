/** How an op's derivative works, for the words in which it is explained. */
export type RuleKind =
	/** Each element by itself is scaled by a partial derivative. */
	| "elementwise"
	/** Of several elements one is passed on, and with it its gradient. */
	| "choice"
	/** Elements are added up with weights. */
	| "reduction"
	/** Elements are repeated. */
	| "stretch"
	/** Elements go to other places. */
	| "arrangement"
	/** A product of matrices. */
	| "matrixProduct"
	/** Another product, linear in each factor. */
	| "bilinear"
	/** Another linear op. */
	| "linear"
	/** A rule of the op's own. */
	| "own";

/** A sentence or two in each language; mathematics stands between dollar signs, as LaTeX. */
export interface Remark {
	readonly en: string;
	readonly zh: string;
}
