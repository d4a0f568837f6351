import type { Channels, Geometry } from "../../core/geometry.ts";
import type { Shape } from "../../core/shape.ts";
import { type Graph, type GraphTensor, wholeNumbers } from "./graph.ts";
import type { IndexMap } from "./index-maps.ts";
import { scattered } from "./places.ts";
import type { NodeForm } from "./site.ts";
import { shown } from "./views.ts";

type Params = Channels & { readonly geometry: Geometry };

/** Which tensor of a convolution is computed from the other two. */
type Wanted = "result" | "image" | "filter";

/**
 * A convolution or one of its transposes. ONNX Runtime has no nodes for them in float64: there they
 * are sums of products of windows.
 */
export function convolutionNodes(wanted: Wanted, params: Params): NodeForm {
	return ({ graph, operands, element }) => {
		const [a, b] = operands.map((x) => graph.cast(x, element)) as [GraphTensor, GraphTensor];
		const isNarrow = element === "float32" || element === "float16";
		const fits = wanted !== "filter" || params.geometry.groups === 1;
		const write = isNarrow && fits ? NODES[wanted] : SUMS[wanted];
		return write(graph, params, a, b);
	};
}

type Write = (graph: Graph, params: Params, a: GraphTensor, b: GraphTensor) => GraphTensor;

/** How many more rows and columns windows cover than lie in the image and before it. */
function missing({ image, filter, result, stride, dilation, before }: Geometry): number[] {
	return [0, 1].map((i) => {
		const covered = (result[i]! - 1) * stride[i]! + (filter[i]! - 1) * dilation[i]! + 1;
		return covered - image[i]! - before[i]!;
	});
}

/** Padding as nodes are told it, and of what windows do not reach. */
function edges(geometry: Geometry) {
	const beyond = missing(geometry);
	return {
		pads: wholeNumbers([...geometry.before, ...beyond.map((n) => Math.max(0, n))]),
		rest: beyond.map((n) => Math.max(0, -n)),
	};
}

const NODES: Readonly<Record<Wanted, Write>> = {
	result: (graph, { geometry }, x, w) =>
		graph.node("Conv", [x, w], x.element, {
			strides: wholeNumbers(geometry.stride),
			dilations: wholeNumbers(geometry.dilation),
			group: geometry.groups,
			pads: edges(geometry).pads,
		}),
	image: (graph, { geometry }, g, w) => {
		const { pads, rest } = edges(geometry);
		return graph.node("ConvTranspose", [g, w], g.element, {
			strides: wholeNumbers(geometry.stride),
			dilations: wholeNumbers(geometry.dilation),
			group: geometry.groups,
			pads,
			...(rest.some((n) => n > 0) && { output_padding: wholeNumbers(rest) }),
		});
	},
	// A convolution of images with results, of which the samples are the channels.
	filter: (graph, { geometry }, x, g) => {
		const [images, filters] = [x, g].map((one) => graph.transpose(one, [1, 0, 2, 3]));
		const made = graph.node("Conv", [images!, filters!], x.element, {
			strides: wholeNumbers(geometry.dilation),
			dilations: wholeNumbers(geometry.stride),
			pads: edges(geometry).pads,
		});
		const ends = [graph.store.wholes([0, 0]), graph.store.wholes(geometry.filter)];
		const cut = graph.node("Slice", [made, ...ends, graph.store.wholes([2, 3])], x.element);
		return graph.transpose(cut, [1, 0, 2, 3]);
	},
};

/** As sums of products of windows: s samples, g groups, i and o channels, h×w places, a×b cells. */
const SUMS: Readonly<Record<Wanted, Write>> = {
	result: (graph, params, x, w) => {
		const equation = "sgihwab,goiab->sgohw";
		const sum = einsum(graph, equation, windowsOf(graph, params, x), filtersOf(graph, params, w));
		return graph.reshape(sum, [params.samples, params.outputs, ...params.geometry.result]);
	},
	image: (graph, params, g, w) => {
		const equation = "sgohw,goiab->sgihwab";
		const made = einsum(graph, equation, resultsOf(graph, params, g), filtersOf(graph, params, w));
		const map = windowMap(params);
		const sums = scattered(graph, map, graph.reshape(made, map.shape));
		const { before, image } = params.geometry;
		const ends = [before, before.map((n, i) => n + image[i]!), [2, 3]];
		return graph.node("Slice", [sums, ...ends.map((all) => graph.store.wholes(all))], g.element);
	},
	filter: (graph, params, x, g) => {
		const equation = "sgihwab,sgohw->goiab";
		const sum = einsum(graph, equation, windowsOf(graph, params, x), resultsOf(graph, params, g));
		const { outputs, inputs, geometry } = params;
		return graph.reshape(sum, [outputs, inputs / geometry.groups, ...geometry.filter]);
	},
};

function einsum(graph: Graph, equation: string, x: GraphTensor, y: GraphTensor): GraphTensor {
	return graph.node("Einsum", [x, y], x.element, { equation });
}

function windowsOf(graph: Graph, params: Params, x: GraphTensor): GraphTensor {
	const { geometry, samples, inputs } = params;
	const { groups, before, filter, result } = geometry;
	const pads = [0, 0, ...before, 0, 0, ...missing(geometry).map((n) => Math.max(0, n))];
	const zero = graph.store.number(0, x.element);
	const padded = graph.node("Pad", [x, graph.store.wholes(pads), zero], x.element);
	const { thin } = shown(graph, windowMap(params), padded);
	return graph.reshape(thin, [samples, groups, inputs / groups, ...result, ...filter]);
}

/** Windows of padded images. */
function windowMap({ geometry, samples, inputs }: Params): IndexMap {
	const { image, before, filter, result, stride, dilation } = geometry;
	const beyond = missing(geometry).map((n) => Math.max(0, n));
	return {
		from: [samples, inputs, ...image.map((n, i) => before[i]! + n + beyond[i]!)],
		shape: [samples, inputs, ...result, ...filter],
		start: [0, 0, 0, 0],
		steps: [
			[1, 0, 0, 0, 0, 0],
			[0, 1, 0, 0, 0, 0],
			[0, 0, stride[0], 0, dilation[0], 0],
			[0, 0, 0, stride[1], 0, dilation[1]],
		],
	};
}

function filtersOf(
	graph: Graph,
	{ geometry, inputs, outputs }: Params,
	w: GraphTensor,
): GraphTensor {
	const { groups, filter } = geometry;
	const shape: Shape = [groups, outputs / groups, inputs / groups, ...filter];
	return graph.reshape(w, shape);
}

function resultsOf(
	graph: Graph,
	{ geometry, samples, outputs }: Params,
	g: GraphTensor,
): GraphTensor {
	const { groups, result } = geometry;
	return graph.reshape(g, [samples, groups, outputs / groups, ...result]);
}
