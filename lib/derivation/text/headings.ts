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
	},
	zh: {
		given: "已知",
		forward: "前向传播",
		backward: "反向传播",
		constant: (name: string, dtype: string) => `${name}：函数自带的常量，${dtype}；运行前需传入`,
		constants: "常量",
		only: "仅适用于这些形状",
		names: "；名称代表任意大小",
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
