import { isFloat } from "../core/dtype.ts";
import type { Geometry } from "../core/geometry.ts";
import type { Op } from "../core/op.ts";
import type { OpLowering } from "../core/op-lowering.ts";
import { sizeOf } from "../core/shape.ts";
import { areApart } from "../kernels/windows.ts";
import type { Instruction } from "../program/program.ts";
import type { Expression } from "./expression.ts";
import { type Recipe, recipeFor } from "./recipes.ts";

/** How an op runs in the arena, where dtypes and layouts allow it: else by its own evaluation. */
type Lowering = OpLowering | "elementwise" | "reduction" | "scan";

/** What indices do. */
export interface Indexing {
	/**
	 * They pick parts along an axis, places along an axis, or in tuples parts at several leading
	 * axes; or they say where ones go.
	 */
	readonly kind: "parts" | "along axis" | "tuples" | "ones";
	/** Whether elements are added up where the indices say, and not read from there. */
	readonly adds: boolean;
}

const indexings = {
	parts: { kind: "parts", adds: false },
	"parts added": { kind: "parts", adds: true },
	"along axis": { kind: "along axis", adds: false },
	"along axis added": { kind: "along axis", adds: true },
	tuples: { kind: "tuples", adds: false },
	"tuples added": { kind: "tuples", adds: true },
	ones: { kind: "ones", adds: false },
} satisfies Record<string, Indexing>;

/**
 * How an op runs: by what its record says that it computes of elements, slices or lines, as it says
 * itself, or else by its own evaluation.
 */
export function loweringOf(op: Op): Lowering {
	if (op.formula !== undefined) return "elementwise";
	if (op.slices !== undefined) return "reduction";
	if (op.scan !== undefined) return "scan";
	return op.lowering ?? "evaluation";
}

/** Whether the op gives, where the layout allows it, a view of its argument. */
export function isView({ op }: Instruction): boolean {
	return loweringOf(op) === "view";
}

/**
 * What an instruction runs as: a copy of its argument's elements, a loop over elements, a product,
 * a convolution, a sum of windows, parts put in their places, a loop with indices, lines in which
 * something is carried on, or its op's own evaluation.
 */
export type Role =
	| "copy"
	| "loop"
	| "reduction"
	| "product"
	| "convolution"
	| "scatter"
	| "placement"
	| "indexed"
	| "scan"
	| "evaluation";

/** What an instruction runs as, if it is not a view. */
export function roleOf(step: Instruction): Role {
	const { op, params, type } = step;
	switch (loweringOf(op)) {
		case "view":
			// What is no view for the layout of its argument is a copy in the same order, or unknown.
			return op.plain?.kind === "order" ? "copy" : "evaluation";
		case "elementwise":
		case "cast":
			return "loop";
		case "reduction":
			return isReducible(step) ? "reduction" : "evaluation";
		case "scatter":
			if (areApart(params as Geometry)) return "placement";
			return isFloat(type.dtype) ? "scatter" : "evaluation";
		case "product":
		case "outer product":
			return isFloatAlone(step) ? "product" : "evaluation";
		case "convolution":
		case "convolution to images":
		case "convolution to filters":
			return isFloatAlone(step) ? "convolution" : "evaluation";
		case "added placements":
			return isFloat(type.dtype) || !doMeet(step) ? "placement" : "evaluation";
		case "placement":
		case "displacement":
		case "rotation":
			return "placement";
		case "lower triangle":
		case "upper triangle":
		case "random key":
		case "random number":
		case "random whole number":
		case "random chance":
			return "loop";
		case "scan":
			return "scan";
		case "parts":
		case "parts added":
		case "along axis":
		case "along axis added":
		case "tuples":
		case "tuples added":
		case "ones":
			return "indexed";
		case "evaluation":
			return "evaluation";
	}
}

/** Whether all that an instruction takes and gives is of one float dtype. */
function isFloatAlone({ inputs, type }: Instruction): boolean {
	return isFloat(type.dtype) && inputs.every((x) => x.type.dtype === type.dtype);
}

/** What the indices of an instruction do that is a loop with indices. */
export function indexingOf({ op }: Instruction): Indexing {
	return indexings[loweringOf(op) as keyof typeof indexings];
}

/** What an instruction carries on along lines, and how it walks them. */
export function scanOf({ op, params }: Instruction) {
	const { start, step, walk } = op.scan!;
	return { start, step: step(), ...walk(params) };
}

/**
 * By how many steps elements are moved along an axis, those that stay inside; null for an
 * instruction that does not do that.
 */
export function movesOf(step: Instruction): readonly number[] | null {
	switch (loweringOf(step.op)) {
		case "displacement":
			return [(step.params as { steps: number }).steps];
		case "rotation": {
			const { shift, axis } = step.params as { shift: number; axis: number };
			return [shift, shift - step.type.shape[axis]!];
		}
		default:
			return null;
	}
}

/** Whether parts that an instruction puts in places have elements in common, which add up. */
export function doMeet({ op, params }: Instruction): boolean {
	return loweringOf(op) === "added placements" && (params as { meet: boolean }).meet;
}

/** Whether a product is of a column with a row. */
export function isOuter({ op }: Instruction): boolean {
	return loweringOf(op) === "outer product";
}

/** Whether an instruction computes each element from those at the same place. */
export function isElementwise(step: Instruction): boolean {
	return roleOf(step) === "loop";
}

/** The axes along which a reduction or normalization takes its slices. */
export function sliceAxesOf({ op, inputs, params }: Instruction): readonly number[] {
	const shapes = inputs.map(({ type }) => type.shape);
	return op.slices!.axes(shapes, params);
}

/** How a reduction or normalization is made, of these expressions of its arguments. */
export function recipeOf(step: Instruction, args: readonly Expression[]): Recipe {
	const { op, params } = step;
	const { shape } = step.inputs[0]!.type;
	return recipeFor(op.slices!.form(), {
		inputs: step.inputs.map(({ type }, i) => ({ of: args[i]!, dtype: type.dtype })),
		n: sizeOf(sliceAxesOf(step).map((axis) => shape[axis]!)),
		numbers: op.slices!.numbers?.(params) ?? [],
	});
}

function isReducible({ inputs }: Instruction): boolean {
	const [x, ...others] = inputs;
	const { shape } = x!.type;
	return sizeOf(shape) > 0 && others.every(({ type }) => type.shape.length === shape.length);
}

/** Whether an instruction gives a value for each element of its slices. */
export function isPerElement(step: Instruction): boolean {
	return roleOf(step) === "reduction" && step.op.slices!.form().perElement;
}
