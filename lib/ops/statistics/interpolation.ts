import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { checkOptions, type OptionKinds } from "../../core/options.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { add, clip, div, mul, sub } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { equal, greater, less, where } from "../comparison.ts";
import { take } from "../indexing.ts";
import { searchSorted } from "./searching.ts";

/** Options of `interp`. */
export interface InterpolationOptions {
	/** What it gives before the first place; left out: the value there. */
	readonly left?: number;
	/** What it gives behind the last place; left out: the value there. */
	readonly right?: number;
}

const OPTIONS: OptionKinds<InterpolationOptions> = { left: kind.number, right: kind.number };

function floats(x: TensorLike): Tensor {
	const t = asTensor("interp", x);
	return astype(t, floating.result(t.dtype));
}

/**
 * The broken line through the points (places, values), at each x. The places are a vector that
 * ascends, which is not checked. It can be differentiated by all three; at a place the slope is
 * that of the part behind it. Before the first place and behind the last one it is constant. NaN
 * gives NaN. Int32 and bool give float64.
 * @throws ShapeError for places and values that are not two vectors of one size, or empty
 * @throws DTypeError for float32 beside float64
 */
export function interp(
	x: TensorLike,
	places: TensorLike,
	values: TensorLike,
	options?: InterpolationOptions,
): Tensor {
	const { left, right } = checkOptions("interp", options, OPTIONS);
	return calledAs("interp", () => {
		const [xs, ys] = [floats(places), floats(values)];
		const n = xs.size;
		if (xs.rank !== 1 || n === 0 || !sameShape(xs.shape, ys.shape)) {
			throw new ShapeError(
				`interp: expected places and values as two vectors of one size, got ${showShape(xs.shape)} and ${showShape(ys.shape)}`,
			);
		}
		const at = typeof x === "number" ? astype(asTensor("interp", x), xs.dtype) : floats(x);
		const behind = clip(searchSorted(xs, at, { side: "right" }), Math.min(1, n - 1), n - 1);
		const before = n === 1 ? behind : sub(behind, 1);
		const [from, to] = [take(xs, before), take(xs, behind)];
		// Of a single place, and of two that are one, nothing may be divided by 0.
		const isOne = equal(from, to);
		const part = where(isOne, 1, div(sub(at, from), where(isOne, 1, sub(to, from))));
		const inside = add(mul(sub(1, part), take(ys, before)), mul(part, take(ys, behind)));
		const first = left ?? take(ys, 0);
		const last = right ?? take(ys, n - 1);
		return where(less(at, take(xs, 0)), first, where(greater(at, take(xs, n - 1)), last, inside));
	});
}
