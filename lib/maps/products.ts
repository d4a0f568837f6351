import { LinearMap } from "../linear-map.ts";
import { neg } from "../ops/arithmetic.ts";
import { matrixTranspose } from "../ops/layout.ts";
import { matmul } from "../ops/products.ts";
import type { Tensor } from "../tensor.ts";

/** dx ↦ −dx. */
export const negate = /* @__PURE__ */ new LinearMap("negate", neg);

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
