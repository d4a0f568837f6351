import type { DType, TypedArray } from "../core/dtype.ts";
import { halfOf, pairwise, pairwiseColumnSums, pairwiseSum } from "../kernels/pairwise.ts";
import { scaledProduct } from "../kernels/scaled-product.ts";
import { evaluator } from "../scalar/numbers.ts";
import type { Term } from "../scalar/scalar.ts";
import { isElement, type Reducing, type SliceForm } from "../scalar/slices.ts";
import { kernelSource } from "./slice-source.ts";

/**
 * Does what a form says with the n elements from `start`. It gives the value of the slice, or puts
 * one for each element from `to[o]` on. `given` has the numbers of the form, and then an element of
 * each further input.
 */
export type SliceKernel = (
	x: TypedArray,
	start: number,
	n: number,
	given: readonly number[],
	to: TypedArray,
	o: number,
) => number;

/** Does it with `width` columns of n elements that lie `stride` apart. */
export type ColumnKernel = (
	x: TypedArray,
	start: number,
	n: number,
	stride: number,
	width: number,
	given: readonly number[],
) => Float64Array;

/** What does eagerly what a form says. */
export interface SliceKernels {
	readonly slice: SliceKernel;
	/** Null where columns are better gathered: there is more to do than to add elements up. */
	readonly columns: ColumnKernel | null;
}

/**
 * The kernels of a form, generated with its terms inside: as for elements, a shared one would pay a
 * call for each. Where code generation is forbidden, a shared one does the same, slower.
 */
export function makeSliceKernels(name: string, form: SliceForm): SliceKernels {
	try {
		const helpers = { halfOf, pairwiseSum, pairwiseColumnSums, scaledProduct };
		const make = new Function(...Object.keys(helpers), kernelSource(name, form));
		return make(...Object.values(helpers)) as SliceKernels;
	} catch (error) {
		if (error instanceof EvalError) return { slice: sharedKernel(form), columns: null };
		throw error;
	}
}

/** The kernels of a form for each dtype of x, made when first needed. */
/* @__NO_SIDE_EFFECTS__ */
export function sliceKernels(name: string, form: () => SliceForm): (dtype: DType) => SliceKernels {
	const made: Partial<Record<DType, SliceKernels>> = {};
	return (dtype) => {
		let kernels = made[dtype];
		if (kernels === undefined) {
			kernels = makeSliceKernels(name, form());
			made[dtype] = kernels;
		}
		return kernels;
	};
}

/** The same without generated code. */
export function sharedKernel(form: SliceForm): SliceKernel {
	const { leaves, passes, value, perElement } = form;
	const functions = new Map<Term, (...x: number[]) => number>();
	const evaluate = (term: Term, values: readonly number[]) => {
		const f = functions.get(term) ?? evaluator(term);
		functions.set(term, f);
		return f(...values);
	};
	const numbers = leaves.filter(({ kind }) => kind === "number").length;
	return (x, start, n, given, to, o) => {
		const results: number[] = [];
		const valuesAt = (i: number) =>
			leaves.map((leaf) => {
				if (leaf.kind === "n") return n;
				if (leaf.kind === "position") return i;
				if (leaf.kind === "result") return results[leaf.index] ?? 0;
				if (leaf.kind === "number") return given[leaf.index]!;
				return leaf.index === 0 ? x[start + i]! : given[numbers + leaf.index - 1]!;
			});
		for (const pass of passes) {
			if (pass.unless !== null && evaluate(pass.unless, valuesAt(0)) === 1) break;
			const made = pass.results.map(({ by, of }) => {
				if (by === "total" && isElement(of, form)) return pairwiseSum(x, start, n);
				return reduced(by, n, (i) => evaluate(of, valuesAt(i)));
			});
			results.push(...made);
		}
		if (!perElement) return evaluate(value, valuesAt(0));
		for (let i = 0; i < n; i++) to[o + i] = evaluate(value, valuesAt(i));
		return 0;
	};
}

function reduced(by: Reducing["by"], n: number, term: (i: number) => number): number {
	const terms = () => Float64Array.from({ length: n }, (_, i) => term(i));
	switch (by) {
		case "value":
		case "first":
			return term(0);
		case "total":
			return totalOf(terms());
		case "product":
			return scaledProduct(terms(), 0, n);
		case "greatest":
			return terms().reduce((a, b) => (b <= a ? a : Number.isNaN(a) ? a : b), -Infinity);
		case "least":
			return terms().reduce((a, b) => (b >= a ? a : Number.isNaN(a) ? a : b), Infinity);
		case "every":
			return Number(terms().every((t) => t === 1));
		case "some":
			return Number(terms().includes(1));
		case "find": {
			const at = terms().indexOf(1);
			return at < 0 ? n : at;
		}
	}
}

/** In the order of the generated kernel. */
function totalOf(terms: Float64Array): number {
	return pairwise(0, terms.length, (from, count) => {
		let total = 0;
		for (let i = from; i < from + count; i++) total += terms[i]!;
		return total;
	});
}
