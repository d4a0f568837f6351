import { reshape } from "../structure/layout.ts";
import type { ReduceParams } from "../structure/reduction.ts";
import type { RewriteRule } from "./rules.ts";

/** Σⱼ Σᵢ is Σᵢⱼ: one sum over all axes that go, in the shape that the two left. */
export const sumOfSums: RewriteRule = {
	name: "a sum of sums is one sum",
	rewrite: ({ op, inputs: [inner], params, type }, maker) => {
		const outer = op.traits?.totals?.(params);
		if (outer === undefined || inner?.kind !== "instruction" || inner.op !== op) return null;
		const [x] = inner.inputs;
		const { axes: gone, keepDims } = inner.params as ReduceParams;
		const all = x!.type.shape.map((_, axis) => axis);
		const left = keepDims ? all : all.filter((axis) => !gone.includes(axis));
		const added = outer.map((axis) => left[axis]!);
		const axes = all.filter((axis) => gone.includes(axis) || added.includes(axis));
		// As the shape says: keeping all of the axes, or none, needs no reshaping.
		const kept = type.shape.length === all.length;
		const total = { axes, keepDims: kept, all: axes.length === all.length };
		return maker.apply(reshape.op, [maker.apply(op, [x!], total)], { shape: type.shape });
	},
};
