import type { Numeric } from "../differences/line.ts";
import { isDrowned, type Verdict } from "./compare.ts";
import { isAmong } from "./fluctuation.ts";

/** Where single precision is looked at, in units of the least step. */
export const ROUNDED_PLACES = [-1, -0.7, -0.45, -0.2, 0.2, 0.45, 0.7, 1];
/** What differs by no more than this part of itself is the same, as far as rounding goes. */
const SAME = 1e-2;

/**
 * Whether rounding explains a failure in single precision. In double precision the same derivative
 * does not fail; and what is given there is given in single precision too, if not at the point then
 * where it has moved by a few units of its last place, or single precision has lost the value
 * itself. So a function may jump more finely than its numbers lie, and differences then see none of
 * its jumps.
 * @param double the same comparison in double precision
 * @param near what single precision gives beside the point
 * @param lost how far the value is off
 */
export function isRounding(
	{ given, numeric }: { readonly given: number; readonly numeric: Numeric },
	double: { readonly given: number; readonly verdict: Verdict },
	near: readonly number[],
	lost: number,
): boolean {
	if (double.verdict === "fail" || double.verdict === "non-finite") return false;
	if (isDrowned({ ...numeric, noise: lost })) return true;
	const apart = Math.abs(double.given - given);
	return apart <= SAME * Math.abs(double.given) || isAmong(double.given, [given, ...near]);
}
