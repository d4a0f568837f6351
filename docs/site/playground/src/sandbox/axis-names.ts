import type { Input } from "../protocol.ts";

/** The names that stand in an input's field of axes. */
export function axisNames({ axes }: Pick<Input, "axes">): string[] {
	return axes.split(/[\s,×]+/).filter((name) => name !== "");
}
