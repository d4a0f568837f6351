import { allocate } from "../dtype.ts";
import { ShapeError } from "../error.ts";
import { asTensor } from "../kinds/lift.ts";
import { linear } from "../kinds/linear.ts";
import { place } from "../kinds/place.ts";
import {
	drawSections,
	indexInWhole,
	printSections,
	rangesOf,
	type Section,
	type SliceRange,
	sectionsLayout,
	sectionsOf,
	sectionsShape,
} from "../kinds/sections.ts";
import { call } from "../notation/call.ts";
import { placed, view } from "../notation/plain.ts";
import { apply, defineOp, type OpFunction } from "../op.ts";
import { checkShape, rowMajorStrides, type Shape, sameShape, showShape, sizeOf } from "../shape.ts";
import { Tensor, type TensorLike } from "../tensor.ts";

/**
 * A part of x, as NumPy's `x[1, :, 2:5]`: a range for each axis, `x.slice(1, null, [2, 5])`; axes without one are taken
 * whole. A view.
 * @throws ShapeError for an index out of range, a step of 0, more ranges than axes.
 */
export const slice: OpFunction<"slice", (x: TensorLike, ...ranges: SliceRange[]) => Tensor> =
	defineOp(
		linear<"slice", { sections: readonly Section[] }>({
			name: "slice",
			infer: ([x], { sections }) => ({ shape: sectionsShape(sections), dtype: x!.dtype }),
			evaluate: ([x], { sections }, { shape, dtype }) => {
				const { strides, offset } = sectionsLayout(sections, x!.strides, x!.offset);
				return new Tensor(x!.storage, dtype, shape, strides, offset);
			},
			transpose: (g, { sections }, { shape }) => apply(unslice.op, [g], { shape, sections }),
			typescript: (args, { sections }) => call("slice", args, ...rangesOf(sections)),
			latex: ([x], { sections }) => `${x}_{${printSections(sections)}}`,
			plain: view((index, { sections }) => indexInWhole(index, sections)),
			print: ([x], { sections }) => `${x}${printSections(sections)}`,
			sample: (draw) => {
				const shape = draw.shape();
				return { inputs: [draw.tensor(shape)], params: { sections: drawSections(draw, shape) } };
			},
		}),
		(value: TensorLike, ...ranges: readonly SliceRange[]): Tensor => {
			const x = asTensor("slice", value);
			const sections = sectionsOf("slice", ranges, x.shape);
			const whole = sections.every((s) => !s.dropped && s.step === 1 && s.size === s.of);
			return whole ? x : apply(slice.op, [x], { sections });
		},
	);

/**
 * g at its place in a tensor of zeros of the given shape: what `slice` with the same ranges takes out of the result is g
 * again. The transpose of `slice`.
 * @throws ShapeError when a slice of that shape with those ranges does not have the shape of g.
 */
export const unslice: OpFunction<
	"unslice",
	(g: TensorLike, shape: Shape, ...ranges: SliceRange[]) => Tensor
> = defineOp(
	linear<"unslice", { shape: Shape; sections: readonly Section[] }>({
		name: "unslice",
		infer: ([g], { shape }) => ({ shape, dtype: g!.dtype }),
		evaluate: ([g], { sections }, { shape, dtype }) => {
			const out = allocate(dtype, sizeOf(shape));
			place(g!, out, sectionsLayout(sections, rowMajorStrides(shape), 0));
			return new Tensor(out, dtype, shape);
		},
		transpose: (g, { sections }) => apply(slice.op, [g], { sections }),
		typescript: (args, { shape, sections }) => call("unslice", args, shape, ...rangesOf(sections)),
		plain: placed((index, { sections }) => indexInWhole(index, sections)),
		print: ([g], { shape, sections }) =>
			`unslice(${g}, (${shape.join(", ")}), np.s_${printSections(sections)})`,
		sample: (draw) => {
			const shape = draw.shape();
			const sections = drawSections(draw, shape);
			return { inputs: [draw.tensor(sectionsShape(sections))], params: { shape, sections } };
		},
	}),
	(value: TensorLike, shape: Shape, ...ranges: readonly SliceRange[]): Tensor => {
		const g = asTensor("unslice", value);
		checkShape("unslice", shape);
		const sections = sectionsOf("unslice", ranges, shape);
		if (!sameShape(sectionsShape(sections), g.shape)) {
			throw new ShapeError(
				`unslice: expected a tensor of shape ${showShape(sectionsShape(sections))}, which is what the ranges take ` +
					`of ${showShape(shape)}, got ${showShape(g.shape)}`,
			);
		}
		return apply(unslice.op, [g], { shape: [...shape], sections });
	},
);
