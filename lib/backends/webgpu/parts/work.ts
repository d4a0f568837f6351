import type { DType } from "../../../core/dtype.ts";
import { rowMajorStrides, type Shape, sizeOf } from "../../../core/shape.ts";
import type { CodedKernel, IndexedLoop, KernelOf, Reading } from "../../../schedule/kernel.ts";

/** An element of some memory. */
export interface MemoryPlace {
	/** Which memory. */
	readonly root: number;
	/** In elements. */
	readonly offset: number;
}

/** What a kernel reads or writes, from this element on. */
export interface PlacedOperand extends MemoryPlace {
	readonly dtype: DType;
}

/** A kernel and the memory that it is for: what a step does, or a part of that. */
export interface KernelWork {
	readonly kernel: CodedKernel;
	readonly reads: readonly PlacedOperand[];
	readonly writes: readonly PlacedOperand[];
}

/** An indexed loop that takes part only where the index of one of the axes is among some. */
export interface WindowedLoop extends IndexedLoop {
	readonly window?: {
		/** Which of `each`; the memory of the side that is indexed begins at the first of them. */
		readonly axis: number;
		readonly first: number;
		readonly count: number;
	};
}

/** Elements in a row, from the first to behind the last. */
export interface Extent {
	readonly from: number;
	readonly to: number;
}

/** An operand that begins so many elements later. */
export function furtherOn(operand: PlacedOperand, by: number): PlacedOperand {
	return { ...operand, offset: operand.offset + by };
}

/** Where the elements of each operand lie, counted from its first one: reads, then writes. */
export function extentsOf(kernel: CodedKernel): readonly Extent[] {
	switch (kernel.kind) {
		case "loop":
		case "reduction": {
			const { shape, inputs, outputs } = kernel.loop;
			return [...inputs, ...outputs].map(({ strides }) => extentOf(shape, strides));
		}
		case "scan": {
			const { shape, inputs, output } = kernel.scan;
			return [...inputs, output].map(({ strides }) => extentOf(shape, strides));
		}
		case "scatter": {
			const { windows, images } = kernel.scatter;
			return [extentOf(windows.shape, windows.strides), first(sizeOf(images))];
		}
		case "indexed":
			return ofIndexed(kernel);
		case "product": {
			const { batch, m, k, n, a, b } = kernel.matrices;
			const factors = [extentOf([...batch, m, k], a), extentOf([...batch, k, n], b)];
			return [...factors, ...ofEpilogue(kernel, m, n)];
		}
		case "convolution":
			return ofConvolution(kernel);
	}
}

function extentOf(shape: Shape, strides: readonly number[]): Extent {
	if (sizeOf(shape) === 0) return { from: 0, to: 0 };
	let [from, to] = [0, 1];
	for (const [axis, stride] of strides.entries()) {
		const reach = stride * (shape[axis]! - 1);
		if (reach < 0) from += reach;
		else to += reach;
	}
	return { from, to };
}

function first(size: number): Extent {
	return { from: 0, to: size };
}

function ofIndexed({ indexed }: KernelOf<"indexed">): Extent[] {
	const { shape, source, target, indices, each, window }: WindowedLoop = indexed;
	const along = (strides: readonly number[]) => extentOf(shape, strides);
	const places = extentOf(
		[...shape, ...each.map(({ size }, i) => (i === window?.axis ? window.count : size))],
		[...indexed[indexed.indexed].strides, ...each.map(({ stride }) => stride)],
	);
	const { from, to } = along(indices.strides);
	const last = Math.max(...each.map(({ at }) => at));
	return [
		indexed.indexed === "source" ? places : along(source.strides),
		{ from, to: to + last },
		indexed.indexed === "target" ? places : along(target.strides),
	];
}

function ofEpilogue(
	{ loop: { shape, outputs }, readings }: KernelOf<"product" | "convolution">,
	rows: number,
	columns: number,
): Extent[] {
	const counts = { element: sizeOf(shape), row: rows, column: columns, single: 1 };
	const read = readings.map((reading: Reading) => first(counts[reading]));
	return [...read, ...outputs.map(({ strides }) => extentOf(shape, strides))];
}

function ofConvolution(kernel: KernelOf<"convolution">): Extent[] {
	const { samples, inputs, outputs, geometry } = kernel.convolution;
	const { image, filter, result, groups } = geometry;
	const sizes = {
		image: samples * inputs * sizeOf(image),
		filter: outputs * (inputs / groups) * sizeOf(filter),
		result: samples * outputs * sizeOf(result),
	};
	const factors = {
		result: [sizes.image, sizes.filter],
		image: [sizes.result, sizes.filter],
		filter: [sizes.image, sizes.result],
	};
	return [...factors[kernel.wanted].map(first), ...ofEpilogue(kernel, outputs, 1)];
}

/** The strides by which a loop over the elements of a product reads, see `Reading`. */
export function stridesOfReading(reading: Reading, shape: Shape, row: number, column: number) {
	if (reading === "element") return rowMajorStrides(shape);
	const moving = { row, column, single: -1 }[reading];
	return shape.map((_, axis) => Number(axis === moving));
}
