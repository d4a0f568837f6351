import { allocate, type DType, type TypedArray } from "../../../core/dtype.ts";
import { rowMajorStrides, sizeOf } from "../../../core/shape.ts";
import { forEachRun } from "../../../core/strided.ts";
import type { Expression } from "../../../schedule/expression.ts";
import type { KernelOperand, Pass, ReducerName, SliceLoop } from "../../../schedule/kernel.ts";
import { definePartial, type LoopFunction } from "../elementwise/loop.ts";
import { asInputs } from "./inputs.ts";
import { columnReducers, reducers } from "./reducers.ts";

/** Slices are done together up to so many elements, but a good number of them in any case. */
const MOST_ELEMENTS = 8192;
const FEWEST_SLICES = 8;

/** Something done with some slices: their number, and the storages and places of the kernel. */
type Part = (count: number, storages: readonly TypedArray[], places: readonly number[]) => boolean;

/** The same that gives a number for each of the slices. */
type Direct = (
	count: number,
	storages: readonly TypedArray[],
	places: readonly number[],
	out: TypedArray,
) => void;

/** A value for each element or for each slice, and where it goes. */
interface Stored {
	readonly value: Expression;
	readonly dtype: DType;
	/** From one slice to the next, and along the axes of a slice. */
	readonly step: number;
	readonly along: readonly number[];
	/** A storage of the passes, or the number of an operand of the kernel. */
	readonly to: (() => TypedArray) | number;
}

/**
 * The function that does this for all slices. Those along the innermost of the kept axes are done
 * several at a time: a pass is a loop that puts the elements to be combined side by side, and what
 * comes of them is an input of the loops after it, as is the position in the slice.
 */
export function defineSlices(loop: SliceLoop): LoopFunction {
	const { shape, axes, inputs, outputs } = loop;
	const kept = [...shape.keys()].filter((axis) => !axes.includes(axis));
	const walked = kept.at(-1);
	const slices = walked === undefined ? 1 : shape[walked]!;
	const outer = kept.slice(0, -1);
	const operands = [...inputs, ...outputs];
	const steps = operands.map(({ strides }) => (walked === undefined ? 0 : strides[walked]!));
	const parts = partsOf(loop, steps, slices);
	const width = widthOf(loop, slices);
	const sizes = [...outer.map((axis) => shape[axis]!), 1];
	return (storages, offsets) => {
		let fits = true;
		const layouts = operands.map(({ strides }, k) => ({
			strides: [...outer.map((axis) => strides[axis]!), 0],
			offset: offsets[k]!,
		}));
		forEachRun(sizes, layouts, (firsts) => {
			for (let from = 0; from < slices; from += width) {
				const count = Math.min(width, slices - from);
				const places = firsts.map((first, k) => first + from * steps[k]!);
				fits &&= parts.every((part) => part(count, storages, places));
			}
		});
		return fits;
	};
}

/** How many slices are done together. */
function widthOf({ shape, axes }: SliceLoop, slices: number): number {
	const n = sizeOf(axes.map((axis) => shape[axis]!));
	return Math.min(slices, Math.max(FEWEST_SLICES, Math.floor(MOST_ELEMENTS / n)));
}

/** What is done with slices, one part after the other. */
function partsOf(loop: SliceLoop, steps: readonly number[], slices: number): Part[] {
	const { axes, inputs, outputs } = loop;
	const width = widthOf(loop, slices);
	const sizes = axes.map((axis) => loop.shape[axis]!);
	const n = sizeOf(sizes);
	const inRow = rowMajorStrides(sizes);
	const none = axes.map(() => 0);
	const along = (strides: readonly number[]) => axes.map((axis) => strides[axis]!);
	// Where slices lie side by side, memory is read in order when the loop over them is the inner
	// one.
	const isAcross = inputs.some(({ strides }, k) => steps[k] === 1 && strides[axes.at(-1)!] !== 1);
	const nested = <T>(slice: T, rest: readonly T[]) =>
		isAcross ? [...rest, slice] : [slice, ...rest];
	const position = onDemand(() => Int32Array.from({ length: n }, (_, i) => i));
	const results: (() => TypedArray)[] = [];

	/** Whether the elements of a slice lie in one row, so far apart. */
	const isInRow = ({ strides }: KernelOperand, apart: number) =>
		axes.every((axis, i) => sizes[i] === 1 || strides[axis] === apart * inRow[i]!);

	/** Reduces elements of an input where they are, if they lie so that this is the fastest. */
	const directly = (by: ReducerName, of: Expression): Direct | null => {
		if (of.kind !== "input") return null;
		const [{ index }, input, step] = [of, inputs[of.index]!, steps[of.index]!];
		if (isInRow(input, 1)) {
			const reduce = reducers[by];
			return (count, storages, places, out) => {
				for (let slice = 0, at = places[index]!; slice < count; slice++, at += step) {
					out[slice] = reduce(storages[index]!, at, n);
				}
			};
		}
		const apart = input.strides[axes.at(-1)!]!;
		const reduce = columnReducers[by];
		if (reduce === undefined || step !== 1 || !isInRow(input, apart)) return null;
		return (count, storages, places, out) => {
			out.set(reduce(storages[index]!, places[index]!, n, apart, count));
		};
	};

	/** The loop that stores these values, of each element or of each slice. */
	const storing = (stored: readonly Stored[], perElement: boolean): Part => {
		if (stored.length === 0) return () => true;
		const given = [
			...inputs.map((x, k) => ({ dtype: x.dtype, step: steps[k]!, along: along(x.strides) })),
			{ dtype: "int32" as const, step: 0, along: inRow },
			...results.map(() => ({ dtype: "float64" as const, step: 1, along: none })),
		];
		const own = [position, ...results];
		const laid = (x: { dtype: DType; step: number; along: readonly number[] }) => ({
			dtype: x.dtype,
			strides: perElement ? nested(x.step, x.along) : [x.step],
		});
		const asInput = asInputs(inputs.length);
		const run = definePartial(
			{
				shape: perElement ? nested(width, sizes) : [width],
				inputs: given.map(laid),
				outputs: stored.map((x) => ({ ...laid(x), value: asInput(x.value) })),
			},
			perElement && isAcross ? axes.length : 0,
		);
		return (count, storages, places) => {
			const to = stored.map((x) => (typeof x.to === "number" ? storages[x.to]! : x.to()));
			const at = stored.map((x) => (typeof x.to === "number" ? places[x.to]! : 0));
			return run(
				count,
				[...storages.slice(0, inputs.length), ...own.map((storage) => storage()), ...to],
				[...places.slice(0, inputs.length), ...own.map(() => 0), ...at],
			);
		};
	};

	/** A pass, or for slices that all do not need it nothing. */
	const passed = (pass: Pass): Part => {
		const { unless } = pass;
		if (unless === undefined) return always(pass);
		const to = onDemand(() => allocate("bool", width));
		const test = storing([{ value: unless, dtype: "bool", step: 1, along: none, to }], false);
		const body = always(pass);
		return (count, storages, places) => {
			if (!test(count, storages, places)) return false;
			return to().subarray(0, count).every(Boolean) || body(count, storages, places);
		};
	};

	const always = (pass: Pass): Part => {
		if (pass.kind === "first") {
			const to = onDemand(() => allocate("float64", width));
			const value = { value: pass.of, dtype: "float64" as const, step: 1, along: none, to };
			const part = storing([value], false);
			results.push(to);
			return part;
		}
		const reduced = pass.reductions.map(({ by, of }) => {
			const elements = onDemand(() => allocate("float64", width * n));
			const to = onDemand(() => allocate("float64", width));
			return { by, of, elements, to, direct: directly(by, of) };
		});
		const gather = storing(
			reduced.flatMap(({ of, direct, elements }) => {
				const stored = { value: of, dtype: "float64" as const, step: n, along: inRow };
				return direct === null ? [{ ...stored, to: elements }] : [];
			}),
			true,
		);
		results.push(...reduced.map(({ to }) => to));
		return (count, storages, places) => {
			if (!gather(count, storages, places)) return false;
			for (const { by, direct, elements, to } of reduced) {
				const out = to();
				if (direct !== null) {
					direct(count, storages, places, out);
					continue;
				}
				const [from, reduce] = [elements(), reducers[by]];
				for (let slice = 0; slice < count; slice++) out[slice] = reduce(from, slice * n, n);
			}
			return true;
		};
	};

	const parts = loop.passes.map(passed);
	const stores = (perElement: boolean) =>
		outputs.flatMap((x, j) => {
			if (x.perElement !== perElement) return [];
			const to = inputs.length + j;
			return [{ ...x, step: steps[to]!, along: along(x.strides), to }];
		});
	return [...parts, storing(stores(false), false), storing(stores(true), true)];
}

/**
 * What is made when it is first asked for, and then kept: a program that does not run needs none.
 */
function onDemand(make: () => TypedArray): () => TypedArray {
	let made: TypedArray | undefined;
	return () => {
		made ??= make();
		return made;
	};
}
