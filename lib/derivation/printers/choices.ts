import type { ChoiceBlock, LineExpression } from "../draft/model.ts";
import { PYTHON, TYPESCRIPT } from "../text/size-text.ts";
import type { SizeWriter } from "../text/size-writer.ts";
import { indented } from "./blocks.ts";

type Branches = readonly (readonly string[])[];
type TextOf = (expression: LineExpression) => string;

/** What an index without a branch is told. */
const NONE = "there is no branch with this index";

/** Where a choice goes: into a branch, or, with an index that has none, nowhere. */
export interface Arm {
	/** Null: in any other case. */
	readonly condition: string | null;
	readonly branch: number | null;
}

/** What a choice asks, in the order of its text; `isTrue` and `is` write one question. */
function armsOf(
	{ isTest, branches }: ChoiceBlock,
	isTrue: string,
	is: (index: number) => string,
): Arm[] {
	if (isTest) {
		return [
			{ condition: isTrue, branch: 1 },
			{ condition: null, branch: 0 },
		];
	}
	return [
		...branches.map((_, branch) => ({ condition: is(branch), branch })),
		{ condition: null, branch: null },
	];
}

/** The same in NumPy, of a test or index that is written so. */
export function numpyArms(choice: ChoiceBlock, index: string): Arm[] {
	return armsOf(choice, index, (branch) => `${index} == ${branch}`);
}

/** The same in TypeScript, of a number. */
export function typescriptArms(choice: ChoiceBlock, index: string): Arm[] {
	return armsOf(choice, `${index} !== 0`, (branch) => `${index} === ${branch}`);
}

/** The heads of a choice in NumPy, each with its branch: `if test:`, `else:`. */
export function numpyHeads(
	choice: ChoiceBlock,
	sizes: SizeWriter,
	textOf: TextOf,
): { readonly head: string; readonly branch: number | null }[] {
	const arms = numpyArms(choice, indexText(choice, textOf, sizes, PYTHON));
	return arms.map(({ condition, branch }, i) => {
		if (condition === null) return { head: "else:", branch };
		return { head: `${i > 0 ? "el" : ""}if ${condition}:`, branch };
	});
}

/** What stands below a head in NumPy that has no branch, or one without lines. */
export function numpyNothing(branch: number | null): string {
	return branch === null ? `raise IndexError("${NONE}")` : "pass";
}

/** A choice in NumPy: `if` and `else` by a test, `if` and `elif` by an index. */
export function numpyChoice(
	choice: ChoiceBlock,
	branches: Branches,
	sizes: SizeWriter,
	textOf: TextOf,
): string[] {
	return numpyHeads(choice, sizes, textOf).flatMap(({ head, branch }) => {
		const body = branch === null ? [] : branches[branch]!;
		return [head, ...indented(body.length > 0 ? body : [numpyNothing(branch)], "    ")];
	});
}

/** A choice in TypeScript, whose variables are declared before. */
export function typescriptChoice(
	choice: ChoiceBlock,
	branches: Branches,
	sizes: SizeWriter,
	textOf: TextOf,
): string[] {
	const arms = typescriptArms(choice, indexText(choice, textOf, sizes, TYPESCRIPT));
	return [...choice.declares.map((variable) => `let ${variable};`), ...braced(arms, branches)];
}

/** Branches in braces. */
export function braced(arms: readonly Arm[], branches: Branches): string[] {
	const lines = arms.flatMap(({ condition, branch }, i) => {
		const after = i > 0 ? "} else " : "";
		const body = branch === null ? [`throw new RangeError("${NONE}");`] : branches[branch]!;
		return [`${after}${condition === null ? "" : `if (${condition}) `}{`, ...indented(body, "  ")];
	});
	return [...lines, "}"];
}

/** How the test or index of a choice is written. */
export function indexText(
	{ index, test: { expression, elsewhere } }: ChoiceBlock,
	textOf: TextOf,
	sizes: SizeWriter,
	language: Parameters<SizeWriter["code"]>[2],
): string {
	return sizes.code([expression, ...elsewhere].map(textOf), index.type.dtype, language);
}
