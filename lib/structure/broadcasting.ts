import { ShapeError } from "../core/error.ts";
import { arithmetic, asTensor } from "../core/lift.ts";
import { identity } from "../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import {
	allAxes,
	broadcastShapes,
	checkShape,
	type Shape,
	sameShape,
	showShape,
} from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { sumKernels } from "../kernels/vector-reductions.ts";
import { call } from "../notation/call.ts";
import { isNumeral } from "../notation/embed.ts";
import { named } from "../notation/mathematics.ts";
import { broadcastIndex, view as plainView } from "../notation/plain.ts";
import { totalForm } from "../scalar/slices.ts";
import { reshape } from "./layout.ts";
import { linear } from "./linear.ts";
import { type Reduction, reductionBy } from "./reduction.ts";

// Stretching and summing over what was stretched: each is the transpose of the other.

/**
 * x stretched to a shape, as NumPy broadcasts: axes of size 1 and missing leading axes are
 * repeated. A view. Its transpose is the sum over the stretched axes: this is where the `sum` in
 * the gradient of a bias comes from.
 * @throws ShapeError when x does not broadcast to the shape.
 */
export const broadcastTo: OpFunction<"broadcastTo", (x: TensorLike, shape: Shape) => Tensor> =
	defineOp(
		linear<"broadcastTo", { shape: Shape }>({
			name: "broadcastTo",
			lowering: "view",
			batch: ([x], { shape }, _, size) => {
				const missing = new Array<number>(shape.length + 1 - x!.rank).fill(1);
				const aligned = reshape(x!, [size, ...missing, ...x!.shape.slice(1)]);
				return broadcastTo(aligned, [size, ...shape]);
			},
			infer: ([x], { shape }) => ({ shape, dtype: x!.dtype }),
			evaluate: ([x], { shape }) => {
				const { storage, dtype, offset } = x!;
				const missing = shape.length - x!.rank;
				const strides: number[] = [];
				for (let i = 0; i < shape.length; i++) {
					const repeats = i < missing || x!.shape[i - missing] !== shape[i];
					strides.push(repeats ? 0 : x!.strides[i - missing]!);
				}
				return new Tensor(storage, dtype, shape, strides, offset);
			},
			transpose: (g, _, from) => {
				const missing = g.rank - from.shape.length;
				const ones: number[] = [];
				for (let i = 0; i < from.shape.length; i++) {
					if (from.shape[i] === 1 && g.shape[missing + i] !== 1) ones.push(i);
				}
				const summed = missing === 0 ? g : sum(g, allAxes(missing));
				return ones.length === 0 ? summed : sum(summed, ones, { keepDims: true });
			},
			typescript: (args, { shape }) => call("broadcastTo", args, shape),
			latex: ([x]) => (isNumeral(x!) ? x! : named("broadcast", [x!])),
			loops: plainView((index, _, [x]) => broadcastIndex(index, x!.shape)),
			rule: "stretch",
			print: ([x], { shape }) => `np.broadcast_to(${x}, (${shape.join(", ")}))`,
			traits: {
				view: true,
				stretch: true,
				idle: (x, { shape }) => sameShape(x.shape, shape),
				fuse: (_, second) => second,
			},
			sample: (draw) => {
				const shape = draw.shape();
				const from = shape
					.slice(draw.integer(0, shape.length))
					.map((size) => (draw.integer(0, 1) === 1 ? 1 : size));
				return { inputs: [draw.tensor(from)], params: { shape } };
			},
		}),
		(value: TensorLike, shape: Shape): Tensor => {
			const x = asTensor("broadcastTo", value);
			checkShape("broadcastTo", shape);
			if (sameShape(x.shape, shape)) return x;
			if (!sameShape(broadcastShapes("broadcastTo", [x.shape, shape]), shape)) {
				throw new ShapeError(
					`broadcastTo: ${showShape(x.shape)} does not stretch to ${showShape(shape)}`,
				);
			}
			return apply(broadcastTo.op, [x], { shape: [...shape] });
		},
	);

/**
 * The sum over axes (all of them when none are given). Pairwise, so the rounding error grows with
 * the logarithm of the number of terms. Int32 and bool give int32. The sum of no elements is 0.
 * @throws DTypeError when an int32 sum overflows.
 */
export const sum: Reduction<"sum"> = reductionBy(
	{
		name: "sum",
		weights: () => identity,
		latex: (x, letters) => `\\sum_{${letters}} ${x}`,
		numpy: "x.sum",
		traits: { linear: true, totals: ({ axes }) => axes },
		dtype: arithmetic,
	},
	() => totalForm,
	() => sumKernels,
);
