import { calledAs } from "../core/called-as.ts";
import { isFloat } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import type { IndexedElements } from "../core/loop-form.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { broadcastShapes, type Shape, showShape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import {
	multiplyMatrices,
	operands,
	productDType,
	sumsOfProducts,
	zerosForSums,
} from "../kernels/product.ts";
import { broadcastIndex } from "../notation/plain.ts";
import {
	expandDims,
	matrixTranspose,
	permute,
	ravel,
	reshape,
	squeeze,
	transpose,
} from "../structure/layout.ts";
import { bilinear } from "../structure/linear.ts";
import { stretchTo } from "../structure/stretch.ts";
import { mul } from "./arithmetic.ts";
import { type TensordotAxes, tensordotAxes } from "./tensordot-axes.ts";

export type { TensordotAxes } from "./tensordot-axes.ts";

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

function pairOf(op: string, x: TensorLike, w: TensorLike): readonly [Tensor, Tensor] {
	if (x instanceof Tensor && w instanceof Tensor) return [x, w];
	const [left, right] = operands(op, [x, w]);
	return [left!, right!];
}

/**
 * The matrix product over the last two axes, batched over the others, which broadcast:
 * (…×m×k)·(…×k×n) = (…×m×n). A vector on the left counts as a row, on the right as a column, and
 * that axis is then gone, as in NumPy.
 * @throws ShapeError when the inner sizes differ or an argument is a scalar
 * @throws DTypeError when an int32 result overflows
 */
export const matmul: Product<"matmul"> = defineOp(
	bilinear<"matmul", null>({
		name: "matmul",
		lowering: "product",
		infer: ([x, w]) => ({
			shape: x!.shape.with(-1, w!.shape.at(-1)!),
			dtype: productDType("matmul", x!, w!),
		}),
		evaluate: ([x, w], _, type) =>
			sumsOfProducts("matmul", x!, w!, x!.shape.at(-1)!, type, multiplyMatrices),
		transposes: [
			(g, _, w) => matmul(g, matrixTranspose(w)),
			(g, x) => matmul(matrixTranspose(x), g),
		],
		latex: ([x, w]) => `${x}\\,${w}`,
		loops: {
			kind: "fold",
			sizes: ([shape]) => [shape!.at(-1)!],
			start: "0",
			next: (total, [x, w], index, [k]) => {
				const [batch, i, j] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
				const at = (y: IndexedElements, ...place: string[]) =>
					y.at(broadcastIndex([...batch, ...place], y.shape));
				return `${total} += ${at(x!, i, k!)} * ${at(w!, k!, j)}`;
			},
			finish: (total) => total,
		},
		rule: "matrixProduct",
		print: ([x, w]) => `${x} @ ${w}`,
		traits: {
			multipliesMatrices: true,
			stretchesBatches: true,
			flops: ([x], out) => 2 * sizeOf(out) * x!.at(-1)!,
			// Outer products of a batch add nothing up.
			decompose: ([x, w]) => {
				const isOuter = x!.rank > 2 && x!.shape.at(-1) === 1 && isFloat(x!.dtype);
				return isOuter ? mul(x!, w!) : null;
			},
		},
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
		const [x, w] = pairOf("matmul", first, second);
		if (x.rank === 0 || w.rank === 0) {
			throw new ShapeError(
				`matmul: expected at least one axis each, got ${showShape(x.shape)} and ${showShape(w.shape)}; for scalars use mul`,
			);
		}
		const left = x.rank === 1 ? expandDims(x, 0) : x;
		const right = w.rank === 1 ? expandDims(w, 1) : w;
		if (left.shape.at(-1) !== right.shape.at(-2)) throw innerMismatch("matmul", x.shape, w.shape);
		const product = apply(matmul.op, withOneBatch(left, right), null);
		if (left === x && right === w) return product;
		return squeeze(product, left === x ? -1 : right === w ? -2 : [-2, -1]);
	},
);

/** Matrices, or batches of them, of the same batch. */
function withOneBatch(x: Tensor, w: Tensor): readonly Tensor[] {
	if (x.rank === 2 && w.rank === 2) return [x, w];
	const batch = broadcastShapes("matmul", [x.shape.slice(0, -2), w.shape.slice(0, -2)]);
	return [x, w].map((t) => stretchTo(t, [...batch, ...t.shape.slice(-2)]));
}

/**
 * The outer product x·wᵀ: every element of x times every element of w, (m) and (n) to (m×n). More
 * axes are flattened, as in NumPy.
 * @throws DTypeError when an int32 result overflows
 */
export const outer: Product<"outer"> = defineOp(
	bilinear<"outer", null>({
		name: "outer",
		lowering: "outer product",
		infer: ([x, w]) => ({ shape: [x!.size, w!.size], dtype: productDType("outer", x!, w!) }),
		evaluate: ([x, w], _, type) =>
			sumsOfProducts("outer", x!, w!, 1, type, (column, row, dtype) => {
				const [a, b] = [elements(column), elements(row)];
				const out = zerosForSums(dtype, 1, a.length * b.length);
				for (let i = 0, o = 0; i < a.length; i++) {
					for (let j = 0; j < b.length; j++) out[o++] = a[i]! * b[j]!;
				}
				return out;
			}),
		transposes: [(g, _, w) => dot(g, w), (g, x) => dot(x, g)],
		latex: ([x, w]) => `${x}\\,${w}^{\\top}`,
		loops: {
			kind: "element",
			at: ([x, w], [i, j]) => `${x!.at([i!])} * ${w!.at([j!])}`,
		},
		print: ([x, w]) => `np.outer(${x}, ${w})`,
		sample: (draw) => ({
			inputs: [draw.tensor([draw.integer(0, 4)]), draw.tensor([draw.integer(0, 4)])],
			params: null,
		}),
	}),
	(first: TensorLike, second: TensorLike): Tensor => {
		const pair = pairOf("outer", first, second);
		return apply(
			outer.op,
			pair.map((x) => (x.rank === 1 ? x : ravel(x))),
			null,
		);
	},
);

/**
 * The product of matrices and vectors, as in NumPy: (m×k)·(k×n) = (m×n); a vector on the left
 * counts as a row, on the right as a column, and that axis is then gone. With more axes it sums
 * over the last axis of x and the last but one of w; with a scalar it is `mul`. From dY = dX·W +
 * X·dW follow ∂X = ∂Y·Wᵀ and ∂W = Xᵀ·∂Y.
 * @throws ShapeError when the inner sizes differ
 * @throws DTypeError when an int32 result overflows
 */
export const dot: Product<"dot"> = defineOp(
	bilinear<"dot", null>({
		name: "dot",
		lowering: "product",
		infer: ([x, w]) => ({
			shape: x!.shape.slice(0, -1).concat(w!.shape.slice(1)),
			dtype: productDType("dot", x!, w!),
		}),
		evaluate: ([x, w], _, type) =>
			sumsOfProducts("dot", x!, w!, w!.shape[0]!, type, (left, right, dtype) =>
				multiplyMatrices(
					left.rank === 2 ? left : reshape(left, [left.size / w!.shape[0]! || 0, w!.shape[0]!]),
					right.rank === 1 ? expandDims(right, 1) : right,
					dtype,
				),
			),
		transposes: [
			(g, x, w) => {
				if (w.rank === 2) return dot(g, transpose(w));
				if (x.rank > 2) return mul(expandDims(g, -1), w);
				return x.rank === 2 ? outer(g, w) : mul(g, w);
			},
			(g, x, w) => {
				if (x.rank > 2) return contractAxes(x, g, leading(x), leading(x));
				if (x.rank === 2) return dot(transpose(x), g);
				return w.rank === 2 ? outer(x, g) : mul(x, g);
			},
		],
		latex: ([x, w]) => `${x}\\,${w}`,
		loops: {
			kind: "fold",
			sizes: ([, shape]) => [shape![0]!],
			start: "0",
			next: (total, [x, w], index, [k]) => {
				const rows = x!.shape.length - 1;
				const [left, right] = [
					[...index.slice(0, rows), k!],
					[k!, ...index.slice(rows)],
				];
				return `${total} += ${x!.at(left)} * ${w!.at(right)}`;
			},
			finish: (total) => total,
		},
		rule: "matrixProduct",
		print: ([x, w]) => `${x}.dot(${w})`,
		traits: {
			multipliesMatrices: true,
			rowByRow: true,
			flops: ([, w], out) => 2 * sizeOf(out) * w![0]!,
		},
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
		const [x, w] = pairOf("dot", first, second);
		if (x.rank === 0 || w.rank === 0) return calledAs("dot", () => mul(x, w));
		const inner = Math.max(0, w.rank - 2);
		if (x.shape.at(-1) !== w.shape[inner]) throw innerMismatch("dot", x.shape, w.shape);
		if (x.rank <= 2 && w.rank <= 2) return apply(dot.op, [x, w], null);
		return contractAxes(x, w, [x.rank - 1], [inner]);
	},
);

/** All axes of a tensor but its last. */
function leading(x: Tensor): number[] {
	return x.shape.slice(0, -1).map((_, i) => i);
}

/**
 * The product of x and w summed over pairs of axes, as in NumPy: `axes` is how many of the last
 * axes of x are summed against as many of the first of w, or two lists of axes, paired in order.
 * The other axes of x come first in the result, then those of w. With 0 axes it is the outer
 * product of tensors.
 * @throws ShapeError when paired axes differ in size or number, are out of range, or stand twice
 */
export function tensordot(x: TensorLike, w: TensorLike, axes: TensordotAxes = 2): Tensor {
	const [left, right] = pairOf("tensordot", x, w);
	const shapes = `${showShape(left.shape)} and ${showShape(right.shape)}`;
	const [xAxes, wAxes] = tensordotAxes(axes, left.rank, right.rank, shapes);
	xAxes.forEach((axis, i) => {
		if (left.shape[axis] === right.shape[wAxes[i]!]) return;
		throw new ShapeError(
			`tensordot: expected paired axes to have the same size, got axis ${axis} and axis ${wAxes[i]} of ${shapes}`,
		);
	});
	return calledAs("tensordot", () => contractAxes(left, right, xAxes, wAxes));
}

/** Sums x times w over pairs of axes: the other axes of x, then those of w, are left. */
function contractAxes(
	x: Tensor,
	w: Tensor,
	xAxes: readonly number[],
	wAxes: readonly number[],
): Tensor {
	const xKept = x.shape.map((_, i) => i).filter((i) => !xAxes.includes(i));
	const wKept = w.shape.map((_, i) => i).filter((i) => !wAxes.includes(i));
	const [rows, columns] = [xKept.map((i) => x.shape[i]!), wKept.map((i) => w.shape[i]!)];
	const terms = sizeOf(xAxes.map((i) => x.shape[i]!));
	return reshape(
		dot(
			reshape(permute(x, [...xKept, ...xAxes]), [sizeOf(rows), terms]),
			reshape(permute(w, [...wAxes, ...wKept]), [terms, sizeOf(columns)]),
		),
		[...rows, ...columns],
	);
}
