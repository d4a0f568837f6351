import type { Tensor } from "../core/tensor.ts";
import { permute } from "../structure/layout.ts";
import { type Constant, instructionOf, type Program } from "./program.ts";
import { asItIs, type Rewritten, rewrite } from "./rewrite.ts";

/**
 * The program in which a constant that is another one with its axes in another order is written as
 * that view of it. A transpose of a tensor that the function closes over is taken when the program
 * is recorded; this brings it back.
 */
export function withViewsOfConstants(program: Program): Rewritten {
	const bases: Constant[] = [];
	return rewrite(program, {
		...asItIs,
		constant: (value) => {
			for (const base of bases) {
				const axes = axesOfView(value.tensor, base.tensor);
				if (axes === null) continue;
				const isSame = axes.every((axis, i) => axis === i);
				return isSame ? base : instructionOf(permute.op, [base], { axes });
			}
			bases.push(value);
			return value;
		},
	});
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
