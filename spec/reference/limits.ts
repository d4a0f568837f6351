import { approximate, type Big, ONE, rankOf, scaled, sign, sub } from "./big-float.ts";
import type { Definition } from "./elementwise.ts";
import { jetAt, PARTS, type Part } from "./truth.ts";

// What elementwise ops and their derivatives come to as an argument goes to ±∞.

/** Arguments go to 2 to these powers, one after the other. */
const STEPS = [2000, 4000, 6000];

/** Beyond 2 to this, or to minus this, a number is on its way to ∞ or 0. */
const FAR = 1400n;

const isSmall = (x: Big) => sign(x) === 0 || rankOf(x) < -FAR;

/** The limit of a sequence that goes there by doubling steps; null where there is none. */
function limitOf([first, second, third]: readonly [Big, Big, Big]): number | null {
	const all = [first, second, third];
	if (all.every(isSmall)) return 0;
	const last = sign(third);
	if (sign(first) !== last || sign(second) !== last) return null;
	// A logarithm grows as the exponents do.
	const grows = (x: Big, y: Big) => rankOf(y) > rankOf(x);
	if (grows(first, second) && grows(second, third)) return last * Number.POSITIVE_INFINITY;
	const rest = sub(third, second);
	const isSettled = isSmall(rest) || rankOf(rest) < rankOf(third) - 90n;
	return isSettled ? approximate(third) : null;
}

const infinite = (x: number) => !Number.isFinite(x);

/** The limit of each part at a point with infinities in it, null where there is none. */
export function limits(definition: Definition, at: readonly number[]): Map<Part, number | null> {
	const reached = STEPS.map((step) =>
		jetAt(
			definition,
			at.map((x) => (infinite(x) ? scaled(x > 0 ? ONE : { ...ONE, mantissa: -1n }, step) : x)),
		),
	);
	return new Map(
		PARTS[definition.arity].map((part) => [
			part,
			limitOf(reached.map((jet) => jet[part]) as [Big, Big, Big]),
		]),
	);
}

/** Where one argument is infinite and the op is defined on the way there. */
export function endsOf({ arity, where }: Definition): number[][] {
	const ends = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	const points =
		arity === 1
			? ends.map((x) => [x])
			: ends.flatMap((x) =>
					OTHERS.flatMap((y) => [
						[x, y],
						[y, x],
					]),
				);
	return points.filter((at) => {
		const [x, y = 1] = at.map((z) => (infinite(z) ? Math.sign(z) * 2 ** 900 : z)) as [
			number,
			number?,
		];
		return where?.(x, y, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) ?? true;
	});
}

/** The other of two arguments, where one is infinite. */
const OTHERS = [2, -0.5];
