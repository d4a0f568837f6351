import { calledAs } from "../../core/called-as.ts";
import { tensor } from "../../core/create.ts";
import { asTensor } from "../../core/lift.ts";
import { checkOptions } from "../../core/options.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { reshape } from "../../structure/layout.ts";
import { add, mul } from "../arithmetic.ts";
import { take } from "../indexing.ts";
import { checkSizesOf, eachAxis } from "./evenly.ts";

/** Options of `resize`. */
export interface ResizeOptions {
	/** `nearest` (left out) takes an element of x for each place, `linear` a mean of neighbours. */
	readonly method?: "nearest" | "linear";
}

/**
 * The last axes of x brought to so many places each, as PyTorch's `interpolate`: with sizes [h, w]
 * (…×height×width) gives (…×h×w). `nearest` takes for place i of n along an axis of L places
 * element ⌊i·L/n⌋. `linear` (in two axes bilinear) looks at (i + ½)·L/n − ½, that is with pixels as
 * areas and not as corners (`align_corners=False`), and takes the two neighbours by their nearness;
 * before the first and behind the last element is that element. Where x gets smaller, elements
 * between are passed over. A linear map of x.
 * @throws ShapeError for sizes that are not whole numbers from 1, more sizes than axes, or an axis
 * without elements
 */
export function resize(x: TensorLike, sizes: readonly number[], options?: ResizeOptions): Tensor {
	const t = asTensor("resize", x);
	const checked = checkSizesOf("resize", t.shape, sizes);
	const kinds = { method: ["nearest", "linear"] };
	const { method = "nearest" } = checkOptions("resize", options, kinds);
	const along = method === "nearest" ? nearest : between;
	return calledAs("resize", () =>
		eachAxis(t.rank, checked).reduce(
			(y, [axis, size]) => (y.shape[axis] === size ? y : along(y, axis, size)),
			t,
		),
	);
}

function nearest(x: Tensor, axis: number, size: number): Tensor {
	const from = x.shape[axis]!;
	return taken(
		x,
		Array.from({ length: size }, (_, i) => Math.floor((i * from) / size)),
		axis,
	);
}

function between(x: Tensor, axis: number, size: number): Tensor {
	const last = x.shape[axis]! - 1;
	const at = Array.from({ length: size }, (_, i) =>
		Math.min(last, Math.max(0, ((i + 0.5) * (last + 1)) / size - 0.5)),
	);
	const before = at.map(Math.floor);
	const behind = at.map(Math.ceil);
	// Where both are one element it is half of it twice: were it 0 times another, ∞ would give NaN.
	const shares = at.map((place, i) => (behind[i] === before[i] ? 0.5 : place - before[i]!));
	const weighted = (indices: number[], weights: number[]) => {
		const shape = [size, ...x.shape.slice(axis + 1).map(() => 1)];
		return mul(taken(x, indices, axis), reshape(tensor(weights, { dtype: x.dtype }), shape));
	};
	return add(
		weighted(
			before,
			shares.map((share) => 1 - share),
		),
		weighted(behind, shares),
	);
}

function taken(x: Tensor, indices: number[], axis: number): Tensor {
	return take(x, tensor(indices, { dtype: "int32" }), axis);
}
