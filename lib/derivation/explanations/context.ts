import type { Remark, RuleKind } from "../../core/rule.ts";
import type { Received } from "../draft/model.ts";

/**
 * One linear map of a line, transposed: what the words about it are made of. All texts are LaTeX.
 */
export interface StepContext {
	readonly kind: RuleKind;
	/** The name of the op. */
	readonly op: string;
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
	/** Whether map and transpose are the same. */
	readonly isSymmetric: boolean;
	/** Whether the result is one number. */
	readonly isNumber: boolean;
	/** All arguments of the op, and which of them this is about. */
	readonly args: readonly string[];
	readonly argument: number;
	/** The shapes of argument and result by the names of their axes, in LaTeX. */
	readonly shape: string;
	readonly outShape: string;
	/** For a product of matrices. */
	readonly factors: FactorKinds;
	/**
	 * The factors and the result of the product that is the transpose, and whether their shapes fit
	 * in no other way, transposed or not.
	 */
	readonly product: {
		readonly left: string;
		readonly right: string;
		readonly result: string;
		readonly isOnly: boolean;
	} | null;
	readonly remark: Remark | null;
	readonly proof: Remark | null;
}

/** The factor that is held fixed is a matrix, or a vector, or both factors are vectors. */
export type FactorKinds = "matrix" | "vector" | "vectors";

/** A term that later lines use, and where. */
export interface TermContext {
	readonly name: string;
	/** The gradient that it is, in LaTeX; null if it is none. */
	readonly gradient: string | null;
	/** The lines that use it, in LaTeX. */
	readonly lines: readonly string[];
	/** How many times they do in all. */
	readonly uses: number;
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
	 * What a function called as a whole takes back: `part` was made by it, by a gradient given by
	 * hand.
	 */
	readonly call: (call: string, part: string) => string;
	/** The line of the forward pass that a gradient comes from, and the names of its parts. */
	readonly from: (line: string, parts: readonly string[]) => string;
	/** A gradient that an earlier line has. */
	readonly found: (gradient: string, line: string) => string;
	/** What is used several times gets the sum of several shares. */
	readonly fanOut: (of: string, times: number, sum: string) => string;
	/** What several steps come to, by the chain rule; and what one comes to when simplified. */
	readonly together: (line: string) => string;
	readonly simplified: (line: string) => string;
	/** Earlier lines that stand in the one that is explained. */
	readonly earlier: (lines: readonly string[]) => string;
	/** What comes back to a value from a loop, from the next step of its own, or from outside. */
	readonly received: (
		from: Received["from"],
		of: string,
		cotangent: string,
		index: string,
	) => string;
	/**
	 * What a loop backward starts from: it comes back to `of`, a variable after the last step, from
	 * the lines after the loop. `isWhole`: it is all of its gradient.
	 */
	readonly start: (start: string, of: string, isWhole: boolean) => string;
	/** The same where no line after the loop reads it. */
	readonly startsFromZero: (start: string) => string;
	/** The zero that a sum over steps starts from. */
	readonly sumStart: (sum: string) => string;
	/** What a step hands on to the step before, which gave it `of`. */
	readonly handedOn: (handed: string, of: string) => string;
	/** What all steps of a loop use, each the same; then its gradient as their sum. */
	readonly usedAtEveryStep: (of: string, index: string) => string;
	readonly sumOverSteps: (of: string, sum: string) => string;
	/** Nothing depends on the argument. */
	readonly unused: (of: string) => string;
	/** Why a term has a line of its own. */
	readonly term: (term: TermContext) => string;
	/** What the way back computes again. */
	readonly recomputed: (own: string) => string;
	/** A gradient that a branch gives. */
	readonly inBranch: (own: string) => string;
	/** What decides which branch is taken on the way back. */
	readonly decides: (own: string) => string;
	/** A map of a kind that has been told, by another op. */
	readonly alike: Readonly<Record<RuleKind, (context: StepContext) => string>>;
	/** The maps of a rule that has been told before. */
	readonly again: (context: StepContext) => string;
}
