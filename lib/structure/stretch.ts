import { apply } from "../core/op.ts";
import { type Shape, sameShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { broadcastTo } from "./broadcasting.ts";

/** `broadcastTo` a shape to which x is known to broadcast. */
export function stretchTo(x: Tensor, shape: Shape): Tensor {
	return sameShape(x.shape, shape) ? x : apply(broadcastTo.op, [x], { shape });
}
