import type { Geometry, Pair } from "../../../core/geometry.ts";
import type { Convolution, KernelOf, Wanted } from "../../../schedule/kernel.ts";
import type { ShaderOperand, ShaderPlan } from "../wgsl/shader.ts";
import {
	areaOf,
	everyPoint,
	firstPoint,
	type PlaneWalk,
	planarFactor,
	planarTarget,
} from "./convolutions/planes.ts";
import { matrixFactor, type ProductFactor } from "./products/factor.ts";
import { productsPlan } from "./products/plan.ts";
import { range } from "./products/text.ts";
import { type Products, type ShaderTile, type TileLimits, tilesFor } from "./products/tile.ts";

/** The tiles by which a convolution can be computed, all to the same bits, the best guess first. */
export function convolutionTiles(
	convolution: Convolution,
	wanted: Wanted,
	limits?: TileLimits,
): readonly ShaderTile[] {
	return tilesFor(productsFor[wanted](convolution)[0]!, limits);
}

/**
 * The shaders of a convolution, or of one of its transposes, and the loop after it.
 * @throws Unsupported for float64
 */
export function convolutionPlan(
	{ convolution, wanted, ...epilogue }: KernelOf<"convolution">,
	operands: readonly ShaderOperand[],
	tile: ShaderTile = convolutionTiles(convolution, wanted)[0]!,
): ShaderPlan {
	return productsPlan(operands, productsFor[wanted](convolution), tile, epilogue);
}

// The products of a convolution, a matrix for each group of channels. Nothing is copied: factors
// say where the elements of the windows lie.

const productsFor = { result, image, filter } satisfies Record<Wanted, unknown>;

/** Sizes of the parts of a group. */
function sizes({ inputs, outputs, geometry }: Convolution) {
	const { image, filter, result, groups } = geometry;
	const [perIn, perOut] = [inputs / groups, outputs / groups];
	return {
		perIn,
		perOut,
		depth: perIn * areaOf(filter),
		pixels: areaOf(image),
		area: areaOf(result),
	};
}

/** The first points of the windows, and the cells of a window from there. */
function walksOf({ stride, dilation, before, filter, result }: Geometry) {
	const start: Pair = [-before[0], -before[1]];
	return {
		windows: { size: result, step: stride, start },
		cells: { size: filter, step: dilation, start: [0, 0] },
	} as const;
}

/** Filters (outputs × cells) times windows (cells × points of the results of all samples). */
function result(convolution: Convolution): Products[] {
	const { samples, inputs, outputs, geometry } = convolution;
	const { groups } = geometry;
	const { perIn, perOut, depth, pixels, area } = sizes(convolution);
	const { windows, cells } = walksOf(geometry);
	const n = samples * area;
	const right = planarFactor({
		...{ operand: 0, size: geometry.image, group: perIn * pixels, lines: n, along: "lines" },
		line: { ...windows, plane: inputs * pixels },
		term: { ...cells, plane: pixels },
	});
	const strides = [perOut * depth, depth, 1];
	const left = matrixFactor(1, [groups], strides, { lines: perOut, terms: depth }, true);
	const points = everyPoint(geometry.result, outputs * area);
	const target = planarTarget(geometry.result, perOut, points);
	return [{ batch: groups, m: perOut, n, k: depth, left, right, target }];
}

/** The result (outputs × its points) times windows (points × cells), added over all samples. */
function filter(convolution: Convolution): Products[] {
	const { samples, inputs, outputs, geometry } = convolution;
	const { perIn, perOut, depth, pixels, area } = sizes(convolution);
	const { windows, cells } = walksOf(geometry);
	const left = planarFactor({
		...{ operand: 1, size: geometry.result, group: perOut * area, lines: perOut, along: "terms" },
		line: firstPoint(area),
		term: everyPoint(geometry.result, outputs * area),
	});
	const right = planarFactor({
		...{ operand: 0, size: geometry.image, group: perIn * pixels, lines: depth, along: "terms" },
		line: { ...cells, plane: pixels },
		term: { ...windows, plane: inputs * pixels },
	});
	const element = `(batch * ${perOut} + row) * ${depth} + column`;
	const target = { element, row: `column / ${areaOf(geometry.filter)}`, fours: true };
	return [{ batch: geometry.groups, m: perOut, n: depth, k: samples * area, left, right, target }];
}

/**
 * Filters, transposed (inputs × outputs and cells), times the points of the result whose windows
 * have a cell on a point of the image. With strides, neighbours in the image lie under other cells:
 * there is a product for each kind.
 */
function image(convolution: Convolution): Products[] {
	const { image, filter, stride, dilation, before } = convolution.geometry;
	const kinds = ([0, 1] as const).map((i) =>
		kindsOf(image[i], filter[i], stride[i], dilation[i], before[i]),
	);
	return kinds[0]!.flatMap((rows) =>
		kinds[1]!.map((columns) => imageOf(convolution, rows, columns)),
	);
}

/** Every `step`th point of an image along an axis, and the cells of windows that lie on them. */
interface Kind {
	/** The first of the points, and how many there are. */
	readonly start: number;
	readonly count: number;
	/** The cells. */
	readonly cell: { readonly start: number; readonly count: number; readonly step: number };
	/** The window whose first cell lies on the first point; and how much earlier with each cell. */
	readonly window: number;
	readonly back: number;
}

function kindsOf(
	size: number,
	filter: number,
	stride: number,
	dilation: number,
	before: number,
): Kind[] {
	const cells = range(filter);
	return range(Math.max(1, Math.min(stride, size))).map((start) => {
		const touching = cells.filter((cell) => (start + before - cell * dilation) % stride === 0);
		const [first = 0, second = first + 1] = touching;
		return {
			start,
			count: Math.ceil((size - start) / stride),
			cell: { start: first, count: touching.length, step: second - first },
			window: touching.length === 0 ? 0 : (start + before - first * dilation) / stride,
			back: ((second - first) * dilation) / stride,
		};
	});
}

function imageOf(convolution: Convolution, rows: Kind, columns: Kind): Products {
	const { samples, inputs, outputs, geometry } = convolution;
	const { groups } = geometry;
	const { perIn, perOut, depth, pixels, area } = sizes(convolution);
	const pair = (of: (kind: Kind) => number): Pair => [of(rows), of(columns)];
	const points = pair(({ count }) => count);
	const cells = pair(({ cell }) => cell.count);
	const n = samples * areaOf(points);
	const right = planarFactor({
		...{ operand: 0, size: geometry.result, group: perOut * area, lines: n, along: "lines" },
		line: {
			size: points,
			step: [1, 1],
			start: pair(({ window }) => window),
			plane: outputs * area,
		},
		term: { size: cells, step: pair(({ back }) => -back), start: [0, 0], plane: area },
	});
	const left = transposedFilters(convolution, {
		size: cells,
		step: pair(({ cell }) => cell.step),
		start: pair(({ cell }) => cell.start),
		plane: depth,
	});
	const target = planarTarget(geometry.image, perIn, {
		size: points,
		step: geometry.stride,
		start: pair(({ start }) => start),
		plane: inputs * pixels,
	});
	return { batch: groups, m: perIn, n, k: perOut * areaOf(cells), left, right, target };
}

/** Filters with inputs as lines, and as terms some of their cells in each of the outputs. */
function transposedFilters(convolution: Convolution, term: PlaneWalk): ProductFactor {
	const { groups, filter } = convolution.geometry;
	const { perIn, perOut, depth } = sizes(convolution);
	const group = perOut * depth;
	if (areaOf(filter) === 1) {
		return matrixFactor(1, [groups], [group, 1, depth], { lines: perIn, terms: perOut }, true);
	}
	const line = firstPoint(areaOf(filter));
	return planarFactor({
		operand: 1,
		size: filter,
		group,
		lines: perIn,
		line,
		term,
		along: "terms",
	});
}
