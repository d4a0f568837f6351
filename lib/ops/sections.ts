import { allocate, commonDType, type DType } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { linearMap, type Placed, type Placement } from "../core/linear-map.ts";
import { apply, defineOp, type Op, type OpFunction } from "../core/op.ts";
import {
	checkShape,
	rowMajorStrides,
	type Shape,
	sameShape,
	showShape,
	sizeOf,
} from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { accumulated, sumDType } from "../kernels/indices.ts";
import { addAt, place } from "../kernels/place.ts";
import { call, functionCall, literal } from "../notation/call.ts";
import { named } from "../notation/mathematics.ts";
import { placed, view } from "../notation/plain.ts";
import { linear } from "../structure/linear.ts";
import {
	areWhole,
	doMeet,
	drawSections,
	indexInWhole,
	printSections,
	rangesOf,
	type Section,
	type SliceRange,
	sectionsLayout,
	sectionsOf,
	sectionsShape,
	type Tiling,
	takenFrom,
	tilingOf,
	wholeAxis,
} from "./ranges.ts";
import { type SlicePlace, throughViews } from "./slices-of-views.ts";

/**
 * A part of x, as NumPy's `x[1, :, 2:5]`: a range for each axis, `x.slice(1, null, [2, 5])`; axes
 * without one are taken whole. A view.
 * @throws ShapeError for an index out of range, a step of 0, more ranges than axes.
 */
export const slice: OpFunction<"slice", (x: TensorLike, ...ranges: SliceRange[]) => Tensor> =
	defineOp(
		linear<"slice", { sections: readonly Section[] }>({
			name: "slice",
			lead: ({ sections }, size) => ({ sections: [wholeAxis(size), ...sections] }),
			lowering: "view",
			infer: ([x], { sections }) => ({ shape: sectionsShape(sections), dtype: x!.dtype }),
			evaluate: ([x], { sections }, { shape, dtype }) => {
				const { strides, offset } = sectionsLayout(sections, x!.strides, x!.offset);
				return new Tensor(x!.storage, dtype, shape, strides, offset);
			},
			transpose: (g, { sections }, { shape }) => apply(unslice.op, [g], { shape, sections }),
			placement: ({ sections }, { shape }) => sliceOf(shape, sections),
			typescript: (args, { sections }) => call("slice", args, ...rangesOf(sections)),
			latex: ([x], { sections }) => `${x}_{${printSections(sections)}}`,
			loops: view((index, { sections }) => indexInWhole(index, sections)),
			print: ([x], { sections }) => `${x}${printSections(sections)}`,
			traits: {
				takes: ({ sections }, place) => {
					const taken = takenFrom(sections, place);
					if (!Array.isArray(taken)) return taken;
					return areWhole(taken) ? "whole" : { sections: taken };
				},
			},
			sample: (draw) => {
				const shape = draw.shape();
				return { inputs: [draw.tensor(shape)], params: { sections: drawSections(draw, shape) } };
			},
		}),
		(value: TensorLike, ...ranges: readonly SliceRange[]): Tensor => {
			const x = asTensor("slice", value);
			const sections = sectionsOf("slice", ranges, x.shape);
			return areWhole(sections) ? x : apply(slice.op, [x], { sections });
		},
	);

/**
 * g at its place in a tensor of zeros of the given shape: what `slice` with the same ranges takes
 * out of the result is g again. The transpose of `slice`.
 * @throws ShapeError when a slice of that shape with those ranges does not have the shape of g.
 */
export const unslice: OpFunction<
	"unslice",
	(g: TensorLike, shape: Shape, ...ranges: SliceRange[]) => Tensor
> = defineOp(
	linear<"unslice", { shape: Shape; sections: readonly Section[] }>({
		name: "unslice",
		lead: ({ shape, sections }, size) => ({
			shape: [size, ...shape],
			sections: [wholeAxis(size), ...sections],
		}),
		lowering: "placement",
		infer: ([g], { shape }) => ({ shape, dtype: g!.dtype }),
		evaluate: ([g], { sections }, { shape, dtype }) => {
			const out = allocate(dtype, sizeOf(shape));
			place(g!, out, sectionsLayout(sections, rowMajorStrides(shape), 0));
			return new Tensor(out, dtype, shape);
		},
		transpose: (g, { sections }) => apply(slice.op, [g], { sections }),
		typescript: (args, { shape, sections }) =>
			functionCall("unslice", args, shape, ...rangesOf(sections)),
		loops: placed((index, { sections }) => indexInWhole(index, sections)),
		print: ([g], { shape, sections }) =>
			`unslice(${g}, (${shape.join(", ")}), np.s_${printSections(sections)})`,
		latex: ([g], { sections }) => named("unslice", [`${g} \\to ${printSections(sections)}`]),
		traits: {
			zeros: true,
			places: ({ sections }) => [sections],
			printAssigned: (out, args, _, { shape, sections }) =>
				putAmongZeros(out, args, shape, [sections], false),
		},
		sample: (draw) => {
			const shape = draw.shape();
			const sections = drawSections(draw, shape);
			return { inputs: [draw.tensor(sectionsShape(sections))], params: { shape, sections } };
		},
	}),
	(value: TensorLike, shape: Shape, ...ranges: readonly SliceRange[]): Tensor => {
		const g = asTensor("unslice", value);
		checkShape("unslice", shape);
		const sections = sectionsOf("unslice", ranges, shape);
		checkFits("unslice", g, sections, shape);
		return apply(unslice.op, [g], { shape: [...shape], sections });
	},
);

/**
 * That a map puts its argument where these sections of a tensor of this shape lie, and zeros
 * elsewhere.
 */
export function sliceOf(shape: Shape, sections: readonly Section[]): Placement<SlicePlace> {
	return { sum: sumOfSlices, at: { shape, sections }, within: throughViews };
}

/** The sum of slices of one tensor; one alone is put in its place. */
function sumOfSlices(slices: readonly Placed<SlicePlace>[]): Tensor {
	const [{ x, at }] = slices as readonly [Placed<SlicePlace>];
	return slices.length === 1 ? apply(unslice.op, [x], at) : added(slices);
}

/** Slices that have no element in common are put in the order in which they lie there. */
function added(slices: readonly Placed<SlicePlace>[]): Tensor {
	const { shape } = slices[0]!.at;
	const strides = rowMajorStrides(shape);
	const first = ({ at }: Placed<SlicePlace>) => sectionsLayout(at.sections, strides, 0).offset;
	const partsOf = (placed: readonly Placed<SlicePlace>[]) => placed.map(({ at }) => at.sections);
	const inOrder = slices.toSorted((a, b) => first(a) - first(b));
	const meet = tilingOf(partsOf(inOrder)) === null && doMeet(partsOf(slices));
	const placed = meet ? slices : inOrder;
	const inputs = placed.map(({ x }) => x);
	return apply(addSlicesOp, inputs, { shape, parts: partsOf(placed), meet });
}

type AddSlicesParams = {
	readonly shape: Shape;
	/** Where each argument goes. */
	readonly parts: readonly (readonly Section[])[];
	/** Whether two of them have an element in common. */
	readonly meet: boolean;
};

/** Parts that are put, or added, in their places among zeros, as statements of Python's. */
function putAmongZeros(
	out: string,
	args: readonly string[],
	shape: Shape,
	parts: readonly (readonly Section[])[],
	adds: boolean,
): string[] {
	const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
	const put = args.map((x, i) => `${out}${printSections(parts[i]!)} ${adds ? "+=" : "="} ${x}`);
	return [`${out} = np.zeros((${sizes}))`, ...put];
}

/** Where the slices are all there is, adding them is putting them together. */
function nameOf(tiling: Tiling | null): string {
	if (tiling === null) return "addSlices";
	return tiling.by === "index" ? "stack" : "concat";
}

const addSlicesOp: Op<"addSlices", AddSlicesParams> = {
	name: "addSlices",
	lead: ({ shape, parts, meet }, size) => ({
		shape: [size, ...shape],
		parts: parts.map((sections) => [wholeAxis(size), ...sections]),
		meet,
	}),
	lowering: "added placements",
	infer: ([first, ...rest], { shape }) => {
		const common = (dtype: DType, x: Tensor) => commonDType("addSlices", dtype, x.dtype);
		return { shape, dtype: rest.reduce(common, sumDType(first!)) };
	},
	evaluate: (inputs, { parts, meet }, { shape, dtype }) => {
		const strides = rowMajorStrides(shape);
		const size = sizeOf(shape);
		const out = dtype === "int32" ? new Float64Array(size) : allocate(dtype, size);
		const put = meet ? addAt : place;
		for (const [i, x] of inputs.entries()) put(x, out, sectionsLayout(parts[i]!, strides, 0));
		if (dtype !== "int32") return new Tensor(out, dtype, shape);
		return accumulated("addSlices", out as Float64Array, dtype, shape);
	},
	differential: (i, _, __, { shape, parts }) => {
		const sections = parts[i]!;
		return linearMap(
			"place in the whole",
			(dx) => apply(unslice.op, [dx], { shape, sections }),
			(g) => apply(slice.op, [g], { sections }),
			{ map: sliceOf(shape, sections) },
		);
	},
	typescript: (args, { shape, parts }) => {
		const list = `[${args.join(", ")}]`;
		const tiling = tilingOf(parts);
		if (tiling !== null) return `${nameOf(tiling)}(${list}, ${tiling.axis})`;
		return `addSlices(${list}, ${literal(shape)}, ${literal(parts.map(rangesOf))})`;
	},
	latex: (args, { parts }) => {
		const tiling = tilingOf(parts);
		const at = (x: string, i: number) => `${x} \\to ${printSections(parts[i]!)}`;
		return named(nameOf(tiling), tiling === null ? args.map(at) : args);
	},
	loops: {
		kind: "place",
		fill: () => "0",
		to: (_, i, index, { parts }) => indexInWhole(index, parts[i]!),
		adds: true,
	},
	print: (args, { shape, parts }) => {
		const list = `(${args.join(", ")},)`;
		const tiling = tilingOf(parts);
		if (tiling !== null) {
			return `np.${tiling.by === "index" ? "stack" : "concatenate"}(${list}, axis=${tiling.axis})`;
		}
		const places = parts.map((sections) => `np.s_${printSections(sections)}`);
		return `add_slices(${list}, (${shape.map((size) => `${size},`).join(" ")}), (${places.join(", ")},))`;
	},
	traits: {
		zeros: true,
		places: ({ parts, meet }) => (meet ? null : parts),
		printAssigned: (out, args, _, { shape, parts, meet }) =>
			tilingOf(parts) === null ? putAmongZeros(out, args, shape, parts, meet) : null,
	},
	sample: (draw) => {
		const shape = draw.shape({ maxRank: 3 });
		const parts = Array.from({ length: draw.integer(2, 3) }, () => drawSections(draw, shape));
		const inputs = parts.map((sections) => draw.tensor(sectionsShape(sections)));
		return { inputs, params: { shape, parts, meet: doMeet(parts) } };
	},
};

/**
 * Tensors added up in a tensor of zeros of the given shape, each at ranges of its own, as `slice`
 * takes them: the transpose of taking all of these slices of one tensor.
 * @throws ShapeError when a slice of that shape with those ranges does not have the shape of its
 * tensor, for no tensors, or not one list of ranges for each
 * @throws DTypeError for float32 beside float64, or a sum that overflows int32
 */
export const addSlices: OpFunction<
	"addSlices",
	(
		tensors: readonly TensorLike[],
		shape: Shape,
		ranges: readonly (readonly SliceRange[])[],
	) => Tensor
> = defineOp(
	addSlicesOp,
	(
		tensors: readonly TensorLike[],
		shape: Shape,
		ranges: readonly (readonly SliceRange[])[],
	): Tensor => {
		checkShape("addSlices", shape);
		if (tensors.length === 0 || ranges.length !== tensors.length) {
			throw new ShapeError(
				`addSlices: expected tensors and a list of ranges for each, got ${tensors.length} tensors and ${ranges.length} lists`,
			);
		}
		const slices = tensors.map((value, i) => {
			const x = asTensor("addSlices", value);
			const sections = sectionsOf("addSlices", ranges[i]!, shape);
			checkFits("addSlices", x, sections, shape);
			return { x, at: { shape: [...shape], sections } };
		});
		return added(slices);
	},
);

/** @throws ShapeError when the sections do not take something of the shape of g */
function checkFits(op: string, g: Tensor, sections: readonly Section[], shape: Shape): void {
	const taken = sectionsShape(sections);
	if (sameShape(taken, g.shape)) return;
	throw new ShapeError(
		`${op}: expected a tensor of shape ${showShape(taken)}, which is what the ranges take of ${showShape(shape)}, ` +
			`got ${showShape(g.shape)}`,
	);
}
