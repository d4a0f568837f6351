import { scalar, whole } from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { ones, zeros } from "../core/create.ts";
import { commonDType, type DType } from "../core/dtype.ts";
import { DomainError } from "../core/error.ts";
import { asTensor, broadcastNumber } from "../core/lift.ts";
import { apply } from "../core/op.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import { broadcastShapes, type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { sumDType } from "../kernels/indices.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { expandDims, moveAxis, reshape, squeeze } from "../structure/layout.ts";
import { add, maximum, minimum, mul } from "./arithmetic.ts";
import { astype } from "./cast.ts";
import { logicalAnd, where } from "./comparison.ts";
import { gather, scatterAdd } from "./gathering.ts";
import { type ArrayIndex, type IndexList, readIndices, type TensorIndex } from "./index-list.ts";
import { stack } from "./joining.ts";
import { maskPositions } from "./mask-positions.ts";
import { areWhole, sectionsShape } from "./ranges.ts";
import { scatterMax, scatterMin, scatterMul, scatterSet } from "./scattering.ts";
import { slice, unslice } from "./sections.ts";
import { take } from "./taking.ts";

/** For a mask: how many elements it takes at most, and what stands where it takes fewer. */
export interface MaskOptions {
	/** The first so many elements are taken; left out: all, which asks for the mask's values. */
	readonly size?: number;
	/** Left out: 0. */
	readonly fill?: number | Tensor;
}

/** The part of a tensor at some indices. */
export interface IndexedPart {
	/** The part itself. */
	readonly get: (options?: MaskOptions) => Tensor;
	/** The tensor with v in its place; where indices are repeated, the last one stands. */
	readonly set: (v: TensorLike) => Tensor;
	/** The tensor with v added; where indices are repeated, all are. */
	readonly add: (v: TensorLike) => Tensor;
	/** The tensor with the part times v; where indices are repeated, times each. */
	readonly mul: (v: TensorLike) => Tensor;
	/** The tensor with the greater of both; at a tie the tensor itself takes the gradient. */
	readonly max: (v: TensorLike) => Tensor;
	/** The tensor with the smaller of both; at a tie the tensor itself takes the gradient. */
	readonly min: (v: TensorLike) => Tensor;
}

const MASK_OPTIONS: OptionKinds<MaskOptions> = { size: whole, fill: scalar };

/** How v comes to what is there: elementwise, and to places of which several may be one. */
interface Update {
	readonly each: (x: Tensor, v: Tensor) => Tensor;
	readonly scatter: (x: Tensor, indices: Tensor, v: Tensor) => Tensor;
}

/** The part of x at indices, whose errors have the name of `op`. */
export function indexedPart(op: string, x: Tensor, indices: readonly TensorIndex[]): IndexedPart {
	const list = readIndices(op, indices, x.shape);
	const hasMask = list.arrays.some(({ x }) => x.dtype === "bool");
	const update = (how: Update, numberDType: DType) => (v: TensorLike) => {
		const given = typeof v === "number" ? broadcastNumber(op, v, numberDType, []) : asTensor(op, v);
		commonDType(op, x.dtype, given.dtype);
		return calledAs(op, () => updated(op, x, list, given, how));
	};
	const sums = sumDType(x);
	return {
		get: (options) => {
			const { size, fill = 0 } = checkOptions<MaskOptions>(op, options, MASK_OPTIONS);
			if (options !== undefined && !hasMask) {
				throw new DomainError(
					`${op}: expected a mask among the indices for { size, fill }, got none`,
				);
			}
			return calledAs(op, () => taken(op, sectionOf(x, list), list, size, fill));
		},
		set: update({ each: replaced, scatter: scatterSet }, x.dtype),
		add: update({ each: add, scatter: scatterAdd }, sums),
		mul: update({ each: mul, scatter: scatterMul }, sums),
		max: update({ each: maximum, scatter: scatterMax }, sums),
		min: update({ each: minimum, scatter: scatterMin }, sums),
	};
}

/** v in place of x, in the dtype in which they meet. */
function replaced(x: Tensor, v: Tensor): Tensor {
	return astype(v, commonDType("at", x.dtype, v.dtype));
}

/** What the numbers and ranges take of x. */
function sectionOf(x: Tensor, { sections }: IndexList): Tensor {
	return areWhole(sections) ? x : apply(slice.op, [x], { sections });
}

/** So many axes from a first one on. */
function axesFrom(first: number, count: number): number[] {
	return Array.from({ length: count }, (_, i) => first + i);
}

/** A part with the axes that each array indexes as one, and the arrays as indices of those. */
interface Merged {
	readonly x: Tensor;
	readonly axes: readonly number[];
	readonly indices: readonly Tensor[];
	/** Their shape together. */
	readonly places: Shape;
	/** Where masks took an element; null: everywhere. */
	readonly isThere: Tensor | null;
}

function merged(op: string, part: Tensor, arrays: readonly ArrayIndex[], size?: number): Merged {
	const shape = [...part.shape];
	const axes: number[] = [];
	const indices: Tensor[] = [];
	let isThere: Tensor | null = null;
	for (const { x, axis, axes: count } of arrays) {
		const at = axis - (part.rank - shape.length);
		shape.splice(at, count, sizeOf(shape.slice(at, at + count)));
		axes.push(at);
		if (x.dtype === "int32") {
			indices.push(x);
			continue;
		}
		const found = maskPositions(op, x, size);
		indices.push(found.positions);
		isThere = isThere === null ? found.isThere : logicalAnd(isThere, found.isThere!);
	}
	const shapes = indices.map((x) => x.shape);
	return { x: reshape(part, shape), axes, indices, places: broadcastShapes(op, shapes), isThere };
}

/** The indices broadcast together, as index tuples. */
function tuplesOf({ indices, places }: Merged): Tensor {
	const stretched = indices.map((x) => broadcastTo(x, places));
	return stack(stretched, -1);
}

/** What the arrays take of a part, with new axes. */
function taken(
	op: string,
	part: Tensor,
	{ arrays, position, newAxes }: IndexList,
	size: number | undefined,
	fill: number | Tensor,
): Tensor {
	if (arrays.length === 0) return expandDims(part, newAxes);
	const among = merged(op, part, arrays, size);
	const { isThere } = among;
	const found = takenAmong(among, position);
	if (isThere === null) return expandDims(found, newAxes);
	const behind = found.rank - position - among.places.length;
	const there = reshape(isThere, [...isThere.shape, ...new Array<number>(behind).fill(1)]);
	return expandDims(where(there, found, fill), newAxes);
}

function takenAmong(among: Merged, position: number): Tensor {
	const { x, axes, indices, places, isThere } = among;
	if (x.size === 0 && isThere !== null) {
		// A mask with a size takes nothing here, and there is no other element to stand for it.
		const rest = x.shape.filter((_, axis) => !axes.includes(axis));
		return zeros(rest.toSpliced(position, 0, ...places), { dtype: x.dtype });
	}
	if (axes.length === 1) return take(x, indices[0]!, axes[0]!);
	const found = gather(moveAxis(x, axes, axesFrom(0, axes.length)), tuplesOf(among));
	return moveAxis(found, axesFrom(0, places.length), axesFrom(position, places.length));
}

/** x with v put into its part. */
function updated(op: string, x: Tensor, list: IndexList, v: Tensor, how: Update): Tensor {
	const { sections } = list;
	const now = updatedPart(op, sectionOf(x, list), list, v, how);
	if (areWhole(sections)) return now;
	const place = { shape: x.shape, sections };
	const inside = apply(unslice.op, [ones(sectionsShape(sections), { dtype: "bool" })], place);
	return where(inside, apply(unslice.op, [now], place), x);
}

function updatedPart(op: string, part: Tensor, list: IndexList, v: Tensor, how: Update): Tensor {
	const { arrays, position, newAxes } = list;
	const [one] = arrays;
	const fits = (shape: Shape) =>
		v.rank === 0 ? v : squeeze(broadcastTo(v, withNewAxes(shape, newAxes)), newAxes);
	if (one === undefined) return how.each(part, broadcastTo(fits(part.shape), part.shape));
	const behind = part.shape.slice(one.axis + one.axes);
	const isAlike = v.rank === 0 || (newAxes.length === 0 && v.rank <= behind.length);
	if (one.x.dtype === "bool" && arrays.length === 1 && isAlike) {
		const mask = reshape(one.x, [...one.x.shape, ...behind.map(() => 1)]);
		// What is not masked takes no part, lest it overflow.
		return where(mask, how.each(where(mask, part, 0), broadcastTo(v, behind)), part);
	}
	const among = merged(op, part, arrays);
	const { x, axes, places } = among;
	const front = axesFrom(0, axes.length);
	const moved = moveAxis(x, axes, front);
	const rest = moved.shape.slice(axes.length);
	const values = fits(rest.toSpliced(position, 0, ...places));
	const [at, first] = [axesFrom(position, places.length), axesFrom(0, places.length)];
	const rows = v.rank === 0 ? v : moveAxis(values, at, first);
	return reshape(moveAxis(how.scatter(moved, tuplesOf(among), rows), front, axes), part.shape);
}

/** The shape with axes of size 1 at these positions of the result. */
function withNewAxes(shape: Shape, newAxes: readonly number[]): Shape {
	return newAxes.reduce<readonly number[]>((sizes, at) => sizes.toSpliced(at, 0, 1), shape);
}
