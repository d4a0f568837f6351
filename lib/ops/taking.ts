import { allocate } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { axisBehind } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import { apply, type Draw, defineOp, type OpFunction } from "../core/op.ts";
import {
	broadcastShapes,
	checkShape,
	normalizeAxis,
	type Shape,
	sameShape,
	showShape,
	sizeOf,
} from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { type PartsOfAxis, takeAlong, takeBlocks } from "../kernels/gathering.ts";
import {
	accumulated,
	drawIndices,
	type Indices,
	indicesOf,
	positionsOf,
	sumDType,
} from "../kernels/indices.ts";
import { call, functionCall } from "../notation/call.ts";
import { fromFront, placed, view } from "../notation/plain.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { reshape } from "../structure/layout.ts";
import { linear } from "../structure/linear.ts";
import { inAList, sumAlongAxes } from "./indexed-sums.ts";
import { partAt } from "./part-at.ts";

function around(shape: Shape, axis: number): PartsOfAxis {
	const inner = sizeOf(shape.slice(axis + 1));
	// Where nothing lies after it, what lies before it may have any size and is not gone through.
	return { outer: inner === 0 ? 0 : sizeOf(shape.slice(0, axis)), size: shape[axis]!, inner };
}

/** An axis of a tensor to be drawn, and indices of it in a small tensor. */
function drawTaken(draw: Draw): { shape: number[]; axis: number; indices: Tensor } {
	const shape = draw.shape({ minRank: 1, maxRank: 3, minSize: 1 });
	const axis = draw.integer(0, shape.length - 1);
	const picked = Array.from({ length: draw.integer(0, 2) }, () => draw.integer(0, 2));
	return { shape, axis, indices: drawIndices(draw, picked, shape[axis]!) };
}

/**
 * The parts of x at these indices of an axis, in their order, as NumPy's `take`: the shape of the
 * indices stands in place of the axis, which for a single number is gone. With no axis, the
 * elements of x in row-major order are indexed. The gradient of a part that is taken several times
 * is the sum, in the order of the indices.
 * @throws DomainError for an index out of range
 * @throws DTypeError for indices that are not int32
 */
export const take: OpFunction<"take", (x: TensorLike, indices: Indices, axis?: number) => Tensor> =
	defineOp(
		linear<"take", { axis: number }>({
			name: "take",
			lowering: "parts",
			infer: ([x, indices], { axis }) => ({
				shape: x!.shape.toSpliced(axis, 1, ...indices!.shape),
				dtype: x!.dtype,
			}),
			evaluate: ([x, indices], { axis }, { shape, dtype }) => {
				const parts = around(x!.shape, axis);
				const positions = positionsOf("take", indices!, axis, parts.size);
				const out = allocate(dtype, sizeOf(shape));
				takeBlocks(elements(x!), positions, parts, out);
				return new Tensor(out, dtype, shape);
			},
			transpose: (g, { axis }, { shape }, indices) =>
				apply(untake.op, [g, indices!], { axis, size: shape[axis]! }),
			placement: ({ axis }, { shape }, at) =>
				partAt(shape, axis, at!) ?? { sum: addTaken, at: { indices: at, axis, shape } },
			typescript: (args, { axis }) => call("take", args, axis),
			loops: view((index, { axis }, [x, indices]) => {
				const end = axis + indices!.shape.length;
				const picked = fromFront(indices!.at(index.slice(axis, end)), x!.shape[axis]!);
				return [...index.slice(0, axis), picked, ...index.slice(end)];
			}),
			print: ([x, indices], { axis }) => `np.take(${x}, ${indices}, axis=${axis})`,
			sample: (draw) => {
				const { shape, axis, indices } = drawTaken(draw);
				return { inputs: [draw.tensor(shape), indices], params: { axis } };
			},
		}),
		(value: TensorLike, indices: Indices, axis?: number): Tensor => {
			const given = asTensor("take", value);
			const x = axis === undefined ? reshape(given, [given.size]) : given;
			const along = normalizeAxis("take", axis ?? 0, x.rank);
			return apply(take.op, [x, indicesOf("take", indices)], { axis: along });
		},
	);

/**
 * g added up in a tensor of zeros whose axis has the given size, each part at its index: the
 * transpose of `take` with the same indices and axis. In g, the axes of the indices stand in place
 * of that axis. Repeated indices accumulate in their order.
 * @throws DomainError for an index out of range
 * @throws ShapeError when g does not have the axes of the indices in place of the axis
 * @throws DTypeError for indices that are not int32, or a sum that overflows int32
 */
export const untake: OpFunction<
	"untake",
	(g: TensorLike, indices: Indices, axis: number, size: number) => Tensor
> = defineOp(
	linear<"untake", { axis: number; size: number }>({
		name: "untake",
		lowering: "parts added",
		infer: ([g, indices], { axis, size }) => ({
			shape: [...g!.shape.slice(0, axis), size, ...g!.shape.slice(axis + indices!.rank)],
			dtype: sumDType(g!),
		}),
		evaluate: ([g, indices], { axis }, { shape, dtype }) => {
			const { outer, size, inner } = around(shape, axis);
			const positions = positionsOf("untake", indices!, axis, size);
			const sums = allocate("float64", sizeOf(shape));
			const values = elements(g!);
			let from = 0;
			for (let i = 0; i < outer; i++) {
				for (let j = 0; j < positions.length; j++) {
					let o = (i * size + positions[j]!) * inner;
					for (const end = o + inner; o < end; o++, from++) sums[o]! += values[from]!;
				}
			}
			return accumulated("untake", sums, dtype, shape);
		},
		transpose: (g, { axis }, _, indices) => apply(take.op, [g, indices!], { axis }),
		typescript: (args, { axis, size }) => functionCall("untake", args, axis, size),
		loops: placed((index, { axis, size }, [, indices]) => {
			const end = axis + indices!.shape.length;
			const picked = fromFront(indices!.at(index.slice(axis, end)), size);
			return [...index.slice(0, axis), picked, ...index.slice(end)];
		}),
		print: ([g, indices], { axis, size }) => `untake(${g}, ${indices}, axis=${axis}, size=${size})`,
		traits: { zeros: true },
		sample: (draw) => {
			const { shape, axis, indices } = drawTaken(draw);
			const g = draw.tensor(shape.toSpliced(axis, 1, ...indices.shape));
			return { inputs: [g, indices], params: { axis, size: shape[axis]! } };
		},
	}),
	(value: TensorLike, indices: Indices, axis: number, size: number): Tensor => {
		const g = asTensor("untake", value);
		const at = indicesOf("untake", indices);
		checkShape("untake", [size]);
		const along = normalizeAxis("untake", axis, g.rank - at.rank + 1);
		const found = g.shape.slice(along, along + at.rank);
		if (!sameShape(found, at.shape)) {
			throw new ShapeError(
				`untake: expected the axes ${showShape(at.shape)} of the indices from axis ${along} on, got shape ${showShape(g.shape)}`,
			);
		}
		return apply(untake.op, [g, at], { axis: along, size });
	},
);

/**
 * For each place of the indices, the element of x at that index of the axis, the place being the
 * same along the other axes, which broadcast; as NumPy's `take_along_axis`. It takes what `argsort`
 * gives.
 * @throws DomainError for an index out of range
 * @throws ShapeError for ranks that differ, or other sizes that do not broadcast
 * @throws DTypeError for indices that are not int32
 */
export const takeAlongAxis: OpFunction<
	"takeAlongAxis",
	(x: TensorLike, indices: Indices, axis: number) => Tensor
> = defineOp(
	linear<"takeAlongAxis", { axis: number }>({
		name: "takeAlongAxis",
		lead: axisBehind,
		lowering: "along axis",
		infer: ([x, indices]) => ({ shape: indices!.shape, dtype: x!.dtype }),
		evaluate: ([x, indices], { axis }, { shape, dtype }) => {
			const parts = around(x!.shape, axis);
			const positions = positionsOf("takeAlongAxis", indices!, axis, parts.size);
			const out = allocate(dtype, positions.length);
			takeAlong(elements(x!), positions, shape[axis]!, parts, out);
			return new Tensor(out, dtype, shape);
		},
		transpose: (g, { axis }, { shape }, indices) =>
			apply(untakeAlongAxis.op, [g, indices!], { axis, size: shape[axis]! }),
		placement: ({ axis }, { shape }, at) => ({ sum: addAlong, at: { indices: at, axis, shape } }),
		typescript: (args, { axis }) => call("takeAlongAxis", args, axis),
		loops: view((index, { axis }, [x, indices]) =>
			index.with(axis, fromFront(indices!.at(index), x!.shape[axis]!)),
		),
		print: ([x, indices], { axis }) => `np.take_along_axis(${x}, ${indices}, axis=${axis})`,
		sample: (draw) => {
			const { shape, axis, indices } = drawAlong(draw);
			return { inputs: [draw.tensor(shape), indices], params: { axis } };
		},
	}),
	(value: TensorLike, indices: Indices, axis: number): Tensor => {
		const x = asTensor("takeAlongAxis", value);
		const at = indicesOf("takeAlongAxis", indices);
		const along = normalizeAxis("takeAlongAxis", axis, x.rank);
		if (at.rank !== x.rank) {
			throw new ShapeError(
				`takeAlongAxis: expected x and the indices to have one rank, got ${showShape(x.shape)} and ${showShape(at.shape)}`,
			);
		}
		const others = (shape: Shape) => shape.with(along, 1);
		const common = broadcastShapes("takeAlongAxis", [others(x.shape), others(at.shape)]);
		const stretched = (t: Tensor) => broadcastTo(t, common.with(along, t.shape[along]!));
		return apply(takeAlongAxis.op, [stretched(x), stretched(at)], { axis: along });
	},
);

/**
 * Each element of g added in a tensor of zeros at its index of the axis, which has the given size
 * there: the transpose of `takeAlongAxis`. Repeated indices accumulate in their order.
 * @throws DomainError for an index out of range
 * @throws ShapeError when g and the indices differ in shape
 * @throws DTypeError for indices that are not int32, or a sum that overflows int32
 */
export const untakeAlongAxis: OpFunction<
	"untakeAlongAxis",
	(g: TensorLike, indices: Indices, axis: number, size: number) => Tensor
> = defineOp(
	linear<"untakeAlongAxis", { axis: number; size: number }>({
		name: "untakeAlongAxis",
		lead: axisBehind,
		lowering: "along axis added",
		infer: ([g], { axis, size }) => ({ shape: g!.shape.with(axis, size), dtype: sumDType(g!) }),
		evaluate: ([g, indices], { axis }, { shape, dtype }) => {
			const { outer, size, inner } = around(shape, axis);
			const positions = positionsOf("untakeAlongAxis", indices!, axis, size);
			const values = elements(g!);
			const sums = allocate("float64", sizeOf(shape));
			let from = 0;
			for (let i = 0; i < outer; i++) {
				for (let j = 0; j < g!.shape[axis]!; j++) {
					for (let k = 0; k < inner; k++, from++) {
						sums[(i * size + positions[from]!) * inner + k]! += values[from]!;
					}
				}
			}
			return accumulated("untakeAlongAxis", sums, dtype, shape);
		},
		transpose: (g, { axis }, _, indices) => apply(takeAlongAxis.op, [g, indices!], { axis }),
		typescript: (args, { axis, size }) => functionCall("untakeAlongAxis", args, axis, size),
		loops: placed((index, { axis, size }, [, indices]) =>
			index.with(axis, fromFront(indices!.at(index), size)),
		),
		print: ([g, indices], { axis, size }) =>
			`untake_along_axis(${g}, ${indices}, axis=${axis}, size=${size})`,
		traits: { zeros: true, scatters: ({ axis }) => axis },
		sample: (draw) => {
			const { shape, axis, indices } = drawAlong(draw);
			return {
				inputs: [draw.tensor(indices.shape), indices],
				params: { axis, size: shape[axis]! },
			};
		},
	}),
	(value: TensorLike, indices: Indices, axis: number, size: number): Tensor => {
		const g = asTensor("untakeAlongAxis", value);
		const at = indicesOf("untakeAlongAxis", indices);
		checkShape("untakeAlongAxis", [size]);
		const along = normalizeAxis("untakeAlongAxis", axis, g.rank);
		if (!sameShape(g.shape, at.shape)) {
			throw new ShapeError(
				`untakeAlongAxis: expected a tensor of the shape ${showShape(at.shape)} of the indices, got ${showShape(g.shape)}`,
			);
		}
		return apply(untakeAlongAxis.op, [g, at], { axis: along, size });
	},
);

// How the parts that several `take` or `takeAlongAxis` took of one tensor go back.
const addTakenInLists = sumAlongAxes((...args) => untake(...args));
const addTaken: typeof addTakenInLists = (placed) => addTakenInLists(placed.map(inAList));
const addAlong = sumAlongAxes((...args) => untakeAlongAxis(...args));

/** A shape, an axis of it, and as many indices of that axis at each place along the others. */
function drawAlong(draw: Draw): { shape: number[]; axis: number; indices: Tensor } {
	const shape = draw.shape({ minRank: 1, maxRank: 3, minSize: 1 });
	const axis = draw.integer(0, shape.length - 1);
	const picked = shape.with(axis, draw.integer(0, 4));
	return { shape, axis, indices: drawIndices(draw, picked, shape[axis]!) };
}
