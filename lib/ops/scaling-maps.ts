import { LinearMap } from "../core/linear-map.ts";
import type { Tensor } from "../core/tensor.ts";
import * as masks from "./masks.ts";

/**
 * dx ↦ factor ∘ dx, elementwise. Where dx is exactly 0 the result is 0 whatever the factor: 0·∞
 * arises where a mask has cut a branch off, and a branch that is cut off contributes nothing.
 */
export function scale(factor: Tensor | number): LinearMap {
	return new LinearMap("scale", (dx) => masks.scale(dx, factor));
}

/** dx ↦ dx where the mask is 1, exactly 0 where it is 0, NaN where it is NaN. */
export function keepWhere(mask: Tensor): LinearMap {
	return new LinearMap("keepWhere", (dx) => masks.keepWhere(dx, mask));
}
