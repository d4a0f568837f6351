import { reducedShape, rowMajorStrides, sizeOf } from "../core/shape.ts";
import type { Instruction } from "../program/program.ts";
import { operandOf } from "./copies.ts";
import type { Expression } from "./expression.ts";
import { expressionsOf } from "./expressions.ts";
import { splitLongSlices } from "./long-slices.ts";
import { targetOf } from "./placements.ts";
import type { Lowered } from "./planner.ts";
import { type Recipe, recipeFor } from "./recipes.ts";

/** A reduction or normalization of slices. */
export function asReduction({ op }: Instruction): Lowered {
	const { perElement } = op.slices!.form();
	return { joins: "slices", ...(perElement && { goesOn: "loop" }), value, plan };
}

/** Whether the slices of the first argument can be taken, and the others go along with them. */
export function isReducible({ inputs }: Instruction): boolean {
	const [x, ...others] = inputs;
	const { shape } = x!.type;
	return sizeOf(shape) > 0 && others.every(({ type }) => type.shape.length === shape.length);
}

const value: Lowered["value"] = (step, args) => storedOf(step, recipeOf(step, args));

function storedOf({ type }: Instruction, { value }: Recipe): Expression {
	return { kind: "cast", of: value, dtype: type.dtype };
}

/** The slices that a reduction takes of what the other members compute. */
const plan: Lowered["plan"] = (planner, { lead, members }) => {
	const last = members.at(-1)!;
	const { views, expressionOf, know } = expressionsOf(members, [], planner);
	const recipe = recipeOf(lead, lead.inputs.map(expressionOf));
	know(lead, storedOf(lead, recipe));
	const { passes, perElement } = recipe;
	const value = last === lead ? recipe.value : expressionOf(last);
	const { shape } = lead.inputs[0]!.type;
	const axes = axesOf(lead);
	const out = targetOf(planner, last);
	const kept = rowMajorStrides(reducedShape(shape, axes, true));
	const strides = perElement ? out.strides : kept.map((s, axis) => (axes.includes(axis) ? 0 : s));
	const outputs = [{ dtype: out.buffer.dtype, strides, perElement, value }];
	const loop = { shape, axes, inputs: views.map(operandOf), passes, outputs };
	const reads = views.map((view) => planner.buffers.view(view));
	const kernel = { kind: "reduction", loop } as const;
	const step = { kernel, members, reads, writes: [out] };
	planner.steps.push(...(planner.segments ? splitLongSlices(step, planner.buffers) : [step]));
};

/** The axes along which it takes its slices. */
function axesOf({ op, inputs, params }: Instruction): readonly number[] {
	const shapes = inputs.map(({ type }) => type.shape);
	return op.slices!.axes(shapes, params);
}

/** How it is made, of these expressions of its arguments. */
function recipeOf(step: Instruction, args: readonly Expression[]): Recipe {
	const { op, params } = step;
	const { shape } = step.inputs[0]!.type;
	return recipeFor(op.slices!.form(), {
		inputs: step.inputs.map(({ type }, i) => ({ of: args[i]!, dtype: type.dtype })),
		n: sizeOf(axesOf(step).map((axis) => shape[axis]!)),
		numbers: op.slices!.numbers?.(params) ?? [],
	});
}
