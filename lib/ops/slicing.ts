import { allocate } from "../dtype.ts";
import { ShapeError } from "../error.ts";
import { asTensor } from "../kinds/lift.ts";
import { linear } from "../kinds/linear.ts";
import { place } from "../kinds/place.ts";
import { call } from "../notation/call.ts";
import { affine, placed, view } from "../notation/plain.ts";
import { apply, type Draw, defineOp, type OpFunction } from "../op.ts";
import {
	type Axes,
	checkShape,
	normalizeAxes,
	rowMajorStrides,
	type Shape,
	sameShape,
	showShape,
	sizeOf,
} from "../shape.ts";
import { Tensor, type TensorLike } from "../tensor.ts";

/**
 * What a slice takes of one axis: one index (the axis is then gone), `null` for all of it, or `[start, stop, step]`
 * as NumPy's `start:stop:step`; negative positions count from the end, `null` and what is left out is as far as it goes.
 */
export type SliceRange =
	| number
	| null
	| readonly [start?: number | null, stop?: number | null, step?: number | null];

/** A range of an axis, worked out: the elements start, start + step, …, `size` of them, of an axis of size `of`. */
interface Section {
	readonly of: number;
	readonly start: number;
	readonly step: number;
	readonly size: number;
	readonly dropped: boolean;
}

function checkWhole(op: string, what: string, value: number, axis: number): void {
	if (!Number.isSafeInteger(value)) {
		throw new ShapeError(`${op}: expected a whole number as ${what} on axis ${axis}, got ${value}`);
	}
}

function sectionOf(op: string, range: SliceRange | undefined, of: number, axis: number): Section {
	if (range === null || range === undefined)
		return { of, start: 0, step: 1, size: of, dropped: false };
	if (typeof range === "number") {
		checkWhole(op, "the index", range, axis);
		if (range < -of || range >= of) {
			throw new ShapeError(`${op}: index ${range} is out of range for axis ${axis} of size ${of}`);
		}
		return { of, start: range < 0 ? range + of : range, step: 1, size: 1, dropped: true };
	}
	if (!Array.isArray(range) || range.length > 3) {
		throw new ShapeError(
			`${op}: expected a number, null or [start, stop, step] for axis ${axis}, got ${String(range)}`,
		);
	}
	const step = range[2] ?? 1;
	checkWhole(op, "the step", step, axis);
	if (step === 0) throw new ShapeError(`${op}: the step on axis ${axis} is 0; expected another`);
	// Where the range may begin and end: a backward one from the last element to just before the first.
	const lowest = step > 0 ? 0 : -1;
	const highest = step > 0 ? of : of - 1;
	const clamp = (what: string, position: number) => {
		checkWhole(op, what, position, axis);
		return Math.min(highest, Math.max(lowest, position < 0 ? position + of : position));
	};
	const start = range[0] == null ? (step > 0 ? lowest : highest) : clamp("the start", range[0]);
	const stop = range[1] == null ? (step > 0 ? highest : lowest) : clamp("the stop", range[1]);
	const size = Math.max(0, Math.ceil((stop - start) / step));
	return { of, start: size === 0 ? 0 : start, step, size, dropped: false };
}

function sectionsOf(op: string, ranges: readonly SliceRange[], shape: Shape): Section[] {
	if (ranges.length > shape.length) {
		throw new ShapeError(
			`${op}: expected at most ${shape.length} ranges for shape ${showShape(shape)}, got ${ranges.length}`,
		);
	}
	return shape.map((size, axis) => sectionOf(op, ranges[axis], size, axis));
}

function sectionsShape(sections: readonly Section[]): number[] {
	return sections.flatMap(({ size, dropped }) => (dropped ? [] : [size]));
}

/** Where the elements of the sections lie in a layout of the whole. */
function sectionsLayout(
	sections: readonly Section[],
	strides: readonly number[],
	offset: number,
): { strides: number[]; offset: number } {
	return {
		strides: sections.flatMap(({ step, dropped }, i) => (dropped ? [] : [strides[i]! * step])),
		offset: sections.reduce((at, { start }, i) => at + start * strides[i]!, offset),
	};
}

/** The ranges that give these sections. */
function rangesOf(sections: readonly Section[]): SliceRange[] {
	const ranges = sections.map(({ of, start, step, size, dropped }): SliceRange => {
		if (dropped) return start;
		if (size === 0) return [0, 0];
		const stop = start + size * step;
		if (step === 1) return size === of ? null : [start, stop];
		return [start, stop < 0 ? null : stop, step];
	});
	return ranges.slice(0, ranges.findLastIndex((range) => range !== null) + 1);
}

/** Where the element of a slice lies in the whole, for plain JavaScript. */
function indexInWhole(index: readonly string[], sections: readonly Section[]): string[] {
	const rest = index.values();
	return sections.map(({ start, step, dropped }) =>
		dropped ? String(start) : affine(rest.next().value!, step, start),
	);
}

/** `[1:3, ::2]`, as short as Python has it. */
function printSections(sections: readonly Section[]): string {
	const texts = sections.map(({ of, start, step, size, dropped }) => {
		if (dropped) return `${start}`;
		if (size === 0 && of > 0) return "0:0";
		const first = start === (step > 0 ? 0 : of - 1) ? "" : `${start}`;
		const next = start + size * step;
		const stop = start + (size - 1) * step + Math.sign(step);
		const last = of === 0 || next >= of || next < 0 ? "" : `${stop}`;
		return `${first}:${last}${step === 1 ? "" : `:${step}`}`;
	});
	while (texts.length > 1 && texts.at(-1) === ":") texts.pop();
	return texts.length === 0 ? "[()]" : `[${texts.join(", ")}]`;
}

function drawSections(draw: Draw, shape: Shape): Section[] {
	return shape.map((of, axis) => {
		const end = () => draw.pick([null, draw.integer(-of - 1, of + 1)]);
		const choices: SliceRange[] = [null, [end(), end(), draw.pick([1, 1, -1, 2, -2])]];
		if (of > 0) choices.push(draw.integer(-of, of - 1));
		return sectionOf("slice", draw.pick(choices), of, axis);
	});
}

/**
 * A part of x, as NumPy's `x[1, :, 2:5]`: a range for each axis, `x.slice(1, null, [2, 5])`; axes without one are taken
 * whole. A view.
 * @throws ShapeError for an index out of range, a step of 0, more ranges than axes.
 */
export const slice: OpFunction<"slice", (x: TensorLike, ...ranges: SliceRange[]) => Tensor> =
	defineOp(
		linear<"slice", { sections: readonly Section[] }>({
			name: "slice",
			infer: ([x], { sections }) => ({ shape: sectionsShape(sections), dtype: x!.dtype }),
			evaluate: ([x], { sections }, { shape, dtype }) => {
				const { strides, offset } = sectionsLayout(sections, x!.strides, x!.offset);
				return new Tensor(x!.storage, dtype, shape, strides, offset);
			},
			transpose: (g, { sections }, { shape }) => apply(unslice.op, [g], { shape, sections }),
			typescript: (args, { sections }) => call("slice", args, ...rangesOf(sections)),
			latex: ([x], { sections }) => `${x}_{${printSections(sections)}}`,
			plain: view((index, { sections }) => indexInWhole(index, sections)),
			print: ([x], { sections }) => `${x}${printSections(sections)}`,
			sample: (draw) => {
				const shape = draw.shape();
				return { inputs: [draw.tensor(shape)], params: { sections: drawSections(draw, shape) } };
			},
		}),
		(value: TensorLike, ...ranges: readonly SliceRange[]): Tensor => {
			const x = asTensor("slice", value);
			const sections = sectionsOf("slice", ranges, x.shape);
			const whole = sections.every((s) => !s.dropped && s.step === 1 && s.size === s.of);
			return whole ? x : apply(slice.op, [x], { sections });
		},
	);

/**
 * g at its place in a tensor of zeros of the given shape: what `slice` with the same ranges takes out of the result is g
 * again. The transpose of `slice`.
 * @throws ShapeError when a slice of that shape with those ranges does not have the shape of g.
 */
export const unslice: OpFunction<
	"unslice",
	(g: TensorLike, shape: Shape, ...ranges: SliceRange[]) => Tensor
> = defineOp(
	linear<"unslice", { shape: Shape; sections: readonly Section[] }>({
		name: "unslice",
		infer: ([g], { shape }) => ({ shape, dtype: g!.dtype }),
		evaluate: ([g], { sections }, { shape, dtype }) => {
			const out = allocate(dtype, sizeOf(shape));
			place(g!, out, sectionsLayout(sections, rowMajorStrides(shape), 0));
			return new Tensor(out, dtype, shape);
		},
		transpose: (g, { sections }) => apply(slice.op, [g], { sections }),
		typescript: (args, { shape, sections }) => call("unslice", args, shape, ...rangesOf(sections)),
		plain: placed((index, { sections }) => indexInWhole(index, sections)),
		facts: { zeros: true },
		print: ([g], { shape, sections }) =>
			`unslice(${g}, (${shape.join(", ")}), np.s_${printSections(sections)})`,
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
		if (!sameShape(sectionsShape(sections), g.shape)) {
			throw new ShapeError(
				`unslice: expected a tensor of shape ${showShape(sectionsShape(sections))}, which is what the ranges take ` +
					`of ${showShape(shape)}, got ${showShape(g.shape)}`,
			);
		}
		return apply(unslice.op, [g], { shape: [...shape], sections });
	},
);

/**
 * The elements in reverse order along the axes (all of them when none are given). A view; its own transpose.
 * @throws ShapeError for an axis out of range or given twice.
 */
export const flip: OpFunction<"flip", (x: TensorLike, axes?: Axes) => Tensor> = defineOp(
	linear<"flip", { axes: readonly number[] }>({
		name: "flip",
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		evaluate: ([x], { axes }, { shape, dtype }) => {
			let offset = x!.offset;
			for (const axis of axes) offset += Math.max(0, shape[axis]! - 1) * x!.strides[axis]!;
			const strides = x!.strides.map((stride, i) => (axes.includes(i) ? -stride : stride));
			return new Tensor(x!.storage, dtype, shape, strides, offset);
		},
		transpose: (g, { axes }) => flip(g, axes),
		typescript: (args, { axes }) => call("flip", args, axes),
		plain: view((index, { axes }, [x]) =>
			index.map((i, axis) => (axes.includes(axis) ? affine(i, -1, x!.shape[axis]! - 1) : i)),
		),
		print: ([x], { axes }) =>
			`np.flip(${x}, axis=${axes.length === 1 ? axes[0] : `(${axes.join(", ")})`})`,
		sample: (draw) => {
			const shape = draw.shape();
			const axes = shape.map((_, i) => i).filter(() => draw.integer(0, 1) === 1);
			return { inputs: [draw.tensor(shape)], params: { axes } };
		},
	}),
	(value: TensorLike, axes?: Axes): Tensor => {
		const x = asTensor("flip", value);
		return apply(flip.op, [x], { axes: normalizeAxes("flip", axes, x.rank) });
	},
);
