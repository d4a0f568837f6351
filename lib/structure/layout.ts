import { calledAs } from "../core/called-as.ts";
import { ShapeError } from "../core/error.ts";
import { shapeBehind } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { checkNoMore } from "../core/options.ts";
import {
	type Axes,
	allAxes,
	checkList,
	checkShape,
	listOfAxes,
	normalizeAxes,
	normalizeAxis,
	reducedShape,
	reshapedStrides,
	type Shape,
	sameShape,
	showShape,
	sizeOf,
} from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { call } from "../notation/call.ts";
import { named, permuted } from "../notation/mathematics.ts";
import { view as plainView } from "../notation/plain.ts";
import { linear } from "./linear.ts";

/** The same elements seen through another shape and other strides. */
function view(x: Tensor, shape: Shape, strides: readonly number[], offset = x.offset): Tensor {
	return new Tensor(x.storage, x.dtype, shape, strides, offset);
}

/**
 * The same elements, in row-major order, in another shape of the same size. One size may be −1: it
 * follows from the others. A view where the layout allows it.
 * @throws ShapeError when the sizes do not multiply to the number of elements.
 */
export const reshape: OpFunction<"reshape", (x: TensorLike, shape: Shape) => Tensor> = defineOp(
	linear<"reshape", { shape: Shape }>({
		name: "reshape",
		lowering: "view",
		lead: shapeBehind,
		infer: ([x], { shape }) => ({ shape, dtype: x!.dtype }),
		evaluate: ([x], { shape }) => {
			const strides = reshapedStrides(x!.shape, x!.strides, shape);
			return strides === null
				? new Tensor(elements(x!), x!.dtype, shape)
				: view(x!, shape, strides);
		},
		transpose: (g, _, from) => reshape(g, from.shape),
		typescript: (args, { shape }) => call("reshape", args, shape),
		latex: ([x], { shape }) => named("reshape", [x!], shape.join(" \\times ")),
		loops: { kind: "order" },
		print: ([x], { shape }) => `${x}.reshape(${shape.join(", ") || "()"})`,
		traits: {
			view: true,
			idle: (x, { shape }) => sameShape(x.shape, shape),
			fuse: (_, second) => second,
		},
		sample: (draw) => {
			const shape = draw.shape();
			const size = sizeOf(shape);
			return {
				inputs: [draw.tensor(shape)],
				params: { shape: draw.pick([[size], [1, size], [size, 1], [...shape].reverse()]) },
			};
		},
	}),
	(value: TensorLike, shape: Shape): Tensor => {
		const x = asTensor("reshape", value);
		checkList("reshape", "a shape, an array of sizes", shape);
		if (shape.includes(-1)) return withShape(x, withFreeSize(x, shape));
		checkShape("reshape", shape);
		if (sizeOf(shape) !== x.size) throw otherSize(x, shape);
		return withShape(x, [...shape]);
	},
);

function otherSize(x: Tensor, shape: Shape): ShapeError {
	return new ShapeError(
		`reshape: expected a shape of ${x.size} elements, got ${showShape(shape)} for a tensor of shape ${showShape(x.shape)}`,
	);
}

/** A shape in which one size is −1 and follows from the others. */
function withFreeSize(x: Tensor, shape: Shape): Shape {
	const sizes = shape.filter((size) => size !== -1);
	checkShape("reshape", sizes);
	const known = sizeOf(sizes);
	if (known === 0) {
		throw new ShapeError(
			`reshape: -1 can be any size beside a size of 0, in ${showShape(shape)}; write the size`,
		);
	}
	if (shape.length - sizes.length > 1) throw otherSize(x, shape);
	if (x.size % known !== 0) {
		throw new ShapeError(
			`reshape: -1 can be no size in ${showShape(shape)}, since ${known} does not divide the ${x.size} elements of a tensor of shape ${showShape(x.shape)}`,
		);
	}
	return shape.map((size) => (size === -1 ? x.size / known : size));
}

/** `reshape` to a shape that is known to fit. */
function withShape(x: Tensor, shape: Shape): Tensor {
	return sameShape(x.shape, shape) ? x : apply(reshape.op, [x], { shape });
}

/** Whether the axes come in reverse order. */
function isReversal(axes: readonly number[]): boolean {
	return axes.every((axis, i) => axis === axes.length - 1 - i);
}

/**
 * The axes in another order: axis i of the result is axis `axes[i]` of x. A view.
 * @throws ShapeError when `axes` does not name each axis once.
 */
export const permute: OpFunction<"permute", (x: TensorLike, axes: readonly number[]) => Tensor> =
	defineOp(
		linear<"permute", { axes: readonly number[] }>({
			name: "permute",
			lowering: "view",
			lead: ({ axes }) => ({ axes: [0, ...axes.map((axis) => axis + 1)] }),
			infer: ([x], { axes }) => ({ shape: axes.map((axis) => x!.shape[axis]!), dtype: x!.dtype }),
			evaluate: ([x], { axes }, { shape }) =>
				view(
					x!,
					shape,
					axes.map((axis) => x!.strides[axis]!),
				),
			transpose: (g, { axes }) =>
				permute(
					g,
					axes.map((_, i) => axes.indexOf(i)),
				),
			typescript: (args, { axes }) =>
				isReversal(axes) ? `${args[0]}.T` : call("permute", args, axes),
			latex: ([x], { axes }) => permuted(x!, axes),
			loops: plainView((index, { axes }) => axes.map((_, i) => index[axes.indexOf(i)]!)),
			print: ([x], { axes }) =>
				isReversal(axes) ? `${x}.T` : `${x}.transpose(${axes.join(", ")})`,
			traits: {
				view: true,
				reverses: ({ axes }) => isReversal(axes),
				idle: (_, { axes }) => axes.every((axis, i) => axis === i),
				fuse: (first, second) => ({ axes: second.axes.map((axis) => first.axes[axis]!) }),
			},
			sample: (draw) => {
				const shape = draw.shape();
				const axes = shape.map((_, i) => i);
				for (let i = axes.length - 1; i > 0; i--) {
					const j = draw.integer(0, i);
					[axes[i], axes[j]] = [axes[j]!, axes[i]!];
				}
				return { inputs: [draw.tensor(shape)], params: { axes } };
			},
		}),
		(value: TensorLike, axes: readonly number[]): Tensor => {
			const x = asTensor("permute", value);
			checkList("permute", "an array of axes", axes);
			const full = axes.map((axis) => normalizeAxis("permute", axis, x.rank));
			if (full.length !== x.rank || full.some((axis, i) => full.indexOf(axis) !== i)) {
				throw new ShapeError(
					`permute: expected each axis of ${showShape(x.shape)} once, got [${axes.join(", ")}]`,
				);
			}
			return withAxes(x, full);
		},
	);

/** `permute` to an order that is known to be one. */
function withAxes(x: Tensor, axes: readonly number[]): Tensor {
	return axes.every((axis, i) => axis === i) ? x : apply(permute.op, [x], { axes });
}

/**
 * The axes in reverse order, or in the given order (as `permute`); `x.T` is short for
 * `transpose(x)`. A view.
 */
export function transpose(x: TensorLike, axes?: readonly number[]): Tensor {
	const t = asTensor("transpose", x);
	if (typeof axes === "number") {
		throw new ShapeError("transpose: expected an array of axes; to swap two of them, use swapAxes");
	}
	if (axes === undefined) return withAxes(t, allAxes(t.rank).reverse());
	return calledAs("transpose", () => permute(t, axes));
}

/**
 * The last two axes swapped: the transpose of each matrix of a batch. A view.
 * @throws ShapeError when x has fewer than two axes.
 */
export function matrixTranspose(x: TensorLike): Tensor {
	const t = asTensor("matrixTranspose", x);
	if (t.rank < 2) {
		throw new ShapeError(
			`matrixTranspose: expected a matrix or a batch of matrices, got shape ${showShape(t.shape)}`,
		);
	}
	const axes = allAxes(t.rank);
	axes[t.rank - 2] = t.rank - 1;
	axes[t.rank - 1] = t.rank - 2;
	return withAxes(t, axes);
}

/**
 * New axes of size 1, at these positions of the result. A view.
 * @throws ShapeError for a position out of range or given twice.
 */
export function expandDims(x: TensorLike, axes: Axes, ...more: never[]): Tensor {
	checkNoMore("expandDims", more, "several axes are an array, [0, 1]");
	const t = asTensor("expandDims", x);
	const rank = t.rank + listOfAxes("expandDims", axes).length;
	const added = normalizeAxes("expandDims", axes, rank);
	const shape: number[] = [];
	for (let i = 0, from = 0; i < rank; i++) {
		shape.push(added.includes(i) ? 1 : t.shape[from++]!);
	}
	return withShape(t, shape);
}

/**
 * Without the axes of size 1: all of them, or the given ones. A view.
 * @throws ShapeError when a given axis does not have size 1.
 */
export function squeeze(x: TensorLike, axes?: Axes, ...more: never[]): Tensor {
	checkNoMore("squeeze", more, "several axes are an array, [0, 1]");
	const t = asTensor("squeeze", x);
	const gone =
		axes === undefined
			? t.shape.flatMap((size, i) => (size === 1 ? [i] : []))
			: normalizeAxes("squeeze", axes, t.rank);
	const wrong = gone.find((axis) => t.shape[axis] !== 1);
	if (wrong !== undefined) {
		throw new ShapeError(
			`squeeze: axis ${wrong} has size ${t.shape[wrong]}, expected 1, in shape ${showShape(t.shape)}`,
		);
	}
	return withShape(t, reducedShape(t.shape, gone, false));
}

/**
 * All elements in row-major order along one axis. A view where the layout allows it.
 */
export function ravel(x: TensorLike): Tensor {
	const t = asTensor("ravel", x);
	return withShape(t, [t.size]);
}

/**
 * Two axes swapped. A view.
 * @throws ShapeError for an axis out of range.
 */
export function swapAxes(x: TensorLike, axis1: number, axis2: number): Tensor {
	const t = asTensor("swapAxes", x);
	const axes = allAxes(t.rank);
	const first = normalizeAxis("swapAxes", axis1, t.rank);
	const second = normalizeAxis("swapAxes", axis2, t.rank);
	[axes[first], axes[second]] = [second, first];
	return withAxes(t, axes);
}

/**
 * Axes moved to other places, from `source` to `destination`, one or several; the others keep their
 * order. A view.
 * @throws ShapeError for an axis out of range or given twice, or numbers of axes that differ.
 */
export function moveAxis(
	x: TensorLike,
	source: number | readonly number[],
	destination: number | readonly number[],
): Tensor {
	const t = asTensor("moveAxis", x);
	const placesOf = (axes: number | readonly number[]) => {
		normalizeAxes("moveAxis", axes, t.rank);
		return listOfAxes("moveAxis", axes).map((axis) => normalizeAxis("moveAxis", axis, t.rank));
	};
	const [from, to] = [placesOf(source), placesOf(destination)];
	if (from.length !== to.length) {
		throw new ShapeError(
			`moveAxis: expected as many destinations as sources, got ${from.length} sources and ${to.length} destinations`,
		);
	}
	const rest = allAxes(t.rank).filter((axis) => !from.includes(axis));
	const axes = t.shape.map((_, i) => {
		const moved = to.indexOf(i);
		return moved >= 0 ? from[moved]! : rest.shift()!;
	});
	return withAxes(t, axes);
}
