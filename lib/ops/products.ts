import { allocate, commonDType, type DType, doesNotFit } from "../dtype.ts";
import { ShapeError } from "../error.ts";
import { gemm, type Matrix } from "../kinds/gemm.ts";
import { asTensor } from "../kinds/lift.ts";
import { bilinear } from "../kinds/linear.ts";
import { apply, type OpFunction, withOp } from "../op.ts";
import { broadcastShapes, type Shape, showShape, sizeOf } from "../shape.ts";
import { forEachRun } from "../strided.ts";
import { Tensor, type TensorLike } from "../tensor.ts";
import { mul } from "./arithmetic.ts";

/** The type of a product of two tensors. */
export type Product<Name extends string> = OpFunction<
	Name,
	(x: TensorLike, w: TensorLike) => Tensor
>;

function innerMismatch(op: string, x: Shape, w: Shape): ShapeError {
	return new ShapeError(
		`${op}: expected the inner sizes to match, got ${showShape(x)}·${showShape(w)}`,
	);
}

function productDType(op: string, x: Tensor, w: Tensor): DType {
	const common = commonDType(op, x.dtype, w.dtype);
	return common === "bool" ? "int32" : common;
}

/** The last two axes of a tensor as a matrix. */
function lastMatrix(x: Tensor, offset: number): Matrix {
	return {
		storage: x.storage,
		offset,
		rowStride: x.strides.at(-2)!,
		columnStride: x.strides.at(-1)!,
	};
}

/**
 * The matrix product over the last two axes, batched over the others, which broadcast:
 * (…×m×k)·(…×k×n) = (…×m×n). Both arguments have at least two axes; for vectors there is `dot`.
 * @throws ShapeError when the inner sizes differ or an argument has fewer than two axes.
 */
export const matmul: Product<"matmul"> = withOp(
	bilinear<"matmul", null>({
		name: "matmul",
		infer: ([x, w]) => ({
			shape: [...x!.shape.slice(0, -1), w!.shape.at(-1)!],
			dtype: productDType("matmul", x!, w!),
		}),
		evaluate: ([x, w], _, { shape, dtype }) => {
			const out = allocate(dtype, sizeOf(shape));
			// Integers are summed as real numbers first, so that an overflow can be told.
			const sums = dtype === "int32" ? new Float64Array(out.length) : out;
			const [m, n, k] = [shape.at(-2)!, shape.at(-1)!, x!.shape.at(-1)!];
			const batch = shape.slice(0, -2);
			let o = 0;
			// Each batch is one step of a walk over the leading axes; the last axis of 1 makes it a run.
			const layout = (t: Tensor) => ({ strides: [...t.strides.slice(0, -2), 0], offset: t.offset });
			forEachRun([...batch, 1], [layout(x!), layout(w!)], ([left, right]) => {
				gemm(m, n, k, lastMatrix(x!, left!), lastMatrix(w!, right!), sums, o);
				o += m * n;
			});
			if (sums !== out) {
				for (let i = 0; i < out.length; i++) {
					if (sums[i] !== (sums[i]! | 0)) throw doesNotFit("matmul", sums[i]!);
					out[i] = sums[i]!;
				}
			}
			return new Tensor(out, dtype, shape);
		},
		transposes: [
			(g, _, w) => matmul(g, w.matrixTranspose()),
			(g, x) => matmul(x.matrixTranspose(), g),
		],
		print: ([x, w]) => `${x} @ ${w}`,
		sample: (draw) => {
			const batch = draw.shape({ maxRank: 2 });
			const [m, n, k] = [draw.integer(0, 4), draw.integer(0, 4), draw.integer(0, 4)];
			return {
				inputs: [draw.tensor([...batch, m, k]), draw.tensor([...batch, k, n])],
				params: null,
			};
		},
	}),
	(first: TensorLike, second: TensorLike): Tensor => {
		const [x, w] = [asTensor("matmul", first), asTensor("matmul", second)];
		if (x.rank < 2 || w.rank < 2) {
			throw new ShapeError(
				`matmul: expected at least two axes each, got ${showShape(x.shape)} and ${showShape(w.shape)}; for vectors use dot`,
			);
		}
		if (x.shape.at(-1) !== w.shape.at(-2)) throw innerMismatch("matmul", x.shape, w.shape);
		const batch = broadcastShapes("matmul", [x.shape.slice(0, -2), w.shape.slice(0, -2)]);
		return apply(
			matmul.op,
			[
				x.broadcastTo([...batch, ...x.shape.slice(-2)]),
				w.broadcastTo([...batch, ...w.shape.slice(-2)]),
			],
			null,
		);
	},
);

/** The outer product of two vectors. */
function outerProduct(x: Tensor, w: Tensor): Tensor {
	return mul(x.expandDims(1), w.expandDims(0));
}

/**
 * The product of matrices and vectors, as in NumPy: (m×k)·(k×n) = (m×n); a vector on the left counts as a row, on the
 * right as a column, and that axis is then gone. With more axes it sums over the last axis of x and the last but one
 * of w; with a scalar it is `mul`. From dY = dX·W + X·dW follow ∂X = ∂Y·Wᵀ and ∂W = Xᵀ·∂Y.
 * @throws ShapeError when the inner sizes differ.
 */
export const dot: Product<"dot"> = withOp(
	bilinear<"dot", null>({
		name: "dot",
		infer: ([x, w]) => ({
			shape: [...x!.shape.slice(0, -1), ...w!.shape.slice(1)],
			dtype: productDType("dot", x!, w!),
		}),
		evaluate: ([x, w], _, { shape }) => {
			const left = x!.rank === 1 ? x!.expandDims(0) : x!;
			const right = w!.rank === 1 ? w!.expandDims(1) : w!;
			return left.matmul(right).reshape(shape);
		},
		transposes: [
			(g, x, w) => {
				if (w.rank === 2) return dot(g, w.T);
				return x.rank === 2 ? outerProduct(g, w) : mul(g, w);
			},
			(g, x, w) => {
				if (x.rank === 2) return dot(x.T, g);
				return w.rank === 2 ? outerProduct(x, g) : mul(x, g);
			},
		],
		print: ([x, w]) => `${x}.dot(${w})`,
		sample: (draw) => {
			const size = draw.integer(0, 4);
			const rest = () => (draw.integer(0, 2) === 0 ? [] : [draw.integer(0, 4)]);
			return {
				inputs: [draw.tensor([...rest(), size]), draw.tensor([size, ...rest()])],
				params: null,
			};
		},
	}),
	(first: TensorLike, second: TensorLike): Tensor => {
		const [x, w] = [asTensor("dot", first), asTensor("dot", second)];
		if (x.rank === 0 || w.rank === 0) return mul(x, w);
		const inner = w.rank === 1 ? 0 : w.rank - 2;
		if (x.shape.at(-1) !== w.shape[inner]) throw innerMismatch("dot", x.shape, w.shape);
		if (x.rank <= 2 && w.rank <= 2) return apply(dot.op, [x, w], null);
		const axes = w.shape.map((_, i) => i).filter((i) => i !== inner);
		const columns = w.permute([inner, ...axes]);
		const product = dot(flattenTo2(x, -1), flattenTo2(columns, 0));
		return product.reshape([...x.shape.slice(0, -1), ...columns.shape.slice(1)]);
	},
);

/** x as a matrix that keeps the given axis, first or last, and flattens the others. */
function flattenTo2(x: Tensor, kept: 0 | -1): Tensor {
	const size = x.shape.at(kept)!;
	const rest = sizeOf(kept === 0 ? x.shape.slice(1) : x.shape.slice(0, -1));
	return x.reshape(kept === 0 ? [size, rest] : [rest, size]);
}
