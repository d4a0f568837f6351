import type { Input } from "../protocol.ts";

/** The axes that stand in an input's field: `N`, and `2·P` for twice a size. */
export function axesOf({ axes }: Pick<Input, "axes">): string[] {
	return axes.split(/[\s,×]+/).filter((axis) => axis !== "");
}

const FACTOR = /^(\d+)·(?=.)/;

/** The size that an axis depends on: `P` of `2·P`. */
export function sizeName(axis: string): string {
	return axis.replace(FACTOR, "");
}

/** How often that size is taken. */
export function factorOf(axis: string): number {
	return Number(FACTOR.exec(axis)?.[1] ?? 1);
}
