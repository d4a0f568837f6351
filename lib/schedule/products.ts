import type { Instruction, Value } from "../program/program.ts";
import { wantedOf } from "./convolutions.ts";
import type { Group, Use } from "./group.ts";
import type { Reading } from "./kernel.ts";
import { isElementwise, isOuter, roleOf } from "./lower.ts";
import type { Reads } from "./reads.ts";
import { isDirect, numberOf, type View } from "./view.ts";

/**
 * The arguments of a product over the last axis of x and the last but one of w, as matrices; a
 * vector is a row or a column, and the other way round in an outer product.
 */
export function matricesOf(step: Instruction, viewOf: (value: Value) => View) {
	const [x, w] = step.inputs.map(viewOf) as [View, View];
	const outer = isOuter(step);
	const a = x.shape.length === 1 ? withAxis(x, outer ? 1 : 0) : x;
	const b = w.shape.length === 1 ? withAxis(w, outer ? 0 : 1) : w;
	const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
	return { batch: a.shape.slice(0, -2), m, k, n, a, b };
}

function withAxis(view: View, axis: number): View {
	const shape = view.shape.toSpliced(axis, 0, 1);
	return { ...view, shape, strides: view.strides.toSpliced(axis, 0, 0) };
}

/**
 * The axes of a product's result along which its rows, and its columns if it is one axis, lie
 * beside each other.
 */
export interface Axes {
	readonly row: number;
	readonly column: number | null;
}

/** The axes of the result of a product or of a convolution, whose rows are the channels. */
export function axesOf(step: Instruction): Axes {
	const rank = step.type.shape.length;
	return roleOf(step) === "convolution"
		? { row: 1, column: null }
		: { row: rank - 2, column: rank < 2 ? null : rank - 1 };
}

/** How what follows a product with a result of these axes reads; null: in no way that it could. */
export function readingOf(view: View, { row, column }: Axes): Reading | null {
	if (isDirect(view)) return "element";
	const { shape, strides } = view;
	const moving = strides.flatMap((stride, i) => (stride === 0 || shape[i] === 1 ? [] : [i]));
	if (moving.length === 0) return "single";
	if (moving.length > 1 || strides[moving[0]!] !== 1) return null;
	if (moving[0] === column) return "column";
	return moving[0] === row ? "row" : null;
}

/**
 * Whether the members after the product can be computed on vectors of its result before it is
 * stored.
 */
export function canFinish(
	{ members }: Group,
	readsOf: Reads,
	usesOf: (value: Value) => readonly Use[],
): boolean {
	const inside = new Set<Value | null>(members);
	const product = members.find((step) => !isElementwise(step))!;
	const { dtype } = product.type;
	if (roleOf(product) === "convolution" && wantedOf(product) !== "result") return false;
	const stored = members.filter((step) => usesOf(step).some(({ reader }) => !inside.has(reader)));
	if (stored.some((step) => step.type.dtype !== dtype)) return false;
	return members.every((step) => {
		if (step === product) return true;
		if (step.type.dtype !== dtype && step.type.dtype !== "bool") return false;
		return readsOf(step).every((view) => {
			if (inside.has(view.base) || numberOf(view) !== null) return true;
			return view.base.type.dtype === dtype && readingOf(view, axesOf(product)) !== null;
		});
	});
}
