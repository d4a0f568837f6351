import { allocate } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { alike } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import { apply, defineOp, type Op, type OpFunction } from "../core/op.ts";
import { showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { call } from "../notation/call.ts";
import { affine } from "../notation/plain.ts";
import { linear } from "../structure/linear.ts";
import { checkOffset, undiagonal } from "./diagonals.ts";

export { type DiagonalOptions, diagonal } from "./diagonals.ts";

/** The type of `tril` and `triu`. */
export type Triangle<Name extends string> = OpFunction<Name, (x: TensorLike, k?: number) => Tensor>;

/** The op that keeps one side of diagonal k and sets the rest to 0. */
/* @__NO_SIDE_EFFECTS__ */
function triangle<Name extends "tril" | "triu">(name: Name): Triangle<Name> {
	const lower = name === "tril";
	const op: Op<Name, { k: number }> = linear({
		name,
		lead: alike,
		lowering: `${lower ? "lower" : "upper"} triangle`,
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		evaluate: ([x], { k }, { shape, dtype }) => {
			const out = allocate(dtype, x!.size);
			const values = elements(x!);
			const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
			for (let start = 0, row = 0; start < out.length; start += columns, row = (row + 1) % rows) {
				// Row i meets the diagonal k at column i + k.
				const split = Math.min(columns, Math.max(0, row + k + (lower ? 1 : 0)));
				const end = lower ? split : columns;
				for (let j = lower ? 0 : split; j < end; j++) out[start + j] = values[start + j]!;
			}
			return new Tensor(out, dtype, shape);
		},
		transpose: (g, params) => apply(op, [g], params),
		typescript: (args, { k }) => call(name, args, k === 0 ? undefined : k),
		loops: {
			kind: "element",
			at: ([x], index, { k }) => {
				const inside = `${affine(index.at(-2)!, 1, k)} ${lower ? ">=" : "<="} ${index.at(-1)}`;
				return `${inside} ? ${x!.at(index)} : 0`;
			},
		},
		print: ([x], { k }) => `np.${name}(${x}${k === 0 ? "" : `, k=${k}`})`,
		traits: { zeros: true },
		sample: (draw) => {
			const shape = draw.shape({ minRank: 2 });
			return { inputs: [draw.tensor(shape)], params: { k: draw.integer(-4, 4) } };
		},
	});
	const triangleOf = (value: TensorLike, k = 0): Tensor => {
		const x = asTensor(name, value);
		checkOffset(name, k);
		if (x.rank < 2) {
			throw new ShapeError(
				`${name}: expected a matrix or a batch of matrices, got shape ${showShape(x.shape)}`,
			);
		}
		return apply(op, [x], { k });
	};
	return defineOp(op, triangleOf);
}

/**
 * The lower triangle of each matrix of a batch: exactly 0 above diagonal k (0 the main one,
 * positive above it). It is its own transpose.
 * @throws ShapeError when x has fewer than two axes.
 */
export const tril: Triangle<"tril"> = triangle("tril");

/**
 * The upper triangle of each matrix of a batch: exactly 0 below diagonal k (0 the main one,
 * positive above it). It is its own transpose.
 * @throws ShapeError when x has fewer than two axes.
 */
export const triu: Triangle<"triu"> = triangle("triu");

/**
 * The square matrix with v on a diagonal and zeros elsewhere, for each vector of a batch: (…×n)
 * gives (…×m×m) with m = n + |offset|. `diagonal` goes the other way.
 * @throws ShapeError when v is a scalar.
 */
export function diagonalMatrix(v: TensorLike, offset = 0): Tensor {
	const t = asTensor("diagonalMatrix", v);
	checkOffset("diagonalMatrix", offset);
	if (t.rank === 0)
		throw new ShapeError("diagonalMatrix: expected a vector or a batch of them, got a scalar");
	const m = t.shape.at(-1)! + Math.abs(offset);
	return undiagonal(t, [...t.shape.slice(0, -1), m, m], { offset, axes: [-2, -1] });
}
