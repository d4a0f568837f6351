import { LinearMap } from "../core/linear-map.ts";
import type { Tensor } from "../core/tensor.ts";
import { matrixTranspose } from "../structure/layout.ts";
import { neg } from "./arithmetic.ts";
import { matmul } from "./products.ts";

/** dx ↦ −dx. */
export const negate = /* @__PURE__ */ new LinearMap("negate", neg);

/** dx ↦ dxᵀ, the last two axes swapped. */
export const transposing = /* @__PURE__ */ new LinearMap("transpose", matrixTranspose);

/** dx ↦ x·dx, a matrix product (batched over leading axes). */
export function leftMultiply(x: Tensor): LinearMap {
	return new LinearMap(
		"leftMultiply",
		(dx) => matmul(x, dx),
		() => leftMultiply(matrixTranspose(x)),
	);
}

/** dx ↦ dx·w, a matrix product (batched over leading axes). */
export function rightMultiply(w: Tensor): LinearMap {
	return new LinearMap(
		"rightMultiply",
		(dx) => matmul(dx, w),
		() => rightMultiply(matrixTranspose(w)),
	);
}
