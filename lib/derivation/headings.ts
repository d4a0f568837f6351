import type { Argument } from "./model.ts";

/** The languages in which text forms are written. */
export type Lang = "en" | "zh";

/** The titles of the parts of a derivation. */
export const HEADINGS = {
	en: { given: "Given", forward: "Forward", backward: "Backward" },
	zh: { given: "已知", forward: "前向传播", backward: "反向传播" },
};

/** The shape of a line by the names of its axes, as a comment at its end; a scalar has none. */
export function shapeComment(axes: readonly string[]): string {
	return axes.length === 0 ? "" : ` // ${axes.join("×")}`;
}

/** An argument with its shape, `x (N×D_in)`. */
export function described({ name, axes }: Argument): string {
	return `${name} (${axes.join("×")})`;
}
