import { axesBehind } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { checkNoMore } from "../core/options.ts";
import { type Axes, normalizeAxes } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { call } from "../notation/call.ts";
import { affine, view } from "../notation/plain.ts";
import { linear } from "../structure/linear.ts";

export type { SliceRange } from "./ranges.ts";
export { slice } from "./sections.ts";

/**
 * The elements in reverse order along the axes (all of them when none are given). A view; its own
 * transpose.
 * @throws ShapeError for an axis out of range or given twice.
 */
export const flip: OpFunction<"flip", (x: TensorLike, axes?: Axes) => Tensor> = defineOp(
	linear<"flip", { axes: readonly number[] }>({
		name: "flip",
		lead: axesBehind,
		lowering: "view",
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		evaluate: ([x], { axes }, { shape, dtype }) => {
			let offset = x!.offset;
			for (const axis of axes) offset += Math.max(0, shape[axis]! - 1) * x!.strides[axis]!;
			const strides = x!.strides.map((stride, i) => (axes.includes(i) ? -stride : stride));
			return new Tensor(x!.storage, dtype, shape, strides, offset);
		},
		transpose: (g, { axes }) => flip(g, axes),
		typescript: (args, { axes }) => call("flip", args, axes),
		loops: view((index, { axes }, [x]) =>
			index.map((i, axis) => (axes.includes(axis) ? affine(i, -1, x!.shape[axis]! - 1) : i)),
		),
		print: ([x], { axes }) =>
			`np.flip(${x}, axis=${axes.length === 1 ? axes[0] : `(${axes.join(", ")})`})`,
		sample: (draw) => {
			const shape = draw.shape();
			const axes = shape.map((_, i) => i).filter(() => draw.integer(0, 1) === 1);
			return { inputs: [draw.tensor(shape)], params: { axes } };
		},
	}),
	(value: TensorLike, axes?: Axes, ...more: unknown[]): Tensor => {
		checkNoMore("flip", more, "several axes are an array, [0, 1]");
		const x = asTensor("flip", value);
		return apply(flip.op, [x], { axes: normalizeAxes("flip", axes, x.rank) });
	},
);
