import { allocate } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import type { IndexedElements } from "../core/loop-form.ts";
import { apply, type Draw, defineOp, type OpFunction } from "../core/op.ts";
import { checkShape, type Shape, sameShape, showShape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { takeBlocks } from "../kernels/gathering.ts";
import {
	accumulated,
	blockPositionsOf,
	type Indices,
	indicesOf,
	sumDType,
} from "../kernels/indices.ts";
import { functionCall } from "../notation/call.ts";
import { fromFront, placed, view } from "../notation/plain.ts";
import { linear } from "../structure/linear.ts";
import { sumAtTuples } from "./indexed-sums.ts";
import { partAt } from "./part-at.ts";

/** The places of the indices, then the axes that they do not index. */
export function gatheredShape(op: string, shape: Shape, indices: Tensor): number[] {
	const depth = indices.shape.at(-1);
	if (depth === undefined || depth > shape.length) {
		throw new ShapeError(
			`${op}: expected indices whose last axis has a size from 0 to ${shape.length}, an index for each leading axis of ` +
				`${showShape(shape)}, got indices of shape ${showShape(indices.shape)}`,
		);
	}
	return [...indices.shape.slice(0, -1), ...shape.slice(depth)];
}

/** The index in x of an element that is gathered, for plain JavaScript. */
function gatheredIndex(index: readonly string[], indices: IndexedElements, shape: Shape): string[] {
	const places = indices.shape.length - 1;
	const picked = Array.from({ length: indices.shape.at(-1)! }, (_, k) =>
		fromFront(indices.at([...index.slice(0, places), String(k)]), shape[k]!),
	);
	return [...picked, ...index.slice(places)];
}

function drawGathered(draw: Draw): { shape: number[]; indices: Tensor } {
	const shape = draw.shape({ maxRank: 3, minSize: 1 });
	const depth = draw.integer(0, shape.length);
	const places = Array.from({ length: draw.integer(0, 2) }, () => draw.integer(0, 2));
	const rows = Array.from({ length: sizeOf(places) }, () =>
		shape.slice(0, depth).map((size) => draw.integer(-size, size - 1)),
	);
	return { shape, indices: new Tensor(Int32Array.from(rows.flat()), "int32", [...places, depth]) };
}

/**
 * The parts of x at many index tuples: each row of the last axis of the indices, (…×k), indexes the
 * first k axes of x, and what remains of x stands in its place; as TensorFlow's `gather_nd`. The
 * gradient of a part that is gathered several times is the sum, in the order of the indices.
 * @throws DomainError for an index out of range
 * @throws ShapeError when k is greater than the rank of x
 * @throws DTypeError for indices that are not int32
 */
export const gather: OpFunction<"gather", (x: TensorLike, indices: Indices) => Tensor> = defineOp(
	linear<"gather", null>({
		name: "gather",
		lowering: "tuples",
		infer: ([x, indices]) => ({
			shape: gatheredShape("gather", x!.shape, indices!),
			dtype: x!.dtype,
		}),
		evaluate: ([x, indices], _, { shape, dtype }) => {
			const positions = blockPositionsOf("gather", indices!, x!.shape);
			const block = sizeOf(x!.shape.slice(indices!.shape.at(-1)));
			const out = allocate(dtype, sizeOf(shape));
			takeBlocks(elements(x!), positions, { outer: 1, size: 0, inner: block }, out);
			return new Tensor(out, dtype, shape);
		},
		transpose: (g, _, { shape }, indices) => apply(ungather.op, [g, indices!], { shape }),
		placement: (_, { shape }, indices) =>
			(indices!.rank === 1 ? partAt(shape, 0, indices!, true) : null) ?? {
				sum: addGathered,
				at: { indices: indices!, shape },
			},
		loops: view((index, _, [x, indices]) => gatheredIndex(index, indices!, x!.shape)),
		print: ([x, indices]) => `gather(${x}, ${indices})`,
		sample: (draw) => {
			const { shape, indices } = drawGathered(draw);
			return { inputs: [draw.tensor(shape), indices], params: null };
		},
	}),
	(value: TensorLike, indices: Indices): Tensor =>
		apply(gather.op, [asTensor("gather", value), indicesOf("gather", indices)], null),
);

/**
 * The parts of g added up in a tensor of zeros of the given shape, each at its index tuple: the
 * transpose of `gather`. Repeated indices accumulate in their order.
 * @throws DomainError for an index out of range
 * @throws ShapeError when g does not have the shape that `gather` would give
 * @throws DTypeError for indices that are not int32, or a sum that overflows int32
 */
export const ungather: OpFunction<
	"ungather",
	(g: TensorLike, indices: Indices, shape: Shape) => Tensor
> = defineOp(
	linear<"ungather", { shape: Shape }>({
		name: "ungather",
		lowering: "tuples added",
		infer: ([g], { shape }) => ({ shape, dtype: sumDType(g!) }),
		evaluate: ([g, indices], _, { shape, dtype }) => {
			const positions = blockPositionsOf("ungather", indices!, shape);
			const block = sizeOf(shape.slice(indices!.shape.at(-1)));
			const values = elements(g!);
			const sums = allocate("float64", sizeOf(shape));
			let from = 0;
			for (let i = 0; i < positions.length; i++) {
				let o = positions[i]! * block;
				for (const end = o + block; o < end; o++, from++) sums[o]! += values[from]!;
			}
			return accumulated("ungather", sums, dtype, shape);
		},
		transpose: (g, _, __, indices) => apply(gather.op, [g, indices!], null),
		typescript: (args, { shape }) => functionCall("ungather", args, shape),
		loops: placed((index, { shape }, [, indices]) => gatheredIndex(index, indices!, shape)),
		traits: { zeros: true },
		print: ([g, indices], { shape }) => `ungather(${g}, ${indices}, (${shape.join(", ")}))`,
		sample: (draw) => {
			const { shape, indices } = drawGathered(draw);
			const g = draw.tensor(gatheredShape("ungather", shape, indices));
			return { inputs: [g, indices], params: { shape } };
		},
	}),
	(value: TensorLike, indices: Indices, shape: Shape): Tensor => {
		const g = asTensor("ungather", value);
		const at = indicesOf("ungather", indices);
		checkShape("ungather", shape);
		const expected = gatheredShape("ungather", shape, at);
		if (!sameShape(g.shape, expected)) {
			throw new ShapeError(
				`ungather: expected a tensor of shape ${showShape(expected)}, got ${showShape(g.shape)}`,
			);
		}
		return apply(ungather.op, [g, at], { shape: [...shape] });
	},
);

const addGathered = sumAtTuples((g, indices, shape) => ungather(g, indices, shape));
