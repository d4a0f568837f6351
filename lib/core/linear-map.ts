import type { Shape } from "./shape.ts";
import type { Node } from "./tape.ts";
import type { Tensor } from "./tensor.ts";

/** What is put, and where. */
export interface Placed<P> {
	readonly x: Tensor;
	readonly at: P;
}

/** What was put into a view, and is to be put into what it is a view of. */
export interface PassedOn<P> {
	/** The view. */
	readonly node: Node;
	readonly terms: readonly Arrived<P>[];
	/** How many elements they have. */
	readonly size: number;
}

/** What was put into a tensor, or into a view of it. */
export type Arrived<P> = Placed<P> | PassedOn<P>;

/**
 * Says that a map puts its argument `at` a place in a tensor of zeros, or adds it there. A sum of
 * many such then costs what is put, and not a tensor of full size for each of them.
 */
// biome-ignore lint/suspicious/noExplicitAny: maps are summed without regard to what says where
export interface Placement<P = any> {
	/** The sum of what such maps give, all into the same shape, with as many terms as are wanted. */
	readonly sum: (terms: readonly Placed<P>[]) => Tensor;
	readonly at: P;
	/** How what is put into views of a tensor comes to it; left out: each view adds up its own. */
	readonly within?: ThroughViews<P>;
}

/** How what is put into views of a tensor is added up in the tensor itself. */
export interface ThroughViews<P> {
	/** What has arrived at a view, to be handed on; null where it is better added up in the view. */
	readonly passedOn: (node: Node, arrived: readonly Arrived<P>[]) => PassedOn<P> | null;
	/**
	 * What has arrived, added up in a tensor like this one, by the `sum` of its placement; `back`
	 * takes a cotangent back through a view.
	 */
	readonly total: (
		arrived: readonly Arrived<P>[],
		like: Tensor,
		sum: (terms: readonly Placed<P>[]) => Tensor,
		back: (view: Node, g: Tensor) => Tensor,
	) => Tensor;
}

/**
 * A linear map between tensors, together with its transpose: ⟨g, A·dx⟩ = ⟨Aᵀ·g, dx⟩ for all dx and
 * g. It is how an op states its derivative: forward mode applies the map, reverse mode its
 * transpose.
 */
export class LinearMap {
	/** What the map does, in a word or two. */
	readonly name: string;
	/** A·dx: from a tangent of the argument to a tangent of the result. */
	readonly apply: (dx: Tensor) => Tensor;
	/** For a map that puts its argument in a place: which. */
	readonly placement: Placement | null;
	private readonly transposed: LinearMap | (() => LinearMap);

	/** @param transpose a function that gives Aᵀ; left out, the map is its own transpose. */
	constructor(
		name: string,
		apply: (dx: Tensor) => Tensor,
		transpose?: () => LinearMap,
		placement: Placement | null = null,
	) {
		this.name = name;
		this.apply = apply;
		this.transposed = transpose ?? this;
		this.placement = placement;
	}

	/** Aᵀ: from a cotangent of the result to a cotangent of the argument. */
	get transpose(): LinearMap {
		return typeof this.transposed === "function" ? this.transposed() : this.transposed;
	}
}

/**
 * dx ↦ Σ weight ∘ dx over axes, from tensors of a shape; its transpose spreads g over the axes,
 * weighted.
 */
export class WeightedSum {
	readonly weight: LinearMap | Tensor | number;
	readonly shape: Shape;
	readonly axes: readonly number[];
	/** Whether the axes stay, with size 1. */
	readonly keepDims: boolean;

	/** @param weight a factor for each element, or a linear map in place of its product with dx */
	constructor(
		weight: LinearMap | Tensor | number,
		shape: Shape,
		axes: readonly number[],
		keepDims: boolean,
	) {
		this.weight = weight;
		this.shape = shape;
		this.axes = axes;
		this.keepDims = keepDims;
	}
}

/**
 * How a record states a derivative: as a linear map, or as what the engine makes one of (`asMap`):
 * a number or tensor by which the tangent is scaled elementwise, or a weighted sum. So ops can be
 * built on kinds, and these maps on ops.
 */
export type Derivative = LinearMap | Tensor | number | WeightedSum;

/**
 * A map whose transpose is written out: `apply` is A, `applyTranspose` is Aᵀ; either may put its
 * argument in a place.
 */
export function linearMap(
	name: string,
	apply: (dx: Tensor) => Tensor,
	applyTranspose: (g: Tensor) => Tensor,
	placements: { readonly map?: Placement; readonly transpose?: Placement } = {},
): LinearMap {
	const map: LinearMap = new LinearMap(name, apply, () => transposed, placements.map);
	const transposed = new LinearMap(
		`transpose of ${name}`,
		applyTranspose,
		() => map,
		placements.transpose,
	);
	return map;
}

/** dx ↦ dx. */
export const identity = /* @__PURE__ */ new LinearMap("identity", (dx) => dx);

/** dx ↦ the maps applied one after the other, the first one first; the transpose runs backwards. */
export function compose(...maps: LinearMap[]): LinearMap {
	let name = maps[0]?.name ?? "";
	for (let i = 1; i < maps.length; i++) name += `, ${maps[i]!.name}`;
	return new LinearMap(
		name,
		(dx) => maps.reduce((x, map) => map.apply(x), dx),
		() => compose(...maps.map((map) => map.transpose).reverse()),
	);
}
