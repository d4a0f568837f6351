import { allocate } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { axisBehind } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { normalizeAxis, rowMajorStrides } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { place } from "../kernels/place.ts";
import { functionCall } from "../notation/call.ts";
import { linear } from "../structure/linear.ts";

/**
 * The elements moved along an axis (the last one unless said) by a number of steps, towards the end
 * or, where it is negative, towards the front; what leaves is lost and zeros come in.
 * @throws ShapeError for a number of steps that is not whole, or an axis out of range.
 */
export const shift: OpFunction<"shift", (x: TensorLike, steps: number, axis?: number) => Tensor> =
	defineOp(
		linear<"shift", { steps: number; axis: number }>({
			name: "shift",
			lead: axisBehind,
			lowering: "displacement",
			infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
			evaluate: ([x], { steps, axis }, { shape, dtype }) => {
				const kept = Math.max(0, shape[axis]! - Math.abs(steps));
				const out = allocate(dtype, x!.size);
				const strides = rowMajorStrides(shape);
				const window = {
					array: x!.array,
					shape: shape.map((size, i) => (i === axis ? kept : size)),
					strides: x!.strides,
					offset: x!.offset + Math.max(0, -steps) * x!.strides[axis]!,
				};
				place(window, out, { strides, offset: Math.max(0, steps) * strides[axis]! });
				return new Tensor(out, dtype, shape);
			},
			transpose: (g, { steps, axis }) => shift(g, -steps, axis),
			typescript: (args, { steps, axis }) => functionCall("shift", args, steps, axis),
			print: ([x], { steps, axis }) => `shift(${x}, ${steps}, axis=${axis})`,
			traits: { zeros: true },
			sample: (draw) => {
				const shape = draw.shape({ minRank: 1 });
				const axis = draw.integer(0, shape.length - 1);
				return { inputs: [draw.tensor(shape)], params: { steps: draw.integer(-3, 3), axis } };
			},
		}),
		(value: TensorLike, steps: number, axis = -1): Tensor => {
			const x = asTensor("shift", value);
			if (!Number.isSafeInteger(steps)) {
				throw new ShapeError(`shift: expected a whole number of steps, got ${steps}`);
			}
			return apply(shift.op, [x], { steps, axis: normalizeAxis("shift", axis, x.rank) });
		},
	);
