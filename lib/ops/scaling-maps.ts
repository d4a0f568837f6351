import { LinearMap } from "../core/linear-map.ts";
import { sameShape } from "../core/shape.ts";
import { isUniform } from "../core/stored-once.ts";
import type { Tensor } from "../core/tensor.ts";
import { isValueless } from "../core/valueless.ts";
import * as masks from "./masks.ts";

/**
 * dx ↦ factor ∘ dx, elementwise. Where dx is exactly 0 the result is 0 whatever the factor: 0·∞
 * arises where a mask has cut a branch off, and a branch that is cut off contributes nothing.
 */
export function scale(factor: Tensor | number): LinearMap {
	return new LinearMap("scale", (dx) =>
		typeof factor !== "number" && isOneOf(dx, factor) ? factor : masks.scale(dx, factor),
	);
}

/**
 * Whether all of dx is 1, as what a sum takes back is, and nobody watches what becomes of it: the
 * product is then the factor, and takes no memory.
 */
function isOneOf(dx: Tensor, factor: Tensor): boolean {
	const { storage, offset, dtype, shape } = dx;
	if (!ArrayBuffer.isView(storage) || storage[offset] !== 1 || !isUniform(dx)) return false;
	const isPlain = dx.node === null && factor.node === null && !isValueless(factor);
	return isPlain && dtype === factor.dtype && sameShape(shape, factor.shape);
}

/** dx ↦ dx where the mask is 1, exactly 0 where it is 0, NaN where it is NaN. */
export function keepWhere(mask: Tensor): LinearMap {
	return new LinearMap("keepWhere", (dx) => masks.keepWhere(dx, mask));
}
