import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { grad, jvp, onesLike, type Tensor, tensor } from "../../lib/index.ts";
import { abs, add, approximate } from "./big-float.ts";
import type { Definition } from "./elementwise.ts";
import { pointsFor } from "./points.ts";
import { PARTS, type Part, truth } from "./truth.ts";
import { distance, type FloatType } from "./units.ts";

// How far the values and derivatives of elementwise ops are from what they should be.

export type Op = (...args: Tensor[]) => Tensor;

type Derivative = (args: readonly Tensor[]) => Tensor;

const reverse =
	(f: Derivative, i: number): Derivative =>
	(args) =>
		grad((x: Tensor) => f(args.with(i, x)).sum())(args[i]!);
const forward =
	(f: Derivative, i: number): Derivative =>
	(args) =>
		jvp((x: Tensor) => f(args.with(i, x)), args[i]!, onesLike(args[i]!))[1];
const MODES = { reverse, forward };

/** By which arguments each part is differentiated, one after the other. */
const ORDERS: Record<Part, readonly (readonly number[])[]> = {
	v: [[]],
	x: [[0]],
	y: [[1]],
	xx: [[0, 0]],
	xy: [
		[0, 1],
		[1, 0],
	],
	yy: [[1, 1]],
};

/** Every way to compute a part, by what it is called. */
export function waysTo(op: Op, part: Part): [how: string, of: Derivative][] {
	return ORDERS[part].flatMap((order) =>
		order.reduce<[string, Derivative][]>(
			(ways, i) =>
				ways.flatMap(([how, f]) =>
					Object.entries(MODES).map(([mode, by]): [string, Derivative] => [
						`${how}, ${mode} by argument ${i + 1}`,
						by(f, i),
					]),
				),
			[["value", (args) => op(...args)]],
		),
	);
}

/** A number that is not as it should be. */
interface Miss {
	readonly part: Part;
	readonly how: string;
	readonly at: readonly number[];
	readonly got: number;
	readonly expected: number;
	readonly units: number;
}

/** A derivative of this order, in the order of the parts. */
export const orderOf = (part: Part): number => (part === "v" ? 0 : part.length);

/**
 * How many units a part may be from the truth. A factor below all normal numbers is rounded by half
 * a unit of its own, which each derivative multiplies by the argument where functions level off.
 */
function allowance(
	part: Part,
	at: readonly number[],
	{ slack }: Definition,
	units: number,
	dtype: FloatType,
): { units: number; least: number } {
	const order = orderOf(part);
	const [x, y = 0] = at as [number, number?];
	return {
		units: units + (slack?.(x, y, order, dtype) ?? 0),
		least: order === 0 ? units : units + Math.min(Math.abs(x), 1024) ** order,
	};
}

/**
 * What is more than so many units from the truth, up to derivatives of this order, at points where
 * an op is defined.
 */
export function misses(
	op: Op,
	definition: Definition,
	points: readonly (readonly number[])[],
	{ dtype, units: allowed, order }: { dtype: FloatType; units: number; order: number },
): Miss[] {
	const { arity } = definition;
	const truths = points.map((at) => truth(definition, at));
	const args = Array.from({ length: arity }, (_, i) =>
		tensor(
			points.map((at) => at[i]!),
			{ dtype },
		),
	);
	const ways = PARTS[arity]
		.filter((part) => orderOf(part) <= order)
		.flatMap((part) => waysTo(op, part).map(([how, of]) => ({ part, how, of })));
	const compiled = compile((...xs: Tensor[]) => ways.map(({ of }) => of(xs)))(...args);
	return ways.flatMap(({ part, how, of }, k) =>
		(
			[
				["eager", of(args)],
				["compiled", compiled[k]!],
			] as const
		).flatMap(([road, result]) =>
			points.flatMap((at, i): Miss[] => {
				const got = result.data[i]!;
				const { jet, terms } = truths[i]!;
				const size = (terms[part] ?? []).map(abs).reduce(add, abs(jet[part]));
				const far = distance(got, jet[part], dtype, size);
				const may = allowance(part, at, definition, allowed, dtype);
				if (far.units <= may.units || far.least <= may.least) return [];
				const expected = approximate(jet[part]);
				return [{ part, how: `${road} ${how}`, at, got, expected, units: far.units }];
			}),
		),
	);
}

/** How many units in the last place a number may be from the truth. */
export const UNITS = 8;

/**
 * Fails where an op or one of its derivatives up to this order is farther from the truth than that,
 * at so many points of all of the range of float64 and float32.
 */
export function measured(op: Op, definition: Definition, order: number, count: number): void {
	for (const dtype of ["float64", "float32"] satisfies FloatType[]) {
		const points = pointsFor(definition, dtype, count);
		for (const miss of misses(op, definition, points, { dtype, units: UNITS, order })) {
			const { how, at, got, expected, units } = miss;
			assert.unreachable(
				`${dtype} ${how}, at (${at}): ${got}, not ${expected}: ${Math.ceil(units)} units`,
			);
		}
	}
}
