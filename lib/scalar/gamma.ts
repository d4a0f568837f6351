import { defined } from "./function.ts";
import { log, sin, tan } from "./library.ts";
import {
	abs,
	add,
	div,
	equal,
	floor,
	greater,
	greaterEqual,
	less,
	lessEqual,
	min,
	mul,
	select,
	sub,
} from "./primitives.ts";
import type { One, Scalar, ScalarLike } from "./scalar.ts";
import { polynomial } from "./short.ts";

// The gamma function. Near its zeros, for ½ ≤ x ≤ 3, a function is a polynomial times what vanishes
// there; from 8 on it is Stirling's series; between, a recurrence leads to 2 ≤ x < 3. The
// coefficients interpolate at Chebyshev's nodes, computed to 60 digits, in u = (x − p) / (x + p)
// with p² = ½·3: that is as far from the singularities at 0 and ∞.

const P = 1.224744871391589;
const fromHalfTo3 = (x: Scalar) => div(sub(x, P), add(x, P));

/** log Γ(x) / ((x − 1)·(x − 2)) by u. */
const LGAMMA = [
	0.528838744145037, -0.46404353946366694, 0.1297867364099213, -0.15947543095593497,
	0.08643882099192113, -0.09739571713399776, 0.0644221860394423, -0.07012670999405757,
	0.0512732392282691, -0.05478478052746919, 0.04256504847274727, -0.044949186273474835,
	0.03638080556545363, -0.03809004156581291, 0.03174870222766825, -0.03324866033471695,
	0.02834752727541389, -0.027765289384130427, 0.024013823357665158, -0.03377115974945733,
	0.02994184606064879, 0.0011280042275552407, -0.001534813412218124, -0.06423594448064991,
	0.05819492599941202,
];

/** x·ψ(x) / (x − ROOT), which has no pole at 0, by u = (x − 1.5) / (x + 3). */
const DIGAMMA = [
	1.4265838140477494, 1.4202663484933886, 0.1482890263577019, 0.5106476607321918,
	0.0790192232839716, 0.31036565043510855, 0.06266970999392629, 0.2138356260524766,
	0.0591088140043072, 0.15657669379266173, 0.05777893050704618, 0.11987215696267298,
	0.05623929122994709, 0.09494661231741686, 0.05196434260784467, 0.07980378172136098,
	0.06636737823920755, 0.0701715727340425,
];

/** Where ψ is 0, in parts of which the first two have the digits of a float32. */
const ROOT = [1.4616321325302124, 1.243815006546356e-8, -1.2654465062537432e-16] as const;

/** The numbers B₂ₖ / (2k·(2k − 1)). */
const STIRLING = [
	0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
	0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
	0.17964437236883057,
];

/** From here on every number is whole. */
const WHOLE = 2 ** 52;

/** What Stirling's formula (x − ½)·log x − x + ½·log 2π lacks of log Γ(x), for x ≥ 8. */
export const stirlingRest = defined<One>("stirlingRest", (x) => {
	const inverse = div(1, x);
	return mul(inverse, polynomial(mul(inverse, inverse), STIRLING));
});

/** x − 1, … x − 5, and which of them are 2 or more: the steps from x < 8 down to 2 ≤ y < 3. */
function stepsDown(x: Scalar) {
	return [1, 2, 3, 4, 5].map((k) => {
		const at = sub(x, k);
		return { at, isTaken: greaterEqual(at, 2) };
	});
}

/** log Γ(x) for x ≥ ½. */
const lgammaFromHalf = defined<One>("lgammaFromHalf", (x) => {
	let [y, product]: [Scalar, ScalarLike] = [x, 1];
	for (const { at, isTaken } of stepsDown(x)) {
		y = select(isTaken, at, y);
		product = select(isTaken, mul(product, at), product);
	}
	const near = mul(mul(sub(y, 1), sub(y, 2)), polynomial(fromHalfTo3(y), LGAMMA));
	const stirling = mul(sub(x, 0.5), sub(log(x), 1));
	const far = add(stirling, add(0.5 * Math.log(2 * Math.PI) - 0.5, stirlingRest(x)));
	return select(less(x, 8), add(log(product), near), far);
});

/** How far a negative number is from the whole number below, and from the nearest one. */
function distances(x: Scalar) {
	const above = sub(x, floor(x));
	return { above, nearest: min(above, sub(1, above)) };
}

/** log |Γ(x)|; ∞ at 0, −1, −2, … and at ±∞. */
export const lgamma = defined<One>("lgamma", (x) => {
	const size = abs(x);
	const isNear = less(size, 0.5);
	const base = lgammaFromHalf(select(isNear, add(1, x), size));
	// Γ(x)·Γ(−x) = −π / (x·sin πx)
	const sine = log(sin(mul(Math.PI, distances(x).nearest)));
	const mirrored = sub(sub(Math.log(Math.PI), add(log(size), sine)), base);
	const other = select(lessEqual(x, -WHOLE), Number.POSITIVE_INFINITY, mirrored);
	return select(isNear, sub(base, log(size)), select(less(x, 0), other, base));
});

/** ψ(x) for x ≥ ½. */
const digammaFromHalf = defined<One>("digammaFromHalf", (x) => {
	let y = x;
	// Σ 1 / at, as one fraction
	let [above, below]: [ScalarLike, ScalarLike] = [0, 1];
	for (const { at, isTaken } of stepsDown(x)) {
		y = select(isTaken, at, y);
		above = select(isTaken, add(mul(above, at), below), above);
		below = select(isTaken, mul(below, at), below);
	}
	const fromRoot = ROOT.reduce<Scalar>((rest, part) => sub(rest, part), y);
	const near = mul(div(fromRoot, y), polynomial(div(sub(y, 1.5), add(y, 3)), DIGAMMA));
	const inverse = div(1, x);
	const square = mul(inverse, inverse);
	const series = polynomial(
		square,
		STIRLING.map((b, k) => b * (2 * k + 1)),
	);
	const far = sub(log(x), add(mul(0.5, inverse), mul(square, series)));
	return select(less(x, 8), add(near, div(above, below)), far);
});

/** π / tan(πx) for x ≤ −½; NaN at whole numbers. */
export const cotangent = defined<One>("cotangent", (x) => {
	const { above, nearest } = distances(x);
	const size = div(Math.PI, tan(mul(Math.PI, nearest)));
	const signed = select(greater(above, 0.5), sub(0, size), size);
	return select(equal(above, 0), Number.NaN, signed);
});

/** ψ(x), the derivative of log Γ(x); −∞ at 0, and NaN at −1, −2, … */
export const digamma = defined<One>("digamma", (x) => {
	const isNear = less(abs(x), 0.5);
	const base = digammaFromHalf(select(isNear, add(1, x), select(less(x, 0), sub(1, x), x)));
	const mirrored = select(less(x, 0), sub(base, cotangent(x)), base);
	return select(isNear, sub(base, div(1, x)), mirrored);
});
