import type { Argument, Derived } from "../draft/model.ts";
import type { SizeWriter } from "./size-writer.ts";

/** The languages in which text forms are written. */
export type Lang = "en" | "zh";

/** The titles of the parts of a derivation. */
export const HEADINGS = {
	en: {
		given: "Given",
		forward: "Forward",
		backward: "Backward",
		constant: (name: string, dtype: string) =>
			`${name}: a constant of the function, ${dtype}; pass it in`,
		constants: "Constants",
		only: "Holds for these shapes only",
		names: "; a name stands for any size",
		loop: (steps: string) => `For $${steps}$`,
		holds: (test: string) => `If $${test}$ holds`,
		fails: (test: string) => `If $${test}$ does not hold`,
		is: (index: string, branch: number) => `If $${index} = ${branch}$`,
		afterTest: (test: string) => `Whether $${test}$ holds or not`,
		afterIndex: (index: string) => `Whatever $${index}$ is`,
		kept: "Kept for the backward pass:",
		afterLoop: (index: string) => `After the loop over $${index}$`,
		entries: (entry: string, x: string, index: string) =>
			`$${entry}$ is the entry of $${x}$ at $${index}$ along the first axis. Formulas count the steps of a loop from 1, programs from 0.`,
		steps: "Formulas count the steps of a loop from 1, programs from 0.",
		part: (part: string, gradient: string) =>
			`$${part}$ is that part of $${gradient}$ which comes back from the later steps, and from what reads the last one after the loop.`,
	},
	zh: {
		given: "已知",
		forward: "前向传播",
		backward: "反向传播",
		constant: (name: string, dtype: string) => `${name}：函数自带的常量，${dtype}；运行前需传入`,
		constants: "常量",
		only: "仅适用于这些形状",
		names: "；名称代表任意大小",
		loop: (steps: string) => `对 $${steps}$ 依次计算`,
		holds: (test: string) => `若 $${test}$ 成立`,
		fails: (test: string) => `若 $${test}$ 不成立`,
		is: (index: string, branch: number) => `若 $${index} = ${branch}$`,
		afterTest: (test: string) => `无论 $${test}$ 是否成立`,
		afterIndex: (index: string) => `无论 $${index}$ 取何值`,
		kept: "留给反向传播使用：",
		afterLoop: (index: string) => `对 $${index}$ 的循环结束后`,
		entries: (entry: string, x: string, index: string) =>
			`$${entry}$ 表示 $${x}$ 沿第一个轴的第 $${index}$ 项。公式中循环的步从 1 数起，程序中从 0 数起。`,
		steps: "公式中循环的步从 1 数起，程序中从 0 数起。",
		part: (part: string, gradient: string) =>
			`$${part}$ 表示 $${gradient}$ 中由后面各步传回的那一部分，也包括循环之后用到最后一步结果的各行所传回的。`,
	},
};

/**
 * The shape of a line by the names of its axes, and what else there is to say, as a comment at its
 * end; a scalar has no shape.
 */
export function shapeComment(axes: readonly string[], mark: string | null = null): string {
	const parts = [...(axes.length === 0 ? [] : [shapeText(axes)]), ...(mark === null ? [] : [mark])];
	return parts.length === 0 ? "" : ` // ${parts.join(", ")}`;
}

/** An argument with its shape, `x (N×D_in)`. */
export function described({ name, axes }: Argument): string {
	return `${name} (${shapeText(axes)})`;
}

/**
 * A shape by the names of its axes, on one line: what follows a line break would leave the comment.
 */
function shapeText(axes: readonly string[]): string {
	return axes.join("×").replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}

/**
 * The sentence that a text holds for no other shapes than these; null where it holds for all. Where
 * numbers in it depend on sizes that have names, in a way that no names show, the shapes are told
 * again without names.
 * @param show writes a shape
 */
export function onlyFor(
	derived: Derived,
	{ holdsFor }: SizeWriter,
	lang: Lang,
	show: (argument: Argument) => string = described,
): string | null {
	const { only, names } = HEADINGS[lang];
	if (holdsFor === "anySize") return null;
	if (holdsFor === "given") return only + (derived.sizes.variables.size > 0 ? names : "");
	const shapes = derived.arguments
		.map((each) => ({ ...each, axes: derived.atArguments(each.value).type.shape.map(String) }))
		.filter(({ axes }) => axes.length > 0);
	return `${only}: ${shapes.map(show).join(", ")}`;
}

/** That sentence as lines of a program, after the mark of a comment. */
export function onlyForComment(
	mark: string,
	...[derived, sizes, lang]: [Derived, SizeWriter, Lang]
): string[] {
	const sentence = onlyFor(derived, sizes, lang);
	return sentence === null ? [] : [`${mark} ${sentence}`];
}
