import { fractionsFrom } from "../../check/sampling.ts";
import { isFloat } from "../../core/dtype.ts";
import type { Tensor } from "../../core/tensor.ts";
import { div } from "../../ops/arithmetic.ts";
import { sum } from "../../structure/broadcasting.ts";
import type { Derived } from "../draft/model.ts";
import { type Origin, type Reference, referenceAt } from "./reference.ts";
import { elementsOf, relativeDistance, tensorOf } from "./values.ts";

/** How far off a run of the function may be from its recorded run. */
const SAME_PATH = { float64: 1e-9, float32: 1e-4, int32: 0, bool: 0 };

/** How elements are moved: so far, by a random number and what is usual in the tensor. */
interface Way {
	readonly step: Readonly<Record<"float64" | "float32", number>>;
	readonly by: (x: number, random: number, usual: number) => number;
}

/** A little, and much more than what counts as rounding. */
const NEAR = { float64: 1e-3, float32: 3e-2 };

const byAll: Way["by"] = (x, random, usual) => random * Math.max(Math.abs(x), usual);

/**
 * In order: the first moves much, so that conditions come out otherwise too, but a matrix may lose
 * its inverse or its root by it; the last ones are for functions of positive numbers, or up to 1.
 */
const WAYS: readonly Way[] = [
	{ step: { float64: 0.1, float32: 0.1 }, by: byAll },
	{ step: NEAR, by: byAll },
	{ step: NEAR, by: (x, random) => random * Math.abs(x) },
	{ step: NEAR, by: (x, random) => -Math.abs(random) * x },
];

/**
 * A point near the given one, where what is special about given values is not so: a matrix is not
 * symmetric there, a label not 1, and rows do not add up to 1 unless they were said to. Numbers
 * that are whole or truth values stay, and constants that the function closes over.
 * @returns what the lines are there, or why there is no such point
 */
export function secondPoint(
	derived: Derived,
	origin: Origin,
	first: Reference,
): Reference | string {
	const { leaves } = origin.flat;
	if (!leaves.some(({ dtype }) => isFloat(dtype))) return "no argument is float";
	let reason = "";
	for (const way of WAYS) {
		const moved = movedBy(way, origin);
		try {
			const second = referenceAt(moved, derived, origin, first.required);
			const unfit = unfitness(second, first);
			if (unfit === null) return second;
			reason = unfit;
		} catch (error) {
			// The function is the user's, and so is what it throws.
			reason = error instanceof Error ? error.message : String(error);
		}
	}
	return reason;
}

function movedBy({ step, by }: Way, { flat: { leaves }, distributions }: Origin): Tensor[] {
	const numbers = fractionsFrom(1);
	return leaves.map((leaf, i) => {
		const { dtype } = leaf;
		if (dtype !== "float64" && dtype !== "float32") return leaf;
		const { values, ...type } = elementsOf(leaf);
		const usual = values.reduce((all, x) => all + Math.abs(x), 0) / values.length || 1;
		const along = distributions[i] ?? null;
		const moved = values.map((x) => {
			const random = numbers();
			const moved = step[dtype] * by(x, random < 0.5 ? random - 1 : random, usual);
			// Probabilities stay positive.
			return x + (along === null ? moved : Math.abs(moved));
		});
		const tensor = tensorOf({ ...type, values: moved });
		return along === null ? tensor : div(tensor, sum(tensor, along, { keepDims: true }));
	});
}

/** Why lines cannot be compared at the second point; null where they can. */
function unfitness(second: Reference, first: Reference): string | null {
	for (const [name, value] of second.recorded) {
		const own = second.engine.get(name)!;
		const limit = SAME_PATH[own.dtype];
		const termSize = () => second.terms.whole(name);
		if (!(relativeDistance(value, own, limit, termSize) <= limit)) {
			return `the function takes another way there, by ${name}`;
		}
	}
	for (const key of ["lines", "engine"] as const) {
		for (const [name, { values }] of second[key]) {
			const before = first[key].get(name)!.values;
			if (values.every((x, i) => Number.isFinite(x) === Number.isFinite(before[i]!))) continue;
			return `${name} is not finite where it was, or the other way round`;
		}
	}
	return null;
}
