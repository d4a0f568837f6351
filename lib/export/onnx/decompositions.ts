import { arange, full } from "../../core/create.ts";
import type { Op } from "../../core/op.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { add, mul } from "../../ops/arithmetic.ts";
import { astype } from "../../ops/cast.ts";
import {
	equal,
	less,
	lessEqual,
	logicalAnd,
	logicalOr,
	notEqual,
	where,
} from "../../ops/comparison.ts";
import { cumprod } from "../../ops/cumulative.ts";
import { argmax } from "../../ops/extremes.ts";
import { takeAlongAxis } from "../../ops/indexing.ts";
import { prodOthers } from "../../ops/other-products.ts";
import { slice } from "../../ops/slicing.ts";
import { searchSorted } from "../../ops/statistics/searching.ts";
import { winnerAt } from "../../ops/winners.ts";
import { broadcastTo, sum } from "../../structure/broadcasting.ts";
import { expandDims, permute, reshape } from "../../structure/layout.ts";

// Ops that have no form in ONNX, made of others that have one.

type Decomposition = (inputs: readonly Tensor[], params: never) => Tensor;

/** The product of those before each element times that of those behind it. */
function productsOfOthers([x]: readonly Tensor[], { axes }: { axes: readonly number[] }): Tensor {
	const { shape } = x!;
	const kept = [...shape.keys()].filter((axis) => !axes.includes(axis));
	const order = [...kept, ...axes];
	const sorted = order.map((axis) => shape[axis]!);
	const lines = reshape(permute(x!, order), [
		...sorted.slice(0, kept.length),
		sizeOf(sorted.slice(kept.length)),
	]);
	const ways = [false, true].map((reverse) =>
		cumprod(lines, kept.length, { exclusive: true, reverse }),
	);
	const all = reshape(mul(ways[0]!, ways[1]!), sorted);
	return permute(
		all,
		order.map((_, axis) => order.indexOf(axis)),
	);
}

/** How many sorted numbers stand before each x. */
function placesAmong([sorted, x]: readonly Tensor[], { side }: { side: "left" | "right" }): Tensor {
	const [among, value] = [expandDims(sorted!, -2), expandDims(x!, -1)];
	const stands =
		side === "right"
			? logicalOr(lessEqual(among, value), notEqual(value, value))
			: logicalOr(less(among, value), logicalAnd(notEqual(value, value), equal(among, among)));
	return sum(astype(stands, "int32"), -1);
}

/** The first of the greatest rows at each place; every row is compared at every place. */
function winners(
	[rows, indices]: readonly Tensor[],
	{ shape, batches, least }: { shape: Shape; batches: number; least: boolean },
): Tensor {
	const [depth, count] = [indices!.shape.at(-1)!, indices!.shape.at(-2)!];
	const lead = shape.slice(0, batches);
	const places = shape.slice(batches, batches + depth);
	const [size, width] = [sizeOf(places), sizeOf(shape.slice(batches + depth))];
	let positions = full([...lead, count], 0, { dtype: "int32" });
	for (const [k, n] of places.entries()) {
		const index = slice(indices!, ...lead.map(() => null), null, k);
		positions = add(mul(positions, n), where(less(index, 0), add(index, n), index));
	}
	const isThere = broadcastTo(
		expandDims(equal(expandDims(positions, -1), arange(size, { dtype: "int32" })), -1),
		[...lead, count, size, width],
	);
	const values = reshape(astype(rows!, "float64"), [...lead, count, 1, width]);
	const signed = least ? mul(values, -1) : values;
	const best = argmax(where(isThere, signed, Number.NEGATIVE_INFINITY), batches);
	// Where all rows are −∞, one that goes elsewhere may be as great.
	const first = argmax(isThere, batches);
	const goesThere = (row: Tensor) =>
		reshape(takeAlongAxis(isThere, expandDims(row, batches), batches), row.shape);
	const winner = where(goesThere(best), best, where(goesThere(first), first, -1));
	return reshape(winner, shape);
}

const decompositions: ReadonlyMap<Op, Decomposition> = new Map<Op, Decomposition>([
	[prodOthers.op, productsOfOthers],
	[searchSorted.op, placesAmong],
	[winnerAt.op, winners],
]);

/** What an op without a form is made of; undefined for one that has a form, or none at all. */
export function decompositionOf(op: Op): Decomposition | undefined {
	return decompositions.get(op);
}
