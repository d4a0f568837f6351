import { LinearMap } from "../core/linear-map.ts";
import type { Tensor } from "../core/tensor.ts";
import { sum } from "../structure/broadcasting.ts";
import { sub } from "./arithmetic.ts";
import { scale } from "./masks.ts";

/** diag(y) − y·yᵀ along axes, which is its own transpose: the derivative of shares y. */
export function softmaxMap(_: Tensor, y: Tensor, axes: readonly number[]): LinearMap {
	return new LinearMap("softmax", (dx) =>
		scale(sub(dx, sum(scale(dx, y), axes, { keepDims: true })), y),
	);
}
