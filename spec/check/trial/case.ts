import type { Verdict } from "../../../lib/check/gradients.ts";
import { customGradient, random, type Tensor } from "../../../lib/index.ts";

/** The worst verdict of a report; `refused`: the check throws an error of the library instead. */
export type Outcome = Verdict | "refused";

/** A function to be checked at a point, and what has to come of it. */
export interface Case {
	/** A wrong one: what is wrong with it. A right one: why it may look wrong. */
	readonly says: string;
	readonly f: (...args: Tensor[]) => Tensor | Tensor[];
	readonly at: readonly Tensor[];
	readonly expected: Outcome;
	/** Takes seconds: `npm test` leaves it out, `npm run trial` does not. */
	readonly isLong?: true;
}

/** Cases by their names, which `peers/` has as well. */
export type Cases = Readonly<Record<string, Case>>;

/**
 * `f` with the gradients that are written here, one an argument.
 * @param pull takes the cotangent, the result and the arguments
 */
export function byHand<Y extends Tensor | Tensor[]>(
	f: (...x: Tensor[]) => Y,
	pull: (g: Y, y: Y, ...x: Tensor[]) => Tensor | Tensor[],
): (...x: Tensor[]) => Y {
	const custom = customGradient(
		(x: Tensor[]) => f(...x),
		(g, y, x) => [pull(g, y, ...x)].flat(),
	);
	return (...x) => custom(x);
}

/** An elementwise function with the slope that is written here. */
export function withSlope(
	f: (x: Tensor) => Tensor,
	slope: (x: Tensor, y: Tensor) => Tensor,
): (...x: Tensor[]) => Tensor {
	return byHand(
		(x) => f(x!),
		(g, y, x) => g.mul(slope(x!, y)),
	);
}

/** Normally distributed numbers, the same ones for the same seed. */
export function normal(seed: number, shape: number[], dtype: "float32" | "float64" = "float64") {
	return random.normal(random.key(seed), shape, { dtype });
}
