import { debugState } from "../core/debug-state.ts";
import { allocate, type TypedArray } from "../core/dtype.ts";
import type { Op, TensorType } from "../core/op.ts";
import { type Data, sameData } from "../core/params.ts";
import { isRowMajor, type Shape, sameShape, sizeOf } from "../core/shape.ts";
import { isUniform } from "../core/stored-once.ts";
import type { Node } from "../core/tape.ts";
import { Tensor } from "../core/tensor.ts";
import { isValueless } from "../core/valueless.ts";
import { type Loop, makeLoop } from "../kernels/loops.ts";
import { argumentsIn, forVectors } from "../kernels/vector-code.ts";
import { sumKernels } from "../kernels/vector-reductions.ts";
import { leastForVectors, vectorLoop } from "../kernels/vectors.ts";
import { DTYPE_CODE, evaluation } from "../kinds/elementwise.ts";
import { argument, type Scalar, withArguments } from "../scalar/scalar.ts";
import { type Kept, type RecordedMap, recordedMap } from "./recorded-map.ts";

// A derivative is stated by ops: a mask, then a product with it. Applied one after the other each
// goes over memory, and leaves a tensor that nobody sees. Where they are sums over slices and what
// is done with each element they are recorded once and become loops, which round where they do.

/** What such a derivative makes of tensors: the op's inputs, its result, the cotangent. */
type OnePass = (tensors: readonly Tensor[], slice: Slice) => Tensor | null;

interface Slice {
	readonly shape: Shape;
	readonly size: number;
}

/** What is known of a derivative for slices of a shape, and parameters. */
interface Known {
	readonly slice: Slice;
	readonly params: Data;
	/** How many elements have come. */
	seen: number;
	/** Undefined until it is worth finding out; null: it is done op by op. */
	pass: OnePass | null | undefined;
}

const known = new WeakMap<Op, Map<number, Known>>();
/** To record and to generate loops takes as long as many elements; each call as long as a few. */
const [WORTH, CALL] = [2 ** 14, 2 ** 8];
/** Of fewer elements in slices the ops take no longer than to ask how they are done. */
const LARGE = 2 ** 12;

/**
 * What the transposed derivative by argument `i` makes of a cotangent, with the bits that its ops
 * give one by one; null where they have to be applied: somebody watches, there is but one, there
 * are others than sums and elementwise ones, vectors cannot have them, or it is not worth it yet.
 */
export function pulledInOnePass(node: Node, i: number, g: Tensor): Tensor | null {
	const { op, inputs, params, value } = node;
	const isSliced = op!.slices !== undefined && inputs.length === 1 && inputs[0]!.size >= LARGE;
	if (!(isSliced || op!.traits?.elementwise) || debugState.inspect !== null) return null;
	if (g.size === 0 || g.dtype !== value.dtype || !isPlain(g) || !isPlain(value)) return null;
	let code = 4 * i + DTYPE_CODE[g.dtype];
	for (let k = 0; k < inputs.length; k++) {
		const x = inputs[k]!;
		if (!isPlain(x) || !(isSliced || sameShape(x.shape, g.shape))) return null;
		code = 4 * code + DTYPE_CODE[x.dtype];
	}
	const slice = isSliced
		? sliceOf(inputs[0]!.shape, op!.slices!.axes([inputs[0]!.shape], params))
		: NUMBER;
	if (slice === null) return null;
	const all = known.get(op!) ?? new Map<number, Known>();
	let one = all.get(code);
	if (one === undefined || !isFor(one, slice, params)) {
		one = { slice, params, seen: 0, pass: undefined };
		known.set(op!, all.set(code, one));
	}
	one.seen += inputs[0]!.size + CALL;
	if (one.seen < WORTH) return null;
	if (one.pass === undefined) {
		const types = inputs.map(({ dtype }): TensorType => ({ shape: slice.shape, dtype }));
		const map = recordedMap(node, i, types);
		one.pass = map && map.steps > 1 ? onePassOf(op!.name, map, slice) : null;
	}
	return one.pass?.([...inputs, value, g], slice) ?? null;
}

/** Whether the values are there, and no transform watches what becomes of them. */
function isPlain(x: Tensor): boolean {
	return x.node === null && !isValueless(x);
}

function isFor(one: Known, slice: Slice, params: Data): boolean {
	return sameShape(one.slice.shape, slice.shape) && sameData(one.params, params);
}

const NUMBER: Slice = { shape: [], size: 1 };

/** The slices along axes, if these are the last ones; null where they are not. */
function sliceOf(shape: Shape, axes: readonly number[]): Slice | null {
	const first = shape.length - axes.length;
	const along = shape.map((n, axis) => (axis < first ? 1 : n));
	const size = sizeOf(along);
	return axes[0] === first && size > 1 ? { shape: along, size } : null;
}

/** A loop, and which of the arguments of formulas it reads. */
interface Reading extends Kept {
	readonly reads: readonly number[];
	readonly loop: Loop;
}

/** Null where vectors cannot have it: one by one, some of the ops may be faster. */
function readingOf(name: string, { term, dtype }: Kept, map: RecordedMap): Reading | null {
	const reads = [...argumentsIn(term)].sort((a, b) => a - b);
	if (reads.length === 0 || reads.length > 3 || forVectors(term, dtype) === null) return null;
	const dtypes = [...map.types, ...map.sums].map((one) => one.dtype);
	const places = dtypes.map((_, k) => argument(reads.indexOf(k)));
	const given = reads.map((k) => dtypes[k]!);
	const own = withArguments(term, places) as Scalar;
	const loop = makeLoop(`${name}Pull`, own, reads.length, false, vectorLoop(own, given, dtype));
	return { term: own, dtype, reads, loop };
}

function onePassOf(name: string, map: RecordedMap, { size }: Slice): OnePass | null {
	const all = [...map.sums, map.value].map((kept) => readingOf(name, kept, map));
	const loops = all.filter((one) => one !== null);
	if (loops.length < all.length) return null;
	if (size === 1) return ofElements(name, loops[0]!);
	const isLong = loops.every(({ term }) => size >= leastForVectors(term));
	return isLong ? ofSlices(loops) : null;
}

function ofElements(name: string, { reads, loop, dtype }: Reading): OnePass {
	const evaluate = evaluation(name, () => loop);
	return (tensors) => {
		const given = reads.map((k) => tensors[k]!);
		return evaluate(given, null, { shape: given[0]!.shape, dtype });
	};
}

/** Where a loop finds an argument, and how far it goes from one element, or slice, to the next. */
interface Source {
	readonly array: TypedArray;
	readonly offset: number;
	readonly step: number;
	readonly advance: number;
}

/** Slice by slice, so that what is added up stays in the caches; the last loop makes the result. */
function ofSlices(loops: readonly Reading[]): OnePass {
	return (tensors, { size }) => {
		const { shape, size: total } = tensors[0]!;
		const given = tensors.map((x) => sourceOf(x, total, size));
		const sums = loops.slice(0, -1).map(({ dtype }) => {
			return { terms: allocate(dtype, size), total: allocate(dtype, 1) };
		});
		const added = sums.map(({ total }) => ({ array: total, offset: 0, step: 0, advance: 0 }));
		const sources = loops.map(({ reads }) => reads.map((k) => [...given, ...added][k]!));
		if (sources.flat().includes(null!)) return null;
		const args = sources.map((read) => read.flatMap((x) => [x.array, x.offset, x.step]));
		const { dtype } = loops.at(-1)!;
		const out = allocate(dtype, total);
		for (let at = 0; at < total; at += size) {
			for (let l = 0; l < loops.length; l++) {
				const { terms, total } = sums[l] ?? { terms: out };
				loops[l]!.loop(size, terms, total === undefined ? at : 0, ...args[l]!);
				if (total !== undefined) total[0] = sumKernels.slice(terms, 0, size);
				for (const [k, { advance }] of sources[l]!.entries()) {
					args[l]![3 * k + 1] = (args[l]![3 * k + 1] as number) + advance;
				}
			}
		}
		return new Tensor(out, dtype, shape);
	};
}

/** Null where slices do not lie side by side. */
function sourceOf(x: Tensor, total: number, size: number): Source | null {
	const { array, offset } = x;
	if (isUniform(x)) return { array, offset, step: 0, advance: 0 };
	if (!isRowMajor(x.shape, x.strides)) return null;
	return x.size === total
		? { array, offset, step: 1, advance: size }
		: { array, offset, step: 0, advance: 1 };
}
