import {
	normalCumulative,
	normalDensity,
	restInTail,
	shareInMiddle,
	shareInTail,
} from "./error-function.ts";
import { defined } from "./function.ts";
import { log, log1p } from "./library.ts";
import {
	abs,
	add,
	div,
	equal,
	less,
	lessEqual,
	mul,
	neg,
	select,
	sqrt,
	sub,
} from "./primitives.ts";
import type { One, Scalar, Two } from "./scalar.ts";
import { polynomial } from "./short.ts";

// The normal distribution's tails, where Φ itself has vanished, and its quantiles.

const isFar = (y: Scalar) => lessEqual(4, y);

/** φ(x) / Φ(x), which is about −x far below 0 and vanishes far above. */
export const normalHazard = defined<One>("normalHazard", (x) => {
	const s = neg(x);
	const y = mul(s, Math.SQRT1_2);
	const middle = div(Math.sqrt(2 / Math.PI), shareInMiddle(y));
	const tail = div(s, mul(Math.sqrt(Math.PI), shareInTail(y)));
	const below = select(isFar(y), tail, middle);
	const near = div(normalDensity(x), normalCumulative(x));
	return select(less(x, -0.46875 * Math.SQRT2), below, near);
});

/** φ(x) / Φ(x) + x, without the difference where that would lose digits. */
export const hazardRest = defined<One>("hazardRest", (x) => {
	const y = mul(neg(x), Math.SQRT1_2);
	const series = div(mul(neg(x), restInTail(y)), shareInTail(y));
	// Far out x² overflows.
	const tail = select(less(x, -1e8), div(-1, x), series);
	return select(isFar(y), tail, add(normalHazard(x), x));
});

/** log Φ(x), also where Φ(x) is 0 or 1 when rounded. */
export const logNormalCumulative = defined<One>("logNormalCumulative", (x) => {
	const far = sub(mul(mul(-0.5, x), x), log(mul(Math.sqrt(2 * Math.PI), normalHazard(x))));
	const above = log1p(neg(normalCumulative(neg(x))));
	return select(less(x, -1), far, select(less(x, 0), log(normalCumulative(x)), above));
});

// The quantiles are those of M. J. Wichura, "Algorithm AS 241: The percentage points of the normal
// distribution", Applied Statistics 37, 1988; routine PPND16. Each part is the ratio of two
// polynomials, whose coefficients are in ascending order.

/** For |q| ≤ 0.425, where q = p − ½: the quantile over q, by 0.180625 − q². */
export const CENTRE = [
	[
		3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
		45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227,
	],
	[
		1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597,
		39307.89580009271, 28729.085735721943, 5226.495278852854,
	],
] as const;

/** Of r = √(−log p) ≤ 5, by r − 1.6. */
export const TAIL = [
	[
		1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
		1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
	],
	[
		1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
		0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
	],
] as const;

/** Of greater r, by r − 5. */
export const FAR_OUT = [
	[
		6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
		0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
	],
	[
		1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
		0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
	],
] as const;

const ratio = (x: Scalar, [above, below]: readonly (readonly number[])[]) =>
	div(polynomial(x, above!), polynomial(x, below!));

/** The z with Φ(z) = ½ + q, where the smaller of Φ(z) and 1 − Φ(z) is `tail`; NaN below 0. */
export const normalQuantileOf = defined<Two>("normalQuantileOf", (q, tail) => {
	const centre = mul(q, ratio(sub(0.180625, mul(q, q)), CENTRE));
	const r = sqrt(neg(log(tail)));
	const size = select(lessEqual(r, 5), ratio(sub(r, 1.6), TAIL), ratio(sub(r, 5), FAR_OUT));
	const finite = select(equal(tail, 0), Number.POSITIVE_INFINITY, size);
	return select(lessEqual(abs(q), 0.425), centre, select(less(q, 0), neg(finite), finite));
});

/** Its derivative by q, 1 / φ(z), from the tail, which has more digits than z². */
export const normalQuantileSlope = defined<Two>("normalQuantileSlope", (q, tail) =>
	div(1, mul(tail, normalHazard(neg(abs(normalQuantileOf(q, tail)))))),
);
