import type { Tensor } from "../core/tensor.ts";
import { permute } from "../ops/layout.ts";
import {
	type Constant,
	type Instruction,
	instruction,
	type Program,
	type Value,
} from "../program/program.ts";

/**
 * The program in which a constant that is another one with its axes in another order is written as
 * that view of it. A transpose of a tensor that the function closes over is taken when the program
 * is recorded; this brings it back.
 */
export function withViewsOfConstants(program: Program): {
	program: Program;
	after: (before: Value) => Value;
} {
	const bases: Constant[] = [];
	const views: Instruction[] = [];
	const now = new Map<Value, Value>();
	const after = (value: Value): Value => {
		let known = now.get(value);
		if (known === undefined) {
			known = value.kind === "constant" ? viewed(value) : value;
			now.set(value, known);
		}
		return known;
	};
	const viewed = (value: Constant): Value => {
		for (const base of bases) {
			const axes = axesOfView(value.tensor, base.tensor);
			if (axes === null) continue;
			if (axes.every((axis, i) => axis === i)) return base;
			const view = instruction(permute.op, [base], { axes });
			views.push(view);
			return view;
		}
		bases.push(value);
		return value;
	};
	const instructions = program.instructions.map((step) => {
		const changed: Instruction = { ...step, inputs: step.inputs.map(after) };
		now.set(step, changed);
		return changed;
	});
	return {
		program: {
			inputs: program.inputs,
			instructions: [...views, ...instructions],
			outputs: program.outputs.map(after),
		},
		after,
	};
}

/** The order of axes in which `x` shows the elements of `base`, or null where it does not. */
function axesOfView(x: Tensor, base: Tensor): number[] | null {
	if (x.storage !== base.storage || x.offset !== base.offset || x.rank !== base.rank) return null;
	const free = new Set(base.shape.keys());
	const axes = x.shape.map((size, i) => {
		const found = [...free].find(
			(axis) => base.shape[axis] === size && base.strides[axis] === x.strides[i],
		);
		if (found !== undefined) free.delete(found);
		return found;
	});
	return axes.every((axis) => axis !== undefined) ? axes : null;
}
