import { apply, type Draw, type Op } from "../op.ts";
import { sizeOf } from "../shape.ts";
import { elements } from "../strided.ts";
import type { Tensor } from "../tensor.ts";
import { gemm } from "./gemm.ts";
import { bilinear } from "./linear.ts";
import { productDType, sumsOfProducts } from "./product.ts";
import { extentOf, printWindows, type WindowAxis } from "./window.ts";

/**
 * How x (N×C×H×W), the weights w (O×C/groups×KH×KW) and y (N×O×OH×OW) hang together: `axes` are the windows over H and W. The
 * sum of x·w·y over all places where an element of w meets one of x and counts for one of y is linear in each of the three;
 * leaving one open gives the three ops below, so the transposes of each are the other two.
 */
export interface CorrelationParams {
	readonly axes: readonly [rows: WindowAxis, columns: WindowAxis];
	readonly groups: number;
}

function printParams({ axes, groups }: CorrelationParams): string {
	const options = [...printWindows(axes), ...(groups === 1 ? [] : [`groups=${groups}`])];
	return options.map((option) => `, ${option}`).join("");
}

/** y from x and w: at each place, the sum of the window of x there times w. */
export const correlate: Op<"conv2d", CorrelationParams> = bilinear<"conv2d", CorrelationParams>({
	name: "conv2d",
	infer: ([x, w], { axes }) => ({
		shape: [x!.shape[0]!, w!.shape[0]!, axes[0].count, axes[1].count],
		dtype: productDType("conv2d", x!, w!),
	}),
	evaluate: ([x, w], params, type) => {
		const terms = sizeOf(w!.shape.slice(1));
		return sumsOfProducts("conv2d", x!, w!, terms, type, (image, weights) => {
			const places = sizeOf(type.shape.slice(2));
			const channels = w!.shape[1]!;
			const rows = w!.shape[0]! / params.groups;
			const patches = new Float64Array(terms * places);
			const out = new Float64Array(sizeOf(type.shape));
			const left = elements(weights);
			const right = matrix(patches, 0, places);
			forEachGroup(x!.shape[0]!, params.groups, (n, group, i) => {
				gather(image, n, group * channels, channels, params, patches);
				const filters = matrix(left, group * rows * terms, terms);
				gemm(rows, places, terms, filters, right, out, i * rows * places);
			});
			return out;
		});
	},
	transposes: [
		(g, _, w, params) => apply(correlateInput, [g, w], params),
		(g, x, _, params) => apply(correlateFilter, [x, g], params),
	],
	print: ([x, w], params) => `conv2d(${x}, ${w}${printParams(params)})`,
	sample: (draw) => {
		const { x, w, params } = drawCorrelation(draw);
		return { inputs: [x, w], params };
	},
});

/** x from y and w: each element of y spreads w over the window that it was summed from. */
export const correlateInput: Op<"convTranspose2d", CorrelationParams> = bilinear<
	"convTranspose2d",
	CorrelationParams
>({
	name: "convTranspose2d",
	infer: ([y, w], { axes, groups }) => ({
		shape: [y!.shape[0]!, w!.shape[1]! * groups, axes[0].size, axes[1].size],
		dtype: productDType("convTranspose2d", y!, w!),
	}),
	evaluate: ([y, w], params, type) => {
		const rows = w!.shape[0]! / params.groups;
		const taps = sizeOf(w!.shape.slice(2));
		return sumsOfProducts("convTranspose2d", y!, w!, rows * taps, type, (values, weights) => {
			const places = sizeOf(y!.shape.slice(2));
			const channels = w!.shape[1]!;
			const terms = channels * taps;
			const patches = new Float64Array(terms * places);
			const out = new Float64Array(sizeOf(type.shape));
			const [left, right] = [elements(weights), elements(values)];
			forEachGroup(y!.shape[0]!, params.groups, (_, group, i) => {
				patches.fill(0);
				const filters = transposed(left, group * rows * terms, terms);
				const at = matrix(right, i * rows * places, places);
				gemm(terms, places, rows, filters, at, patches, 0);
				scatter(patches, channels, params, out, i * channels * sizeOf(type.shape.slice(2)));
			});
			return out;
		});
	},
	transposes: [
		(g, _, w, params) => apply(correlate, [g, w], params),
		(g, y, _, params) => apply(correlateFilter, [g, y], params),
	],
	print: ([y, w], params) => {
		const [rows, columns] = params.axes;
		// Windows of stride 2 and more can leave elements at the end that none of them reaches.
		const spare = [rows, columns].map((axis) => {
			const reached = (axis.count - 1) * axis.stride + extentOf(axis.window, axis.dilation);
			return axis.size + axis.before + axis.after - reached;
		});
		const outputPadding = spare.every((n) => n === 0)
			? ""
			: `, output_padding=(${spare.join(", ")})`;
		return `conv_transpose2d(${y}, ${w}${printParams(params)}${outputPadding})`;
	},
	sample: (draw) => {
		const { w, y, params } = drawCorrelation(draw);
		return { inputs: [y, w], params };
	},
});

/** w from x and y: the windows of x, each times the element of y that it counts for, added up. */
export const correlateFilter: Op<"conv2dFilter", CorrelationParams> = bilinear<
	"conv2dFilter",
	CorrelationParams
>({
	name: "conv2dFilter",
	infer: ([x, y], { axes, groups }) => ({
		shape: [y!.shape[1]!, x!.shape[1]! / groups, axes[0].window, axes[1].window],
		dtype: productDType("conv2dFilter", x!, y!),
	}),
	evaluate: ([x, y], params, type) => {
		const places = sizeOf(y!.shape.slice(2));
		const count = x!.shape[0]! * places;
		return sumsOfProducts("conv2dFilter", x!, y!, count, type, (image, values) => {
			const terms = sizeOf(type.shape.slice(1));
			const channels = type.shape[1]!;
			const rows = type.shape[0]! / params.groups;
			const patches = new Float64Array(terms * places);
			const out = new Float64Array(sizeOf(type.shape));
			const left = elements(values);
			const right = transposed(patches, 0, places);
			forEachGroup(x!.shape[0]!, params.groups, (n, group, i) => {
				gather(image, n, group * channels, channels, params, patches);
				const at = matrix(left, i * rows * places, places);
				gemm(rows, terms, places, at, right, out, group * rows * terms);
			});
			return out;
		});
	},
	transposes: [
		(g, _, y, params) => apply(correlateInput, [y, g], params),
		(g, x, _, params) => apply(correlate, [x, g], params),
	],
	print: ([x, y], params) => {
		const [rows, columns] = params.axes;
		return `conv2d_filter(${x}, ${y}, size=(${rows.window}, ${columns.window})${printParams(params)})`;
	},
	sample: (draw) => {
		const { x, y, params } = drawCorrelation(draw);
		return { inputs: [x, y], params };
	},
});

/** A row-major matrix in storage, and the transpose of one. */
function matrix(storage: Tensor["storage"], offset: number, columns: number) {
	return { storage, offset, rowStride: columns, columnStride: 1 };
}

function transposed(storage: Tensor["storage"], offset: number, columns: number) {
	return { storage, offset, rowStride: 1, columnStride: columns };
}

function forEachGroup(
	batch: number,
	groups: number,
	visit: (n: number, group: number, index: number) => void,
): void {
	for (let n = 0; n < batch; n++) {
		for (let group = 0; group < groups; group++) visit(n, group, n * groups + group);
	}
}

/**
 * Calls `visit` for each run of elements of `patches` that lie inside of the image, a matrix with a row for each element of a
 * window (of one channel after the other) and a column for each place of the window: those from `at + from` to
 * `at + to`, of which the one at `at + i` is taken from column `first + i·stride` of row `h` of the image.
 */
function forEachPatchRun(
	channels: number,
	[rows, columns]: CorrelationParams["axes"],
	visit: (c: number, h: number, first: number, at: number, from: number, to: number) => void,
): void {
	let at = 0;
	for (let c = 0; c < channels; c++) {
		for (let kh = 0; kh < rows.window; kh++) {
			for (let kw = 0; kw < columns.window; kw++) {
				const first = kw * columns.dilation - columns.before;
				const from = Math.max(0, Math.ceil(-first / columns.stride));
				const to = Math.min(columns.count, Math.ceil((columns.size - first) / columns.stride));
				for (let i = 0; i < rows.count; i++, at += columns.count) {
					const h = i * rows.stride + kh * rows.dilation - rows.before;
					if (h >= 0 && h < rows.size) visit(c, h, first, at, from, to);
				}
			}
		}
	}
}

/** Lays out the windows over some channels of image n as columns; what lies in the padding stays 0. */
function gather(
	x: Tensor,
	n: number,
	channel: number,
	channels: number,
	{ axes }: CorrelationParams,
	patches: Float64Array,
): void {
	const { storage } = x;
	const [sn, sc, sh, sw] = x.strides as [number, number, number, number];
	const start = x.offset + n * sn + channel * sc;
	const step = axes[1].stride * sw;
	forEachPatchRun(channels, axes, (c, h, first, at, from, to) => {
		const origin = start + c * sc + h * sh + first * sw;
		for (let i = from; i < to; i++) patches[at + i] = storage[origin + i * step]!;
	});
}

/** Adds such columns back to where they came from, in row-major channels from out[start]. */
function scatter(
	patches: Float64Array,
	channels: number,
	{ axes }: CorrelationParams,
	out: Float64Array,
	start: number,
): void {
	const [{ size: height }, { size: width, stride }] = axes;
	forEachPatchRun(channels, axes, (c, h, first, at, from, to) => {
		const origin = start + (c * height + h) * width + first;
		for (let i = from; i < to; i++) out[origin + i * stride]! += patches[at + i]!;
	});
}

function drawAxis(draw: Draw): WindowAxis {
	const [window, stride, dilation] = [draw.integer(1, 2), draw.integer(1, 2), draw.integer(1, 2)];
	const [before, after] = [draw.integer(0, 1), draw.integer(0, 1)];
	const extent = extentOf(window, dilation);
	const size = Math.max(0, extent - before - after) + draw.integer(0, 2);
	const count = Math.floor((size + before + after - extent) / stride) + 1;
	return { size, window, count, stride, dilation, before, after };
}

function drawCorrelation(draw: Draw) {
	const [rows, columns] = [drawAxis(draw), drawAxis(draw)];
	const groups = draw.integer(1, 2);
	const [batch, channels, filters] = [draw.integer(0, 2), draw.integer(0, 1), draw.integer(0, 1)];
	const params: CorrelationParams = { axes: [rows, columns], groups };
	return {
		x: draw.tensor([batch, channels * groups, rows.size, columns.size]),
		w: draw.tensor([filters * groups, channels, rows.window, columns.window]),
		y: draw.tensor([batch, filters * groups, rows.count, columns.count]),
		params,
	};
}
