import * as kind from "../core/argument-kinds.ts";
import { allocate, checkElement } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { linearMap } from "../core/linear-map.ts";
import { apply, defineOp, type Op, type OpFunction } from "../core/op.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import { rowMajorStrides, type Shape, showShape, sizeOf } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { place } from "../kernels/place.ts";
import { call } from "../notation/call.ts";
import { affine } from "../notation/plain.ts";
import { pythonNumber } from "../notation/python.ts";
import { take } from "./indexing.ts";
import type { SliceRange } from "./ranges.ts";
import { slice, unslice } from "./sections.ts";

/** How many elements go before and after an axis. */
type Width = readonly [before: number, after: number];

/**
 * How far to pad: one number for all sides, `[before, after]` for all axes, or such a pair for each
 * axis.
 */
export type PadWidths = number | Width | readonly Width[];

/** What to pad with. */
export interface PadOptions {
	/**
	 * `constant` (the default): `value`; `edge`: the element at the edge; `reflect`: the elements
	 * mirrored at the edge, which is not repeated; `wrap`: those of the other end. As in NumPy.
	 */
	readonly mode?: "constant" | "edge" | "reflect" | "wrap";
	/** For `constant`; left out: 0. */
	readonly value?: number;
}

function widthsOf(widths: PadWidths, shape: Shape): Width[] {
	const isPair = (pair: PadWidths): pair is Width =>
		Array.isArray(pair) && pair.length === 2 && pair.every((width) => typeof width === "number");
	const each = typeof widths === "number" ? ([widths, widths] as const) : widths;
	const pairs = isPair(each) ? shape.map(() => each) : each;
	const valid = (pair: Width) =>
		isPair(pair) && pair.every((width) => Number.isSafeInteger(width) && width >= 0);
	if (!Array.isArray(pairs) || pairs.length !== shape.length || !pairs.every(valid)) {
		throw new ShapeError(
			`pad: expected a whole number from 0, [before, after], or such a pair for each axis of ${showShape(shape)}, ` +
				`got ${JSON.stringify(widths)}`,
		);
	}
	return pairs;
}

function paddedShape(shape: Shape, widths: readonly Width[]): number[] {
	return shape.map((size, i) => widths[i]![0] + size + widths[i]![1]);
}

/** The ranges of the padded tensor where x lies. */
function insideOf(shape: Shape, widths: readonly Width[]): SliceRange[] {
	return shape.map((size, i) => [widths[i]![0], widths[i]![0] + size]);
}

const padOp: Op<"pad", { widths: readonly Width[]; value: number }> = {
	name: "pad",
	lead: ({ widths, value }) => ({ widths: [[0, 0], ...widths], value }),
	lowering: "placement",
	infer: ([x], { widths }) => ({ shape: paddedShape(x!.shape, widths), dtype: x!.dtype }),
	evaluate: ([x], { widths, value }, { shape, dtype }) => {
		const out = allocate(dtype, sizeOf(shape)).fill(value);
		const strides = rowMajorStrides(shape);
		const offset = widths.reduce((at, [before], i) => at + before * strides[i]!, 0);
		place(x!, out, { strides, offset });
		return new Tensor(out, dtype, shape);
	},
	// What is padded with does not vary with x, whatever it is.
	differential: (_, [x], out, { widths }) => {
		const inside = insideOf(x!.shape, widths);
		return linearMap(
			"pad with zeros",
			(dx) => unslice(dx, out.shape, ...inside),
			(g) => slice(g, ...inside),
		);
	},
	typescript: (args, { widths, value }) =>
		call("pad", args, widths, value === 0 ? undefined : { value }),
	loops: {
		kind: "place",
		fill: ({ value }) => String(value),
		to: (_, __, index, { widths }) => index.map((i, axis) => affine(i, 1, widths[axis]![0])),
		adds: false,
	},
	print: ([x], { widths, value }) => {
		const pairs = widths.map((pair) => `(${pair.join(", ")})`).join(", ");
		if (widths.length === 0) return x!;
		return `np.pad(${x}, (${pairs},)${value === 0 ? "" : `, constant_values=${pythonNumber(value)}`})`;
	},
	sample: (draw) => {
		const shape = draw.shape({ maxRank: 2 });
		const widths = shape.map((): Width => [draw.integer(0, 2), draw.integer(0, 2)]);
		return { inputs: [draw.tensor(shape)], params: { widths, value: draw.pick([0, 1]) } };
	},
};

const PAD_OPTIONS: OptionKinds<PadOptions> = {
	mode: ["constant", "edge", "reflect", "wrap"],
	value: kind.number,
};

/** For each place along a padded axis, the index of the element of x that it repeats. */
const sources: Record<"edge" | "reflect" | "wrap", (i: number, size: number) => number> = {
	edge: (i, size) => Math.min(size - 1, Math.max(0, i)),
	reflect: (i, size) => {
		const period = Math.max(1, 2 * (size - 1));
		const at = ((i % period) + period) % period;
		return Math.min(at, period - at);
	},
	wrap: (i, size) => ((i % size) + size) % size,
};

/**
 * x with elements added before and after each axis: a constant, or elements of x repeated (`mode`).
 * The derivative does not depend on the constant: a cotangent is cut back to the inside, and what
 * repeats an element adds to its cotangent.
 * @throws ShapeError for widths that are not whole numbers from 0 or do not fit, and for an empty
 * axis that would have to repeat its elements
 * @throws DTypeError for a constant that the dtype cannot hold
 */
export const pad: OpFunction<
	"pad",
	(x: TensorLike, widths: PadWidths, options?: PadOptions) => Tensor
> = defineOp(padOp, (value: TensorLike, widths: PadWidths, options?: PadOptions): Tensor => {
	const x = asTensor("pad", value);
	const pairs = widthsOf(widths, x.shape);
	const { mode = "constant", value: fill = 0 } = checkOptions("pad", options, PAD_OPTIONS);
	if (mode === "constant") {
		checkElement("pad", fill, x.dtype);
		return apply(padOp, [x], { widths: pairs, value: fill });
	}
	return pairs.reduce((out, [before, after], axis) => {
		const size = x.shape[axis]!;
		if (before === 0 && after === 0) return out;
		if (size === 0) {
			throw new ShapeError(
				`pad: axis ${axis} of ${showShape(x.shape)} is empty, it has nothing to repeat; use the mode constant`,
			);
		}
		const taken = Array.from({ length: before + size + after }, (_, i) =>
			sources[mode](i - before, size),
		);
		return take(out, taken, axis);
	}, x);
});
