import * as kind from "../core/argument-kinds.ts";
import { allocate } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { shapeBehind } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import type { Placed } from "../core/linear-map.ts";
import { apply, type Draw, defineOp, type OpFunction } from "../core/op.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import {
	checkShape,
	normalizeAxis,
	rowMajorStrides,
	type Shape,
	sameShape,
	showShape,
	sizeOf,
} from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { place } from "../kernels/place.ts";
import { call, functionCall } from "../notation/call.ts";
import { affine, placed, view } from "../notation/plain.ts";
import { permute, reshape } from "../structure/layout.ts";
import { linear } from "../structure/linear.ts";
import { add } from "./arithmetic.ts";
import { groups } from "./indexed-sums.ts";
import type { SliceRange } from "./ranges.ts";
import { addSlices } from "./sections.ts";

/** @throws ShapeError for a diagonal that is not whole */
export function checkOffset(op: string, offset: number): void {
	if (!Number.isSafeInteger(offset)) {
		throw new ShapeError(`${op}: expected a whole number for the diagonal, got ${offset}`);
	}
}

/**
 * Which diagonal: `offset` above the main one (below, if negative), of the matrices that the two
 * axes span.
 */
export interface DiagonalOptions {
	/** Left out: 0. */
	readonly offset?: number;
	/** The axes of the rows and of the columns; left out: the first two. */
	readonly axes?: readonly [rows: number, columns: number];
}

type DiagonalParams = {
	readonly offset: number;
	readonly axes: readonly [number, number];
};

const DIAGONAL_OPTIONS: OptionKinds<DiagonalOptions> = {
	offset: kind.number,
	axes: { expected: "an array of two axes", holds: Array.isArray },
};

function diagonalParams(
	op: string,
	options: DiagonalOptions | undefined,
	rank: number,
): DiagonalParams {
	const { offset = 0, axes = [0, 1] } = checkOptions(op, options, DIAGONAL_OPTIONS);
	checkOffset(op, offset);
	if (rank < 2) {
		throw new ShapeError(`${op}: expected at least two axes, got a tensor of rank ${rank}`);
	}
	const [rows, columns] = [normalizeAxis(op, axes[0], rank), normalizeAxis(op, axes[1], rank)];
	if (rows === columns) {
		throw new ShapeError(`${op}: expected two different axes, got [${axes.join(", ")}]`);
	}
	return { offset, axes: [rows, columns] };
}

/** The other axes in order, then the diagonal, which is as long as the matrix allows. */
function diagonalShape(shape: Shape, { offset, axes: [rows, columns] }: DiagonalParams): number[] {
	const size = Math.min(shape[rows]! + Math.min(0, offset), shape[columns]! - Math.max(0, offset));
	return [...shape.filter((_, i) => i !== rows && i !== columns), Math.max(0, size)];
}

function diagonalLayout(
	{ offset, axes: [rows, columns] }: DiagonalParams,
	strides: readonly number[],
	origin: number,
): { strides: number[]; offset: number } {
	const start = offset >= 0 ? offset * strides[columns]! : -offset * strides[rows]!;
	return {
		strides: [
			...strides.filter((_, i) => i !== rows && i !== columns),
			strides[rows]! + strides[columns]!,
		],
		offset: origin + start,
	};
}

/** Where an element of a diagonal lies in the whole, for plain JavaScript. */
function indexOnDiagonal(
	index: readonly string[],
	{ offset, axes: [rows, columns] }: DiagonalParams,
): string[] {
	const [rest, along] = [index.slice(0, -1).values(), index.at(-1)!];
	return Array.from({ length: index.length + 1 }, (_, axis) => {
		if (axis === rows) return affine(along, 1, Math.max(0, -offset));
		return axis === columns ? affine(along, 1, Math.max(0, offset)) : rest.next().value!;
	});
}

/** The same diagonal of a tensor with one more axis in front. */
function behind<P extends DiagonalParams>(params: P): P {
	return { ...params, axes: [params.axes[0] + 1, params.axes[1] + 1] };
}

function printDiagonalOptions({ offset, axes: [rows, columns] }: DiagonalParams): string {
	const axes = rows === 0 && columns === 1 ? "" : `, axis1=${rows}, axis2=${columns}`;
	return `${offset === 0 ? "" : `, offset=${offset}`}${axes}`;
}

function drawDiagonal(draw: Draw): { shape: number[]; params: DiagonalParams } {
	const shape = draw.shape({ minRank: 2 });
	const rows = draw.integer(0, shape.length - 1);
	const columns = (rows + draw.integer(1, shape.length - 1)) % shape.length;
	return { shape, params: { offset: draw.integer(-3, 3), axes: [rows, columns] } };
}

/**
 * A diagonal of the matrices that two axes span, as the last axis of the result; the other axes
 * come before it. Empty where the offset lies outside. A view. `diagonalMatrix` goes the other way.
 * @throws ShapeError when x has fewer than two axes, or the axes are the same or out of range.
 */
export const diagonal: OpFunction<
	"diagonal",
	(x: TensorLike, options?: DiagonalOptions) => Tensor
> = defineOp(
	linear<"diagonal", DiagonalParams>({
		name: "diagonal",
		lead: behind,
		lowering: "view",
		infer: ([x], params) => ({ shape: diagonalShape(x!.shape, params), dtype: x!.dtype }),
		evaluate: ([x], params, { shape, dtype }) => {
			const { strides, offset } = diagonalLayout(params, x!.strides, x!.offset);
			return new Tensor(x!.storage, dtype, shape, strides, offset);
		},
		transpose: (g, params, { shape }) => apply(undiagonal.op, [g], { ...params, shape }),
		placement: (params, { shape }) => ({ sum: sumOfDiagonals, at: { ...params, shape } }),
		typescript: (args, { offset, axes }) => call("diagonal", args, { offset, axes }),
		loops: view((index, params) => indexOnDiagonal(index, params)),
		print: ([x], params) => `np.diagonal(${x}${printDiagonalOptions(params)})`,
		sample: (draw) => {
			const { shape, params } = drawDiagonal(draw);
			return { inputs: [draw.tensor(shape)], params };
		},
	}),
	(value: TensorLike, options?: DiagonalOptions): Tensor => {
		const x = asTensor("diagonal", value);
		return apply(diagonal.op, [x], diagonalParams("diagonal", options, x.rank));
	},
);

/**
 * g on a diagonal of a tensor of zeros of the given shape: what `diagonal` with the same options
 * takes out of the result is g again. The transpose of `diagonal`.
 * @throws ShapeError when that diagonal of that shape does not have the shape of g.
 */
export const undiagonal: OpFunction<
	"undiagonal",
	(g: TensorLike, shape: Shape, options?: DiagonalOptions) => Tensor
> = defineOp(
	linear<"undiagonal", DiagonalParams & { shape: Shape }>({
		name: "undiagonal",
		lead: (params, size) => shapeBehind(behind(params), size),
		lowering: "placement",
		infer: ([g], { shape }) => ({ shape, dtype: g!.dtype }),
		evaluate: ([g], params, { shape, dtype }) => {
			const out = allocate(dtype, sizeOf(shape));
			place(g!, out, diagonalLayout(params, rowMajorStrides(shape), 0));
			return new Tensor(out, dtype, shape);
		},
		transpose: (g, { offset, axes }) => apply(diagonal.op, [g], { offset, axes }),
		typescript: (args, { shape, offset, axes }) =>
			functionCall("undiagonal", args, shape, { offset, axes }),
		loops: placed((index, params) => indexOnDiagonal(index, params)),
		traits: { zeros: true },
		print: ([g], params) => {
			const [rows, columns] = params.shape;
			const [size] = diagonalShape(params.shape, params);
			const { offset } = params;
			const full = params.shape.length === 2 && rows === columns && params.axes[0] === 0;
			if (full && rows === size! + Math.abs(offset)) {
				return `np.diag(${g}${offset === 0 ? "" : `, k=${offset}`})`;
			}
			return `undiagonal(${g}, (${params.shape.join(", ")})${printDiagonalOptions(params)})`;
		},
		sample: (draw) => {
			const { shape, params } = drawDiagonal(draw);
			return {
				inputs: [draw.tensor(diagonalShape(shape, params))],
				params: { ...params, shape },
			};
		},
	}),
	(value: TensorLike, shape: Shape, options?: DiagonalOptions): Tensor => {
		const g = asTensor("undiagonal", value);
		checkShape("undiagonal", shape);
		const params = diagonalParams("undiagonal", options, shape.length);
		const expected = diagonalShape(shape, params);
		if (!sameShape(expected, g.shape)) {
			throw new ShapeError(
				`undiagonal: expected a tensor of shape ${showShape(expected)}, the diagonal of ${showShape(shape)}, ` +
					`got ${showShape(g.shape)}`,
			);
		}
		return apply(undiagonal.op, [g], { ...params, shape: [...shape] });
	},
);

/** So many diagonals are put in a tensor each, as in a tridiagonal matrix. */
const FEW = 3;

/**
 * Diagonals added up in a tensor of zeros. Of more than a few, a tensor for each would be
 * too much: in a matrix that lies in one row, they are slices with a step.
 */
function sumOfDiagonals(diagonals: readonly Placed<DiagonalParams & { shape: Shape }>[]): Tensor {
	if (diagonals.length <= FEW) {
		return diagonals
			.map(({ x, at }) => apply(undiagonal.op, [x], at))
			.reduce((sum, one) => add(sum, one));
	}
	return groups(diagonals, ({ at }) => at.axes.join())
		.map((group) => {
			const { shape, axes } = group[0]!.at;
			const rest = shape.map((_, i) => i).filter((i) => !axes.includes(i));
			const order = [...rest, ...axes];
			const inOrder = order.map((axis) => shape[axis]!);
			const columns = shape[axes[1]]!;
			const flat = [...inOrder.slice(0, -2), shape[axes[0]]! * columns];
			const sum = addSlices(
				group.map(({ x }) => x),
				flat,
				group.map(({ x, at: { offset } }): SliceRange[] => {
					const start = offset >= 0 ? offset : -offset * columns;
					const end = start + x.shape.at(-1)! * (columns + 1);
					return [...rest.map(() => null), [start, end, columns + 1]];
				}),
			);
			return permute(
				reshape(sum, inOrder),
				shape.map((_, axis) => order.indexOf(axis)),
			);
		})
		.reduce((sum, one) => add(sum, one));
}
