import { reshapedStrides, rowMajorStrides, type Shape, sizeOf } from "../../../core/shape.ts";
import type { CodedKernel, ElementwiseLoop, Epilogue, KernelOf } from "../../../schedule/kernel.ts";
import { alongAxis, type Cut, type PartRoom } from "./cut.ts";
import { furtherOn, type KernelWork, type PlacedOperand, stridesOfReading } from "./work.ts";

type ProductWork<K extends "product" | "convolution"> = KernelWork & {
	readonly kernel: KernelOf<K>;
};

/**
 * Along matrices, or the rows where there is one: the result and all that is read with it move on.
 * Along the terms, by sums of parts. Along rows and columns of all matrices, by products that are
 * left for the loop after them.
 */
export function productCuts(given: ProductWork<"product">, room: PartRoom): Cut[] {
	const { matrices } = given.kernel;
	const { batch, m, k, n, a, b } = matrices;
	const shape = [...batch, m, n];
	const loop = inShape(given.kernel.loop, shape);
	if (loop === null) return [];
	const work = { ...given, kernel: { ...given.kernel, loop } };
	const axes = { rows: batch.length, columns: batch.length + 1 };
	const rest = new Leftover(room);
	/** How far the factors move along the axes of the result, and along the terms. */
	const steps = {
		left: [...a.slice(0, -1), 0, a.at(-1)!],
		right: [...b.slice(0, -2), 0, b.at(-1)!, b.at(-2)!],
	};
	const factorsFrom = (axis: number, first: number) => [
		furtherOn(work.reads[0]!, first * steps.left[axis]!),
		furtherOn(work.reads[1]!, first * steps.right[axis]!),
	];
	const matricesOf = (axis: number, count: number) => {
		if (axis < batch.length) return { ...matrices, batch: batch.with(axis, count) };
		return { ...matrices, [["m", "n", "k"][axis - batch.length]!]: count };
	};
	const outermost = shape.findIndex((size) => size > 1);
	const isOuter = outermost >= 0 && outermost <= axes.rows;
	const moving: Cut[] = !isOuter
		? []
		: [
				movingOn(work, axes, outermost, (first, count) => {
					return {
						kernel: { kind: "product", matrices: matricesOf(outermost, count) },
						reads: factorsFrom(outermost, first),
					};
				}),
			];
	const terms = summed(work, axes, k, rest, (first, count) => {
		const kernel = { kind: "product", matrices: matricesOf(axes.columns + 1, count) } as const;
		return { kernel: { ...kernel, ...alone(shape) }, reads: factorsFrom(axes.columns + 1, first) };
	});
	const blocks = [axes.rows, axes.columns].map((axis): Cut => {
		return {
			size: shape[axis]!,
			part: (first, count) => {
				const some = shape.with(axis, count);
				const to = rest.of(sizeOf(some));
				const kernel = {
					kind: "product",
					matrices: matricesOf(axis, count),
					...alone(some),
				} as const;
				return [
					{ kernel, reads: factorsFrom(axis, first), writes: [to] },
					loopAfter(work, axes, to, { shape: some, axis, first }),
				];
			},
		};
	});
	return [...moving, terms, ...blocks];
}

/** Along samples: images and results move on with them, and filters are sums. */
export function convolutionCuts(work: ProductWork<"convolution">, room: PartRoom): Cut[] {
	const { kernel, reads } = work;
	const { convolution, wanted } = kernel;
	const { samples, inputs, outputs, geometry } = convolution;
	const { shape } = kernel.loop;
	const image = inputs * sizeOf(geometry.image);
	const result = outputs * sizeOf(geometry.result);
	const some = (count: number) =>
		({ kind: "convolution", wanted, convolution: { ...convolution, samples: count } }) as const;
	const axes = { rows: 1, columns: -1 };
	if (wanted === "filter") {
		const sum = summed(work, axes, samples, new Leftover(room), (first, count) => ({
			kernel: { ...some(count), ...alone(shape) },
			reads: [furtherOn(reads[0]!, first * image), furtherOn(reads[1]!, first * result)],
		}));
		return [sum];
	}
	if (shape[0] !== samples) return [];
	const step = wanted === "result" ? image : result;
	const along = movingOn(work, axes, 0, (first, count) => {
		return { kernel: some(count), reads: [furtherOn(reads[0]!, first * step), reads[1]!] };
	});
	return [along];
}

/** The axes of a result by which a loop after a product reads. */
interface Axes {
	readonly rows: number;
	readonly columns: number;
}

/** A product without what comes after it, and the factors. */
interface Bare {
	readonly kernel:
		| Omit<KernelOf<"product">, keyof Epilogue>
		| Omit<KernelOf<"convolution">, keyof Epilogue>;
	readonly reads: readonly PlacedOperand[];
}

/** Along the outermost axis of the result: all but what is the same for each of it moves on. */
function movingOn(
	work: ProductWork<"product" | "convolution">,
	axes: Axes,
	axis: number,
	product: (first: number, count: number) => Bare,
): Cut {
	const { loop, readings } = work.kernel;
	const read = readingsIn(work, axes);
	const after = { reads: work.reads.slice(2), writes: work.writes };
	const cut = alongAxis(after, loop.shape, axis, [...read, ...loop.outputs], (shape) => {
		return { kind: "loop", loop: { ...loop, shape } };
	});
	return {
		size: cut.size,
		part: (first, count, i) =>
			cut.part(first, count, i).map((part) => {
				const { kernel, reads } = product(first, count);
				const { loop } = part.kernel as KernelOf<"loop">;
				return {
					kernel: { ...kernel, loop, readings } as CodedKernel,
					reads: [...reads, ...part.reads],
					writes: part.writes,
				};
			}),
	};
}

/** Sums of parts of the terms, which are added in their order before what comes after them. */
function summed(
	work: ProductWork<"product" | "convolution">,
	axes: Axes,
	terms: number,
	rest: Leftover,
	product: (first: number, count: number) => Omit<KernelWork, "writes">,
): Cut {
	const { shape } = work.kernel.loop;
	const size = sizeOf(shape);
	return {
		size: terms,
		leaves: size,
		part: (first, count, i) => [
			{ ...product(first, count), writes: [furtherOn(rest.of(0), i * size)] },
		],
		together: (parts) => {
			const of = { kind: "input", index: 0 } as const;
			const single = { dtype: "float32", strides: [0, 1] } as const;
			const sum: CodedKernel = {
				kind: "reduction",
				loop: {
					shape: [parts, size],
					axes: [0],
					inputs: [{ dtype: "float32", strides: [size, 1] }],
					passes: [{ kind: "reduce", reductions: [{ by: "total", of, dtype: "float32" }] }],
					outputs: [{ ...single, perElement: false, value: { kind: "result", index: 0 } }],
				},
			};
			const [from, to] = [rest.of(parts * size), rest.sums(size)];
			return [
				{ kernel: sum, reads: [from], writes: [to] },
				loopAfter(work, axes, to, { shape, axis: 0, first: 0 }),
			];
		},
	};
}

/** The loop after a product, over some of its elements along an axis, which are left in memory. */
function loopAfter(
	work: ProductWork<"product" | "convolution">,
	axes: Axes,
	from: PlacedOperand,
	{ shape, axis, first }: { readonly shape: Shape; readonly axis: number; readonly first: number },
): KernelWork {
	const { loop } = work.kernel;
	const product = { dtype: "float32", strides: rowMajorStrides(shape) } as const;
	const inputs = [product, ...readingsIn(work, axes)];
	const after = { reads: [from, ...work.reads.slice(2)], writes: work.writes };
	const cut = alongAxis(after, loop.shape, axis, [...inputs, ...loop.outputs], () => {
		return { kind: "loop", loop: { ...loop, shape, inputs } };
	});
	const [part] = cut.part(first, shape[axis]!, 0);
	return { ...part!, reads: [from, ...part!.reads.slice(1)] };
}

/** What a loop after a product reads beside that, as any loop does. */
function readingsIn({ kernel }: ProductWork<"product" | "convolution">, { rows, columns }: Axes) {
	const { loop, readings } = kernel;
	return readings.map((reading, i) => {
		const { dtype } = loop.inputs[i + 1]!;
		return { dtype, strides: stridesOfReading(reading, loop.shape, rows, columns) };
	});
}

/** What stores a product of this shape as it is. */
function alone(shape: Shape): Epilogue {
	const whole = { dtype: "float32", strides: rowMajorStrides(shape) } as const;
	const value = { kind: "input", index: 0 } as const;
	return { loop: { shape, inputs: [whole], outputs: [{ ...whole, value }] }, readings: [] };
}

/** The same loop over a result of another shape; null where there is none. */
function inShape(loop: ElementwiseLoop, shape: Shape): ElementwiseLoop | null {
	const outputs = loop.outputs.flatMap((output) => {
		const strides = reshapedStrides(loop.shape, output.strides, shape);
		return strides === null ? [] : [{ ...output, strides }];
	});
	if (outputs.length < loop.outputs.length) return null;
	const [product, ...others] = loop.inputs;
	return { shape, inputs: [{ ...product!, strides: rowMajorStrides(shape) }, ...others], outputs };
}

/** Memory for what products leave, and for the sums of that, made when it is needed. */
class Leftover {
	readonly #room: PartRoom;
	readonly #roots: number[] = [];

	constructor(room: PartRoom) {
		this.#room = room;
	}

	/** What products leave. */
	of(size: number): PlacedOperand {
		return this.#at(0, size);
	}

	/** Their sums. */
	sums(size: number): PlacedOperand {
		return this.#at(1, size);
	}

	#at(which: number, size: number): PlacedOperand {
		const root = this.#roots[which] ?? this.#room.make();
		this.#roots[which] = root;
		this.#room.grow(root, size);
		return { dtype: "float32", root, offset: 0 };
	}
}
