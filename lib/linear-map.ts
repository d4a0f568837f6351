import type { Tensor } from "./tensor.ts";

/**
 * A linear map between tensors, together with its transpose: ⟨g, A·dx⟩ = ⟨Aᵀ·g, dx⟩ for all dx and g.
 * It is how an op states its derivative: forward mode applies the map, reverse mode its transpose.
 *
 * The maps call ops as methods, because the ops are built on this file.
 */
export class LinearMap {
	/** What the map does, in a word or two. */
	readonly name: string;
	/** A·dx: from a tangent of the argument to a tangent of the result. */
	readonly apply: (dx: Tensor) => Tensor;
	private readonly transposed: LinearMap | (() => LinearMap);

	/** @param transpose a function that gives Aᵀ; left out, the map is its own transpose. */
	constructor(name: string, apply: (dx: Tensor) => Tensor, transpose?: () => LinearMap) {
		this.name = name;
		this.apply = apply;
		this.transposed = transpose ?? this;
	}

	/** Aᵀ: from a cotangent of the result to a cotangent of the argument. */
	get transpose(): LinearMap {
		return typeof this.transposed === "function" ? this.transposed() : this.transposed;
	}
}

/** A map whose transpose is written out: `apply` is A, `applyTranspose` is Aᵀ. */
export function linearMap(
	name: string,
	apply: (dx: Tensor) => Tensor,
	applyTranspose: (g: Tensor) => Tensor,
): LinearMap {
	const map: LinearMap = new LinearMap(name, apply, () => transposed);
	const transposed = new LinearMap(`transpose of ${name}`, applyTranspose, () => map);
	return map;
}

/** dx ↦ dx. */
export const identity = new LinearMap("identity", (dx) => dx);

/** dx ↦ −dx. */
export const negate = new LinearMap("negate", (dx) => dx.neg());

/**
 * dx ↦ factor ∘ dx, elementwise. Where dx is exactly 0 the result is 0 whatever the factor: 0·∞ arises where
 * a mask has cut a branch off, and a branch that is cut off contributes nothing.
 */
export function scale(factor: Tensor | number): LinearMap {
	return new LinearMap("scale", (dx) => dx.scale(factor));
}

/** dx ↦ dx where the mask is 1, exactly 0 where it is 0, NaN where it is NaN. */
export function keepWhere(mask: Tensor): LinearMap {
	return new LinearMap("keepWhere", (dx) => dx.keepWhere(mask));
}

/** dx ↦ x·dx, a matrix product (batched over leading axes). */
export function leftMultiply(x: Tensor): LinearMap {
	return new LinearMap(
		"leftMultiply",
		(dx) => x.matmul(dx),
		() => leftMultiply(x.matrixTranspose()),
	);
}

/** dx ↦ dx·w, a matrix product (batched over leading axes). */
export function rightMultiply(w: Tensor): LinearMap {
	return new LinearMap(
		"rightMultiply",
		(dx) => dx.matmul(w),
		() => rightMultiply(w.matrixTranspose()),
	);
}

/** dx ↦ the maps applied one after the other, the first one first; the transpose runs backwards. */
export function compose(...maps: LinearMap[]): LinearMap {
	return new LinearMap(
		maps.map((map) => map.name).join(", "),
		(dx) => maps.reduce((x, map) => map.apply(x), dx),
		() => compose(...maps.map((map) => map.transpose).reverse()),
	);
}
