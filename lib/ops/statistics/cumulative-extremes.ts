import { arange } from "../../core/create.ts";
import { axisBehind } from "../../core/lead.ts";
import { arithmetic, asTensor, vector } from "../../core/lift.ts";
import { compose, LinearMap } from "../../core/linear-map.ts";
import { apply, defineOp, type Op, type OpFunction } from "../../core/op.ts";
import { normalizeAxis } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { scanKernel } from "../../kernels/scan.ts";
import { functionCall } from "../../notation/call.ts";
import * as s from "../../scalar/index.ts";
import type { Scalar } from "../../scalar/scalar.ts";
import { scanned } from "../../scalar/scan.ts";
import { broadcastTo } from "../../structure/broadcasting.ts";
import { reshape } from "../../structure/layout.ts";
import { mul } from "../arithmetic.ts";
import { roll } from "../arranging.ts";
import { asMap } from "../as-map.ts";
import { equal, logicalOr, notEqual, where } from "../comparison.ts";
import { takeAlongAxis } from "../indexing.ts";
import { slice } from "../slicing.ts";

type AlongParams = { readonly axis: number };

/** The type of `cummax` and `cummin`. */
export type CumulativeExtreme<Name extends string> = OpFunction<
	Name,
	(x: TensorLike, axis?: number) => Tensor
>;

/* @__NO_SIDE_EFFECTS__ */
function cumulativeExtreme<Name extends string>(
	name: Name,
	numpy: string,
	extreme: (x: Scalar, y: Scalar) => Scalar,
	tie: readonly number[],
): CumulativeExtreme<Name> {
	const scan = scanned(
		0,
		(carried, isFirst, x) => s.select(isFirst, x!, extreme(carried, x!)),
		({ axis }: AlongParams) => ({ axis, reverse: false, exclusive: false }),
	);
	const op: Op<Name, AlongParams> = {
		name,
		lead: axisBehind,
		infer: ([x]) => ({ shape: x!.shape, dtype: arithmetic.result(x!.dtype) }),
		evaluate: scanKernel(name, scan),
		scan,
		differential: (_, [x], out, { axis }) => {
			const chosen = lastChange(out, axis);
			const taking = asMap(takeAlongAxis.op.differential!(0, [x!, chosen], out, { axis }))!;
			const factor = nanInLine(out, axis);
			// A NaN decides for all of its line which elements count.
			return compose(new LinearMap("NaN in the line", (dx) => mul(factor, dx)), taking);
		},
		rule: "choice",
		typescript: (args, { axis }) => functionCall(name, args, axis),
		print: ([x], { axis }) => `np.${numpy}.accumulate(${x}, axis=${axis})`,
		sample: (draw) => {
			const shape = draw.shape({ minRank: 1 });
			return {
				inputs: [draw.distinct(shape)],
				params: { axis: draw.integer(0, shape.length - 1) },
			};
		},
		conventions: [{ inputs: [vector(tie)], params: { axis: 0 }, gradients: [vector([1, 2, 0])] }],
	};
	return defineOp(op, (value: TensorLike, axis?: number): Tensor => {
		const x = asTensor(name, value);
		if (axis === undefined) return apply(op, [reshape(x, [x.size])], { axis: 0 });
		return apply(op, [x], { axis: normalizeAxis(name, axis, x.rank) });
	});
}

/** For each line NaN where it has one, else 1. */
function nanInLine(out: Tensor, axis: number): Tensor {
	const size = out.shape[axis]!;
	const last = slice(
		out,
		...out.shape.map((_, i) => (i === axis ? ([size - 1, size] as const) : null)),
	);
	return where(equal(last, last), 1, last);
}

/** For each place the last one up to it at which out changes: where its element comes from. */
function lastChange(out: Tensor, axis: number): Tensor {
	const { shape } = out;
	const line = shape.map((size, i) => (i === axis ? size : 1));
	const places = broadcastTo(reshape(arange(shape[axis]!, { dtype: "int32" }), line), shape);
	const before = roll(out, 1, axis);
	// NaN stays from where it comes on.
	const isOther = logicalOr(notEqual(out, before), equal(places, 0));
	const isChange = where(equal(before, before), isOther, equal(places, 0));
	return cummax(where(isChange, places, 0), axis);
}

/**
 * The greatest of the elements up to each one, along an axis; without an axis, of the flattened
 * tensor. Among equals the first takes the gradient. From a NaN on all are NaN, and so is the
 * gradient of the whole line. Bool gives int32.
 * @throws ShapeError for an axis out of range
 */
export const cummax: CumulativeExtreme<"cummax"> = cumulativeExtreme(
	"cummax",
	"maximum",
	(x, y) => s.max(x, y),
	[1, 2, 2],
);

/**
 * The smallest of the elements up to each one, along an axis; without an axis, of the flattened
 * tensor. Among equals the first takes the gradient. From a NaN on all are NaN, and so is the
 * gradient of the whole line. Bool gives int32.
 * @throws ShapeError for an axis out of range
 */
export const cummin: CumulativeExtreme<"cummin"> = cumulativeExtreme(
	"cummin",
	"minimum",
	(x, y) => s.min(x, y),
	[2, 1, 1],
);
