import type { Remark, RuleKind } from "../../core/rule.ts";

/**
 * One linear map of a line, transposed: what the words about it are made of. All texts are LaTeX.
 */
export interface StepContext {
	readonly kind: RuleKind;
	/** The argument and the result, their differentials, and their gradients. */
	readonly arg: string;
	readonly out: string;
	readonly tangent: string;
	readonly outTangent: string;
	readonly gradient: string;
	readonly cotangent: string;
	/**
	 * The differential in terms of the tangent, and its transpose in terms of the cotangent; null
	 * where they cannot be written down.
	 */
	readonly formulas: { readonly differential: string; readonly transposed: string } | null;
	/** Whether the map passes its tangent on as it is. */
	readonly isIdentity: boolean;
	/** All arguments of the op, and which of them this is about. */
	readonly args: readonly string[];
	readonly argument: number;
	/**
	 * The shapes of argument and result by the names of their axes, in LaTeX; the factors and the
	 * result of the product that is the transpose.
	 */
	readonly shape: string;
	readonly outShape: string;
	readonly product: {
		readonly left: string;
		readonly right: string;
		readonly result: string;
	} | null;
	readonly remark: Remark | null;
}

/** The words of one language. */
export interface Words {
	/** The paragraphs about a map, by how it works. */
	readonly rules: Readonly<Record<RuleKind, (context: StepContext) => readonly string[]>>;
	/** A change passes through unchanged. */
	readonly identity: (context: StepContext) => readonly string[];
	/** The shapes of a matrix product, which fit only this way. */
	readonly shapes: (product: NonNullable<StepContext["product"]>) => string;
	/**
	 * What a function called as a whole takes back: `part` was made by it, by its own derivative or
	 * by one given by hand.
	 */
	readonly call: (call: string, part: string, isByHand: boolean) => string;
	/** The line of the forward pass that a gradient comes from, and the names of its parts. */
	readonly from: (line: string, parts: readonly string[]) => string;
	/** What is used several times gets the sum of several shares. */
	readonly fanOut: (of: string, times: number) => string;
	/** What the steps come to. */
	readonly together: (line: string) => string;
	/** Nothing depends on the argument. */
	readonly unused: (of: string) => string;
	/** A term that later lines share. */
	readonly term: string;
	/** The maps of a rule that has been told before. */
	readonly again: (context: StepContext) => string;
}
