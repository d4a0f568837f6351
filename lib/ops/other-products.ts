import { axesBehind } from "../core/lead.ts";
import { arithmetic, asTensor } from "../core/lift.ts";
import { LinearMap } from "../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { type Axes, normalizeAxes, rowMajorStrides, type Shape, sizeOf } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { accumulator, finished } from "../kernels/integers.ts";
import { productsOfOthers } from "../kernels/scaled-product.ts";
import { forEachSlice } from "../kernels/slices.ts";
import { literal } from "../notation/call.ts";
import { axisLetters, named } from "../notation/mathematics.ts";
import { permute, reshape } from "../structure/layout.ts";
import { printReduction, sliceSize } from "../structure/reduction.ts";
import { add } from "./arithmetic.ts";
import { asMap } from "./as-map.ts";
import { cumprod } from "./cumulative.ts";
import { scale } from "./scaling-maps.ts";

type OthersParams = {
	readonly axes: readonly number[];
	/** Whether these are all the axes. */
	readonly all: boolean;
};

/**
 * The axes of a shape in an order in which those of a slice are neighbours; they stay where they
 * are if they are.
 */
function neighbours(shape: Shape, axes: readonly number[]) {
	const last = axes.at(-1) ?? -1;
	const kept = [...shape.keys()].filter((axis) => !axes.includes(axis));
	const before = kept.filter((axis) => axis < last);
	const behind = kept.filter((axis) => axis > last);
	const order = [...before, ...axes, ...behind];
	const sizes = (list: readonly number[]) => list.map((axis) => shape[axis]!);
	return {
		order,
		sorted: sizes(order),
		/** The shape with the axes of a slice as one, and where it is. */
		lines: [...sizes(before), sliceSize(shape, axes), ...sizes(behind)],
		axis: before.length,
		lanes: sizeOf(sizes(behind)),
	};
}

/**
 * For each element, the product of the others over axes (all of them when none are given): the
 * derivative of `prod`. It over- or underflows only where it does as a whole, is exact where
 * elements are 0, and never divides. Int32 and bool give int32.
 * @throws DTypeError when an int32 product overflows.
 */
export const prodOthers: OpFunction<"prodOthers", (x: TensorLike, axes?: Axes) => Tensor> =
	defineOp(
		{
			name: "prodOthers",
			lead: (params) => ({ ...axesBehind(params), all: false }),
			infer: ([x]) => ({ shape: x!.shape, dtype: arithmetic.result(x!.dtype) }),
			evaluate: ([x], { axes }: OthersParams, type) => {
				const { order, sorted, lanes } = neighbours(type.shape, axes);
				const n = sliceSize(type.shape, axes);
				const out = accumulator(type.dtype, x!.size);
				const multiply = productsOfOthers(n);
				forEachSlice(x!, axes, (values, start, index) => {
					const lane = index % lanes;
					multiply(values, start, out, (index - lane) * n + lane, lanes);
				});
				const { storage, dtype } = finished("prodOthers", out, { ...type, shape: sorted });
				const steps = rowMajorStrides(sorted);
				const strides = type.shape.map((_, axis) => steps[order.indexOf(axis)]!);
				return new Tensor(storage, dtype, type.shape, strides);
			},
			differential: (_, [x], __, { axes }: OthersParams) => others(x!, axes),
			typescript: ([x], { axes, all }: OthersParams) =>
				all ? `prodOthers(${x})` : `prodOthers(${x}, ${literal(axes)})`,
			latex: ([x], { axes }: OthersParams) => named("prodOthers", [x!], axisLetters(axes)),
			loops: { kind: "call", of: "products of others" },
			print: ([x], { axes, all }: OthersParams) =>
				printReduction("prod_others", x!, { axes, all, keepDims: false }),
			sample: (draw) => {
				const shape = draw.shape();
				const axes = [...shape.keys()].filter(() => draw.integer(0, 1) === 1);
				return {
					inputs: [draw.tensor(shape, { min: -1.5, max: 1.5 })],
					params: { axes, all: axes.length === shape.length },
				};
			},
		},
		(value: TensorLike, axes?: Axes): Tensor => {
			const x = asTensor("prodOthers", value);
			const along = normalizeAxes("prodOthers", axes, x.rank);
			return apply(prodOthers.op, [x], { axes: along, all: along.length === x.rank });
		},
	);

/**
 * dyᵢ = Σⱼ (Π of all xₖ but xᵢ and xⱼ)·dxⱼ, which is the same from i to j as from j to i: the map
 * is its own transpose. It is what the products before and after each element, along one axis,
 * give.
 */
function others(x: Tensor, axes: readonly number[]): LinearMap {
	const { order, sorted, lines, axis } = neighbours(x.shape, axes);
	const back = order.map((_, axis) => order.indexOf(axis));
	const line = (v: Tensor) => reshape(permute(v, order), lines);
	const tangentOf = (values: Tensor, out: Tensor, reverse: boolean, dx: Tensor) => {
		const params = { axis, reverse, exclusive: true };
		return asMap(cumprod.op.differential!(0, [values], out, params))!.apply(dx);
	};
	return new LinearMap("products of all others but one", (dx) => {
		const [values, tangent] = [line(x), line(dx)];
		const before = cumprod(values, axis, { exclusive: true });
		const after = cumprod(values, axis, { exclusive: true, reverse: true });
		const first = scale(after).apply(tangentOf(values, before, false, tangent));
		const second = scale(before).apply(tangentOf(values, after, true, tangent));
		return permute(reshape(add(first, second), sorted), back);
	});
}
