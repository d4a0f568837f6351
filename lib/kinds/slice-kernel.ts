import type { DType, TypedArray } from "../core/dtype.ts";
import { generated } from "../kernels/generated.ts";
import { forFloat32, narrowTerm } from "../kernels/narrow.ts";
import { BLOCK, halfOf, pairwise, pairwiseColumnSums, pairwiseSum } from "../kernels/pairwise.ts";
import { scaledColumnProducts, scaledProduct } from "../kernels/scaled-product.ts";
import type { SliceKernel, SliceKernels } from "../kernels/slices.ts";
import { sumKernels, vectorExtreme } from "../kernels/vector-reductions.ts";
import { MANY } from "../kernels/vectors.ts";
import { termEvaluator } from "../scalar/numbers.ts";
import type { Reducer } from "../scalar/reducers.ts";
import { isRounded, rounded } from "../scalar/rounding.ts";
import { rewritten, type Scalar, type Term, type Truth } from "../scalar/scalar.ts";
import { isElement, type SliceForm, termsIn } from "../scalar/slices.ts";
import { keptIn, keptLoop, kernelSource, leafDTypes, valueLoop } from "./slice-source.ts";

/** The most numbers for which storage stays between calls. */
const SMALL = 2 ** 14;
let small = new Float64Array(0);

/**
 * Where the terms of a slice are kept with all digits, and from where on as seen from `start`: in
 * the result where that can hold them.
 */
function placeFor(
	start: number,
	n: number,
	to: TypedArray,
	o: number,
	areFloat32: boolean,
): [Float64Array | Float32Array, number] {
	if (to instanceof Float64Array || (areFloat32 && to instanceof Float32Array)) {
		return [to, o - start];
	}
	if (n > SMALL) return [new Float64Array(n), -start];
	if (small.length < n) small = new Float64Array(n);
	return [small, -start];
}

const helpers = {
	BLOCK,
	MANY,
	halfOf,
	pairwise,
	pairwiseSum,
	pairwiseColumnSums,
	scaledProduct,
	scaledColumnProducts,
	placeFor,
	sum: sumKernels.slice,
	vectorExtreme,
};

/**
 * The kernels of a form, generated with its terms inside; where the dtype of x is known, what is
 * long enough runs on vectors.
 */
export function makeSliceKernels(whole: SliceForm, dtype?: DType): SliceKernels {
	const form = dtype === "float32" ? narrowForm(whole) : whole;
	const shared = () => ({ slice: sharedKernel(form), columns: null });
	const keep = dtype === undefined ? null : keptLoop(form, dtype);
	const finish = dtype === undefined ? null : valueLoop(form, dtype);
	const Result = dtype === "float32" ? Float32Array : Float64Array;
	const source = kernelSource(form, keep !== null, keep !== null && finish !== null);
	const given = { ...helpers, keep, finish, Result };
	return generated<SliceKernels>(termsIn(form), source, shared, given);
}

/**
 * A form of elements of float32 whose results are rounded to it. Where what is kept of elements is
 * float32, so is what it meets in their values, as in compiled programs.
 */
export function narrowForm(form: SliceForm): SliceForm {
	const kept = keptIn(form);
	const dtypes = leafDTypes(form, "float32");
	const single = kept && forFloat32(kept, dtypes);
	const narrow = (term: Term) =>
		narrowTerm(rewritten(term, (part, was) => (was === kept ? single! : part)));
	const passes = form.passes.map(({ results, unless }) => ({
		results: results.map(({ by, of }) => ({ by, of: narrow(of) })),
		unless: unless && (narrow(unless) as Truth),
	}));
	const value = narrow(form.value);
	if (single === undefined || !isRounded(single)) return { ...form, passes, value };
	const met = rewritten(value, (part) => {
		const isWide = part.kind === "argument" && dtypes[part.index] === "float64";
		return isWide ? rounded(part as Scalar, () => false) : part;
	});
	return { ...form, passes, value: met };
}

/** The kernels of a form for each dtype of x, made when first needed. */
/* @__NO_SIDE_EFFECTS__ */
export function sliceKernels(form: () => SliceForm): (dtype: DType) => SliceKernels {
	const made: Partial<Record<DType, SliceKernels>> = {};
	return (dtype) => {
		made[dtype] ??= makeSliceKernels(form(), dtype);
		return made[dtype];
	};
}

/** The same without generated code. */
export function sharedKernel(form: SliceForm): SliceKernel {
	const { leaves, passes, value, perElement } = form;
	const kept = keptIn(form);
	const evaluators = new Map(termsIn(form).map((term) => [term, termEvaluator(term)]));
	const numbers = leaves.filter(({ kind }) => kind === "number").length;
	return (x, start, n, given, to, o) => {
		const results: number[] = [];
		const at = (i: number) => (term: Term) =>
			evaluators.get(term)!(
				...leaves.map(({ kind, index }) => {
					if (kind === "n") return n;
					if (kind === "position") return i;
					if (kind === "result") return results[index] ?? 0;
					if (kind === "number") return given[index]!;
					return index === 0 ? x[start + i]! : given[numbers + index - 1]!;
				}),
			);
		for (const { unless, results: some } of passes) {
			if (unless !== null && at(0)(unless) === 1) break;
			const made = some.map(({ by, of }) => {
				if (by === "total" && isElement(of, form)) return pairwiseSum(x, start, n);
				if (by === "value" || by === "first") return at(0)(of);
				const terms = Float64Array.from({ length: n }, (_, i) => at(i)(of));
				return of === kept ? pairwiseSum(terms, 0, n) : reduced[by](terms);
			});
			results.push(...made);
		}
		if (!perElement) return at(0)(value);
		for (let i = 0; i < n; i++) to[o + i] = at(i)(value);
		return 0;
	};
}

/** What a reducer makes of terms, in the order of the generated kernel. */
export const reduced: Record<Exclude<Reducer, "first">, (terms: Float64Array) => number> = {
	total: (terms) =>
		pairwise(0, terms.length, (from, count) =>
			terms.subarray(from, from + count).reduce((total, term) => total + term, 0),
		),
	product: (terms) => scaledProduct(terms, 0, terms.length),
	greatest: (terms) => terms.reduce((a, b) => (b <= a || Number.isNaN(a) ? a : b), -Infinity),
	least: (terms) => terms.reduce((a, b) => (b >= a || Number.isNaN(a) ? a : b), Infinity),
	every: (terms) => Number(!terms.includes(0)),
	some: (terms) => Number(terms.includes(1)),
	find: (terms) => (terms.includes(1) ? terms.indexOf(1) : terms.length),
};
