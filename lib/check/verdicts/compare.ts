import type { Numeric } from "../differences/line.ts";
import type { Slope } from "../differences/stencil.ts";

/**
 * What comes of comparing a derivative with differences. `pass`: they agree. `fail`: they do not.
 * `at-kink`: the function has a kink, a jump or the edge of its domain there, and the derivative
 * lies between those of the two sides. `ill-conditioned`: they agree, but the differences are too
 * uncertain to say much. `non-finite`: NaN or an infinity, where differences cannot tell.
 * `not-deterministic`: a second call at the same point gives something else, so that there is
 * nothing to compare.
 */
export type Verdict =
	| "pass"
	| "fail"
	| "at-kink"
	| "ill-conditioned"
	| "non-finite"
	| "not-deterministic";

/** Rounding errors beyond this part of an element are what it consists of. */
const DROWNED = 1e-2;
/** A bound beyond this part of a derivative says little about it. */
const UNCERTAIN = 1e-2;
/**
 * Smaller steps speak for what is given if they are within this part of its distance from the
 * differences, and known to within so many of it: ten standard deviations.
 */
const CLOSE = 0.25;
const KNOWN = 2;

/**
 * Whether differences say something of a derivative of this size (left out: of what they say it
 * is). One that is small beside the function over the size of its argument, or 0 as far as can be
 * seen, need not be known in relation to itself.
 */
export function isCertain(numeric: Numeric, size = sizeOf(numeric)): boolean {
	const { bound, natural, terms } = numeric;
	const isZero = size <= bound;
	return bound <= UNCERTAIN * Math.max(size, isZero ? terms : natural);
}

function sizeOf({ left, right }: Numeric): number {
	return Math.max(Math.abs(left), Math.abs(right));
}

/**
 * The verdict on one derivative; whether a pass is ill-conditioned is decided among its neighbours.
 */
export function judge(given: number, numeric: Numeric): Verdict {
	if (numeric.kind === "none") return "non-finite";
	if (!Number.isFinite(given)) {
		return numeric.kind !== "edge" && isCertain(numeric) ? "fail" : "non-finite";
	}
	if (numeric.kind === "unresolved") return "ill-conditioned";
	if (distance(given, numeric) > numeric.bound) return "fail";
	return numeric.kind === "smooth" ? "pass" : "at-kink";
}

/**
 * Whether an element is hardly more than its rounding errors, so that no derivative can be called
 * wrong.
 */
export function isDrowned({ noise, reach }: Numeric): boolean {
	return noise > DROWNED * reach;
}

/**
 * Whether scales disagree about a derivative: with smaller steps than those by which it was found
 * it is what is given.
 */
export function isContested(given: number, found: Numeric, slopes: readonly Slope[]): boolean {
	const apart = distance(given, found);
	return slopes.some(
		({ value, bound, step }) =>
			step < found.step && bound <= KNOWN * apart && Math.abs(given - value) <= CLOSE * apart,
	);
}

/** How far the given derivative is from those of the two sides and what lies between them. */
export function distance(given: number, { left, right }: Numeric): number {
	const low = Math.min(left, right);
	const high = Math.max(left, right);
	return given < low ? low - given : Math.max(0, given - high);
}

/** Which of several kinds a sum of such elements is: the worst. */
const WORST_LAST: readonly Numeric["kind"][] = [
	"smooth",
	"kink",
	"jump",
	"edge",
	"unresolved",
	"none",
];

/**
 * What the differences of several elements say of their weighted sum. At a kink each element may
 * choose its side.
 */
export function weightedSum(numerics: readonly Numeric[], weights: ArrayLike<number>): Numeric {
	let [low, high, bound, estimate, natural, terms] = [0, 0, 0, 0, 0, 0];
	let step = Number.POSITIVE_INFINITY;
	let seen = Number.POSITIVE_INFINITY;
	let worst = 0;
	let [reach, noise] = [0, 0];
	for (const [j, numeric] of numerics.entries()) {
		const weight = weights[j]!;
		const [a, b] = [weight * numeric.left, weight * numeric.right];
		low += Math.min(a, b);
		high += Math.max(a, b);
		bound += Math.abs(weight) * numeric.bound;
		estimate += Math.abs(weight) * numeric.estimate;
		natural += Math.abs(weight) * numeric.natural;
		terms += Math.abs(weight) * numeric.terms;
		step = Math.min(step, numeric.step);
		if (numeric.kind !== "smooth") seen = Math.min(seen, numeric.seen);
		worst = Math.max(worst, WORST_LAST.indexOf(numeric.kind));
		reach += Math.abs(weight) * numeric.reach;
		noise += Math.abs(weight) * numeric.noise;
	}
	const kind = WORST_LAST[worst]!;
	return {
		kind,
		left: low,
		right: high,
		bound,
		estimate,
		natural,
		terms,
		step,
		seen,
		reach,
		noise,
	};
}
