import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../../core/options.ts";
import { normalizeAxis, showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { sum } from "../../structure/broadcasting.ts";
import { reshape } from "../../structure/layout.ts";
import { add, mul, sub } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { slice } from "../slicing.ts";

/** All but the first elements along an axis, and all but the last. */
function neighbours(x: Tensor, axis: number): [Tensor, Tensor] {
	const before = new Array<null>(axis).fill(null);
	return [slice(x, ...before, [1, null]), slice(x, ...before, [0, -1])];
}

/**
 * Each element less the one before it, along an axis, the last unless said; n times in turn. The
 * axis becomes shorter by n, at most to 0. Bool gives int32.
 * @throws ShapeError for an axis out of range: a scalar has none
 * @throws DomainError for an n that is not a whole number from 0
 * @throws DTypeError when an int32 result overflows
 */
export function diff(x: TensorLike, n = 1, axis = -1): Tensor {
	checkArgument("diff", "n", n, kind.whole);
	let out = asTensor("diff", x);
	const along = normalizeAxis("diff", axis, out.rank);
	return calledAs("diff", () => {
		for (let i = 0; i < n && (i === 0 || out.shape[along]! > 0); i++) {
			out = sub(...neighbours(out, along));
		}
		return out;
	});
}

/** Options of `trapezoid`. */
export interface TrapezoidOptions {
	/** How far places are apart where none are given; left out: 1. */
	readonly dx?: number;
	/** Left out: the last. */
	readonly axis?: number;
}

const OPTIONS: OptionKinds<TrapezoidOptions> = { dx: kind.number, axis: kind.anything };

/**
 * The integral along an axis by the trapezoidal rule: Σ (yₖ + yₖ₊₁)/2·(xₖ₊₁ − xₖ). The places x are
 * a vector along that axis or of the shape of y; left out they are `dx` apart. 0 for fewer than two
 * elements. Int32 and bool give float64.
 * @throws ShapeError for an axis out of range, or places that do not fit
 */
export function trapezoid(
	y: TensorLike,
	x?: TensorLike | null,
	options?: TrapezoidOptions,
): Tensor {
	const { dx = 1, axis = -1 } = checkOptions("trapezoid", options, OPTIONS);
	const given = asTensor("trapezoid", y);
	const values = astype(given, floating.result(given.dtype));
	const along = normalizeAxis("trapezoid", axis, values.rank);
	return calledAs("trapezoid", () => {
		const means = mul(0.5, add(...neighbours(values, along)));
		if (x === undefined || x === null) return mul(dx, sum(means, along));
		const places = placesAlong(asTensor("trapezoid", x), values, along);
		const at = places.rank - values.rank + along;
		return sum(mul(means, sub(...neighbours(places, at))), along);
	});
}

/** A vector of places as a tensor of the rank of the values. */
function placesAlong(x: Tensor, values: Tensor, along: number): Tensor {
	const n = values.shape[along];
	if (x.rank === values.rank && x.shape[along] === n) return x;
	if (x.rank === 1 && x.size === n) {
		return reshape(x, [n!, ...values.shape.slice(along + 1).map(() => 1)]);
	}
	throw new ShapeError(
		`trapezoid: expected ${n} places along axis ${along} of ${showShape(values.shape)}, got shape ${showShape(x.shape)}`,
	);
}
