/** An operator between two operands. */
export interface Operator {
	/** How tightly it binds: the greater, the tighter. */
	readonly level: number;
	/**
	 * Which of two operators of one level comes first; `either` where brackets make no difference,
	 * `neither` where there have to be some: Python reads `a < b != c` as two tests of `b`.
	 */
	readonly first: "left" | "right" | "either" | "neither";
}

/** What has to be known of a language to set brackets in it. */
export interface Language {
	/** Matches one token; spaces between tokens are skipped. */
	readonly token: RegExp;
	/** The operator that this token is after an operand. */
	readonly infix: (token: string) => Operator | undefined;
	/** How tightly this token binds as an operator before an operand. */
	readonly prefix: Readonly<Record<string, number>>;
	readonly open: ReadonlySet<string>;
	readonly close: ReadonlySet<string>;
	readonly group: (text: string) => string;
}

/** The levels that the languages share. */
export const LEVEL = {
	choice: 1,
	or: 2,
	and: 3,
	comparison: 5,
	sum: 10,
	bigSum: 19,
	product: 20,
	matrixProduct: 25,
	sign: 30,
	fraction: 35,
	power: 40,
	numeral: 45,
	suffix: 50,
} as const;

/** The pattern of an argument text between markers, as `embed` has it. */
export const MARKED = "\\uE000[^\\uE001]*\\uE001";

/** The same for each of these tokens, which spaces part. */
export function each(
	tokens: string,
	level: number,
	first: Operator["first"],
): Record<string, Operator> {
	return Object.fromEntries(tokens.split(" ").map((token) => [token, { level, first }]));
}
