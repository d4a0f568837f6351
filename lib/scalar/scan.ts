import { argument, type Scalar, type Term, type Truth } from "./scalar.ts";

/**
 * What is carried on along a line after the next elements: of what is carried so far, whether they
 * are the first ones, and these elements.
 */
export type ScanFormula = (carried: Scalar, isFirst: Truth, ...elements: Scalar[]) => Scalar;

/** How a scan walks along its axis. */
export type ScanWalk = {
	readonly axis: number;
	/** From the last element to the first. */
	readonly reverse: boolean;
	/** Each result is what was carried before its own elements, or else after them. */
	readonly exclusive: boolean;
};

/** What an op carries on along lines, in float64: it is the result at each element. */
// biome-ignore lint/suspicious/noExplicitAny: as for Op
export interface Scanned<P = any> {
	/** What is carried before the first element. */
	readonly start: number;
	/** Of what is carried, whether it is the first step, and an element of each input. */
	readonly step: () => Term;
	readonly walk: (params: P) => ScanWalk;
}

/** What is carried on by a formula, its term made when it is first asked for. */
/* @__NO_SIDE_EFFECTS__ */
export function scanned<P>(
	start: number,
	formula: ScanFormula,
	walk: (params: P) => ScanWalk,
): Scanned<P> {
	let term: Term | undefined;
	const step = () => {
		if (term === undefined) {
			const elements = Array.from({ length: formula.length - 2 }, (_, i) => argument(i + 2));
			const isFirst: Truth = { kind: "argument", type: "truth", index: 1 };
			term = formula(argument(0), isFirst, ...elements);
		}
		return term;
	};
	return { start, step, walk };
}
