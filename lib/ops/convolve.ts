import type { Channels, Geometry, Pair } from "../core/geometry.ts";
import { apply, type Draw, defineOp, type Op, type OpFunction } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { collectFilters, convolveImages, spreadToImages } from "../kernels/convolve.ts";
import { productDType, sumsOfProducts } from "../kernels/product.ts";
import { geometryOf } from "../kernels/windows.ts";
import { functionCall } from "../notation/call.ts";
import { type BilinearRule, bilinear } from "../structure/linear.ts";
import { printConvolution, printPair } from "./window-print.ts";

type Params = Channels & {
	readonly geometry: Geometry;
};

const imageShape = ({ samples, inputs, geometry }: Params) => [samples, inputs, ...geometry.image];
const filterShape = ({ inputs, outputs, geometry }: Params) => [
	outputs,
	inputs / geometry.groups,
	...geometry.filter,
];
const outShape = ({ samples, outputs, geometry }: Params) => [samples, outputs, ...geometry.result];

const windowsOf = ({ samples, geometry }: Params) => samples * sizeOf(geometry.result);

/** One of the three products of a family, each of whose transposes are the other two. */
/* @__NO_SIDE_EFFECTS__ */
function product<Name extends string>(
	{ name, lowering }: Pick<Op<Name, Params>, "name" | "lowering">,
	shapeOf: (params: Params) => Shape,
	kernel: typeof convolveImages,
	terms: (params: Params) => number,
	transposes: BilinearRule<Name, Params>["transposes"],
	shapes: readonly [(params: Params) => Shape, (params: Params) => Shape],
	print: (args: readonly string[], geometry: Geometry) => string,
): Op<Name, Params> {
	return bilinear<Name, Params>({
		name,
		lowering,
		infer: ([x, w], params) => ({ shape: shapeOf(params), dtype: productDType(name, x!, w!) }),
		evaluate: ([x, w], params, type) =>
			sumsOfProducts(name, x!, w!, terms(params), type, (a, b) =>
				kernel(elements(a), elements(b), params.geometry, params),
			),
		transposes,
		typescript: (args, params) => functionCall(name, args, params),
		print: (args, { geometry }) => print(args, geometry),
		// All three multiply every element of the filters with one of each window.
		traits: { flops: (_, __, params) => 2 * sizeOf(filterShape(params)) * windowsOf(params) },
		sample: (draw) => {
			const params = drawParams(draw);
			return { inputs: shapes.map((of) => draw.tensor(of(params))), params };
		},
	});
}

function drawParams(draw: Draw): Params {
	const pair = (min: number, max: number): Pair => [draw.integer(min, max), draw.integer(min, max)];
	const groups = draw.integer(1, 2);
	const options = {
		stride: pair(1, 2),
		dilation: pair(1, 2),
		groups,
		padding: [pair(0, 1), pair(0, 1)] as const,
	};
	const geometry = geometryOf("sample", pair(3, 4), pair(1, 2), options);
	return {
		geometry,
		samples: draw.integer(0, 2),
		inputs: groups * draw.integer(1, 2),
		outputs: groups * draw.integer(1, 2),
	};
}

/**
 * The convolution in terms of its geometry, on which `conv2d` is built. Linear in both arguments.
 */
export const convolve: OpFunction<"convolve", (x: Tensor, w: Tensor, params: Params) => Tensor> =
	defineOp(
		product(
			{ name: "convolve", lowering: "convolution" },
			outShape,
			convolveImages,
			({ geometry, inputs }) =>
				(inputs / geometry.groups) * geometry.filter[0] * geometry.filter[1],
			[
				(g, _, w, params) => convolveInput(g, w, params),
				(g, x, _, params) => convolveFilter(x, g, params),
			],
			[imageShape, filterShape],
			(args, geometry) => printConvolution("convolve", args, geometry),
		),
		(x: Tensor, w: Tensor, params: Params): Tensor => apply(convolve.op, [x, w], params),
	);

/** The transpose of `convolve` with respect to the images, on which `convTranspose2d` is built. */
export const convolveInput: OpFunction<
	"convolveInput",
	(g: Tensor, w: Tensor, params: Params) => Tensor
> = defineOp(
	product(
		{ name: "convolveInput", lowering: "convolution to images" },
		imageShape,
		spreadToImages,
		({ geometry, outputs }) =>
			(outputs / geometry.groups) * geometry.filter[0] * geometry.filter[1],
		[
			(u, _, w, params) => convolve(u, w, params),
			(u, g, _, params) => convolveFilter(u, g, params),
		],
		[outShape, filterShape],
		(args, geometry) =>
			printConvolution("convolve_input", args, geometry, `image=${printPair(geometry.image)}`),
	),
	(g: Tensor, w: Tensor, params: Params): Tensor => apply(convolveInput.op, [g, w], params),
);

/** The transpose of `convolve` with respect to the filters: images and results to filters. */
export const convolveFilter: OpFunction<
	"convolveFilter",
	(x: Tensor, g: Tensor, params: Params) => Tensor
> = defineOp(
	product(
		{ name: "convolveFilter", lowering: "convolution to filters" },
		filterShape,
		collectFilters,
		windowsOf,
		[(u, _, g, params) => convolveInput(g, u, params), (u, x, _, params) => convolve(x, u, params)],
		[imageShape, outShape],
		(args, geometry) =>
			printConvolution("convolve_filter", args, geometry, `size=${printPair(geometry.filter)}`),
	),
	(x: Tensor, g: Tensor, params: Params): Tensor => apply(convolveFilter.op, [x, g], params),
);
