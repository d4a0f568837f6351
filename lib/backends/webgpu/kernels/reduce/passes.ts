import { isFloat } from "../../../../core/dtype.ts";
import type { Expression } from "../../../../schedule/expression.ts";
import type { SliceLoop } from "../../../../schedule/kernel.ts";
import { Unsupported } from "../../../backend.ts";
import { type Narrow, Narrowing } from "./narrow.ts";
import { type Combiner, combinerOf } from "./reducers.ts";

/** A reduction as the device does it, and its number among results and among reductions. */
export interface PlannedReduction {
	readonly of: Expression;
	readonly combiner: Combiner;
	readonly result: number;
	readonly number: number;
}

/** A pass: reductions, or a value of the first element and earlier results. */
export interface PlannedPass {
	readonly unless: Expression | null;
	readonly reductions: readonly PlannedReduction[];
	readonly first: (Narrow & { readonly result: number }) | null;
}

/** What a loop computes without float64; the outputs' values are of the outputs' dtypes. */
export interface PlannedPasses {
	readonly passes: readonly PlannedPass[];
	readonly values: readonly Expression[];
}

/**
 * The passes of a loop over slices of n elements, and the values of its outputs.
 * @throws Unsupported for what is not the same in float32
 */
export function plannedPasses(loop: SliceLoop, n: number): PlannedPasses {
	const results: Narrow["dtype"][] = [];
	let count = 0;
	const narrowing = new Narrowing({ inputs: loop.inputs.map(({ dtype }) => dtype), results, n });
	const passes = loop.passes.map((pass): PlannedPass => {
		const unless = pass.unless === undefined ? null : narrowing.read(pass.unless).of;
		if (pass.kind === "first") {
			const value = narrowing.read(pass.of);
			return { unless, reductions: [], first: { ...value, result: results.push(value.dtype) - 1 } };
		}
		const before = results.length;
		const reductions = pass.reductions.map(({ by, of }, i) => {
			const value = narrowing.read(of);
			const combiner = combinerOf(by, value.dtype, n);
			return { of: value.of, combiner, result: before + i, number: count++ };
		});
		results.push(...reductions.map(({ combiner }) => combiner.dtype));
		return { unless, reductions, first: null };
	});
	const values = loop.outputs.map(({ value, dtype }) => {
		if (dtype === "float64") throw new Unsupported("float64 on the device");
		const { of, dtype: made } = narrowing.read(value);
		if (made === dtype) return of;
		// Truth is a whole number, and what a whole number counts may be stored as a float.
		if (isFloat(made) || dtype === "bool") throw new Unsupported(`${dtype} of ${made} in a slice`);
		return { kind: "cast", of, dtype } as const;
	});
	return { passes, values };
}
