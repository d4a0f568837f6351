import type { Argument } from "./model.ts";

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
	},
	zh: {
		given: "已知",
		forward: "前向传播",
		backward: "反向传播",
		constant: (name: string, dtype: string) => `${name}：函数自带的常量，${dtype}；运行前需传入`,
		constants: "常量",
	},
};

/** The shape of a line by the names of its axes, and what else there is to say, as a comment at its end; a scalar has no shape. */
export function shapeComment(axes: readonly string[], mark: string | null = null): string {
	const parts = [...(axes.length === 0 ? [] : [shapeText(axes)]), ...(mark === null ? [] : [mark])];
	return parts.length === 0 ? "" : ` // ${parts.join(", ")}`;
}

/** An argument with its shape, `x (N×D_in)`. */
export function described({ name, axes }: Argument): string {
	return `${name} (${shapeText(axes)})`;
}

/** A shape by the names of its axes, on one line: what follows a line break would leave the comment. */
function shapeText(axes: readonly string[]): string {
	return axes.join("×").replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
