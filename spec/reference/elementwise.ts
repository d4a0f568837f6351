import type { Big } from "./big-float.ts";
import * as b from "./big-float.ts";
import * as f from "./big-functions.ts";
import type { Jet } from "./jets.ts";
import * as j from "./jets.ts";
import { specialDefinitions } from "./special.ts";
import type { FloatType } from "./units.ts";

// What each elementwise op is in a textbook, and where it is defined.

/** What is added up to a value or derivative that crosses 0. */
type Terms = Partial<Record<keyof Jet, readonly Big[]>>;

/** An op of real numbers. */
export interface Definition {
	readonly of: (x: Jet, y: Jet) => Jet;
	readonly arity: 1 | 2;
	/** Where it is measured; left out: everywhere. `range` is from the least to the greatest size. */
	readonly where?: (x: number, y: number, range: Range) => boolean;
	/** What such a number is measured by: the sum of the sizes of its terms. */
	readonly terms?: (x: Jet, y: Jet) => Terms;
	/** How many units more a derivative of this order may be from the truth. */
	readonly slack?: (x: number, y: number, order: number, dtype: FloatType) => number;
}

/** The exponents of a dtype's least normal and greatest number. */
export type Range = readonly [least: number, greatest: number];

const one = (of: (x: Jet) => Jet, where?: (x: number) => boolean): Definition => ({
	of,
	arity: 1,
	...(where && { where }),
});

export const sigmoid = (x: Jet) => j.div(1, j.add(1, j.exp(j.neg(x))));
/** log(1 + eˣ), and x + log(1 + e⁻ˣ) where that is shorter */
export const softplus = (x: Jet): Jet =>
	b.sign(x.v) > 0 ? j.add(x, j.log1p(j.exp(j.neg(x)))) : j.log1p(j.exp(x));
export const tanh = (x: Jet): Jet => ({
	...j.sub(1, j.div(2, j.add(1, j.exp(j.mul(2, x))))),
	v: tanhOf(x.v),
});
/** (e²ˣ − 1) / (e²ˣ + 1) */
function tanhOf(x: Big): Big {
	const e = f.expm1(b.scaled(b.abs(x), 1));
	const size = b.div(e, b.add(e, b.big(2)));
	return b.sign(x) < 0 ? b.neg(size) : size;
}
const rootHalf = () => j.constant(b.sqrt(b.big(0.5)));
const cumulative = (x: Jet) => j.mul(0.5, j.erfc(j.neg(j.mul(x, rootHalf()))));
const density = (x: Jet): Jet =>
	j.div(j.exp(j.mul(-0.5, j.square(x))), j.sqrt(j.mul(2, j.constant(f.pi()))));
const inverseRoot = (x: Jet) => j.div(1, j.sqrt(x));
const half = (x: Big) => b.scaled(x, -1);
const arcsine = (x: Big): Big => f.atan(b.div(x, b.sqrt(b.mul(b.sub(b.ONE, x), b.add(b.ONE, x)))));
/** 2·arctan(√((1 − x) / (1 + x))) */
const arccosine = (x: Big): Big =>
	b.scaled(f.atan(b.sqrt(b.div(b.sub(b.ONE, x), b.add(b.ONE, x)))), 1);

/** log(x + √(x² + 1)) = log1p(x + x² / (1 + √(x² + 1))) for x ≥ 0 */
function areaSine(x: Big): Big {
	const s = b.mul(x, x);
	const size = f.log1p(b.add(b.abs(x), b.div(s, b.add(b.ONE, b.sqrt(b.add(b.ONE, s))))));
	return b.sign(x) < 0 ? b.neg(size) : size;
}
/** log(x + √(x² − 1)) */
function areaCosine(x: Big): Big {
	const t = b.sub(x, b.ONE);
	return f.log1p(b.add(t, b.sqrt(b.mul(t, b.add(x, b.ONE)))));
}
/** ½·log((1 + x) / (1 − x)) = ½·log1p(2x / (1 − x)) */
const areaTangent = (x: Big): Big => half(f.log1p(b.div(b.scaled(x, 1), b.sub(b.ONE, x))));

function hyperbolicSine(x: Jet): Jet {
	const u = f.expm1(b.abs(x.v));
	const size = half(b.add(u, b.div(u, b.add(u, b.ONE))));
	const cosine = (at: Jet) => j.mul(0.5, j.add(j.exp(at), j.exp(j.neg(at))));
	const value = b.sign(x.v) < 0 ? b.neg(size) : size;
	return { ...j.integral(x, value, cosine), xx: value };
}
const hyperbolicCosine = (x: Jet): Jet => {
	const sine = hyperbolicSine(j.variableX(x.v));
	return { ...j.mul(0.5, j.add(j.exp(x), j.exp(j.neg(x)))), x: sine.v };
};

const squares = (x: Jet, y: Jet) => j.add(j.square(x), j.square(y));
const distance = (x: Jet, y: Jet) => j.sqrt(squares(x, y));
/** Whether 1/r is a number, and the smaller over the greater has its digits where these tell. */
const hasInverse = (x: number, y: number, [least]: Range) => {
	const [less, greater] = [x, y].map(Math.abs).toSorted((p, q) => p - q) as [number, number];
	return greater >= 2 ** least && (greater >= 1 || less / greater >= 2 ** least);
};
/** The terms of (x² − y²) / r⁴. */
const squaresOverSquare = (x: Jet, y: Jet) => {
	const r = squares(x, y);
	return [x, y].map((z) => j.div(j.square(z), j.square(r)).v);
};

function arctan2(y: Jet, x: Jet): Jet {
	const turned = (by: Big, at: Jet) => j.add(j.constant(by), at);
	if (b.compare(b.abs(x.v), b.abs(y.v)) >= 0) {
		const at = j.atan(j.div(y, x));
		if (b.sign(x.v) > 0) return at;
		return turned(b.sign(y.v) < 0 ? b.neg(f.pi()) : f.pi(), at);
	}
	const quarter = half(f.pi());
	return j.sub(j.constant(b.sign(y.v) < 0 ? b.neg(quarter) : quarter), j.atan(j.div(x, y)));
}

/** xʸ for x > 0. */
const power = (x: Jet, y: Jet) => j.exp(j.mul(y, j.log(x)));

const logarithm = (base: () => Big) => (x: Jet) => j.div(j.log(x), j.constant(base()));
const positive = (x: number) => x > 0;
const inside = (x: number) => Math.abs(x) < 1;
const nonzero = (x: number) => x !== 0;

/** The remainder and its slope by y, −⌊x/y⌋ */
function modulo(x: Jet, y: Jet): Jet {
	const times = b.whole(b.withBits(2400, () => b.floor(b.div(x.v, y.v))));
	return b.withBits(4800, () => j.sub(x, j.mul(j.constant(times), y)));
}

export const definitions: Record<string, Definition> = {
	add: { arity: 2, of: j.add },
	sub: { arity: 2, of: j.sub },
	mul: { arity: 2, of: j.mul },
	// ∂y is made of x / y, which has fewer digits below the normal numbers.
	div: { arity: 2, of: j.div, where: (x, y, [least]) => Math.abs(x / y) >= 2 ** least },
	neg: one(j.neg),
	square: one(j.square),
	reciprocal: one((x) => j.div(1, x), nonzero),
	sqrt: one(j.sqrt, positive),
	mod: { arity: 2, of: modulo, where: (x, y) => y !== 0 && !Number.isInteger(x / y) },
	exp: one(j.exp),
	expm1: one(j.expm1),
	// Where it overflows, ln 2 is too late to make its derivatives less.
	exp2: {
		...one((x) => j.exp(j.mul(x, j.constant(f.ln2())))),
		where: (x, _, [, greatest]) => x < greatest,
	},
	log: one(j.log, positive),
	log1p: one(j.log1p, (x) => x > -1),
	log2: one(logarithm(f.ln2), positive),
	log10: one(logarithm(f.ln10), positive),
	// ∂x is y·xʸ⁻¹: y − 1 is rounded, which tells as often as the logarithm of x says, and the power
	// may be too large before a small y makes it less.
	power: {
		arity: 2,
		of: power,
		where: (x, y, [, greatest]) => x > 0 && Math.abs(Math.log2(x)) * (Math.abs(y) + 2) < greatest,
		slack: (x, y, order) => (order === 0 ? 0 : Math.abs(Math.log(x)) * (Math.abs(y) + 2)),
		terms: (x, y) => {
			const p = power(x, y);
			const [less, log] = [j.div(p, x).v, j.log(x).v];
			return { xy: [less, b.mul(less, b.mul(y.v, log))], xx: [p.xx] };
		},
	},
	// x − y is rounded, which an exponential shows as often as x − y says.
	logAddExp: {
		arity: 2,
		of: (x, y) => j.add(x, softplus(j.sub(y, x))),
		slack: (x, y, order) => (order === 0 ? 0 : Math.abs(x - y)),
		terms: (x, y) => ({ v: [x.v, y.v] }),
	},
	logSigmoid: one((x) => j.neg(softplus(j.neg(x)))),
	softplus: one(softplus),
	silu: {
		...one((x) => j.mul(x, sigmoid(x))),
		terms: (x) => {
			const s = sigmoid(x);
			return { x: [s.v, b.mul(x.v, s.x)], xx: [b.scaled(s.x, 1), b.mul(x.v, s.xx)] };
		},
	},
	gelu: {
		...one((x) => j.mul(x, cumulative(x))),
		terms: (x) => {
			const c = cumulative(x);
			return { x: [c.v, b.mul(x.v, c.x)], xx: [b.scaled(c.x, 1), b.mul(x.v, c.xx)] };
		},
	},
	erf: one(j.erf),
	erfc: one(j.erfc),
	sigmoid: one(sigmoid),
	tanh: one(tanh),
	sin: one(j.sin),
	cos: one(j.cos),
	tan: one((x) => j.div(j.sin(x), j.cos(x))),
	asin: one(
		(x) => j.integral(x, arcsine(x.v), (at) => inverseRoot(j.sub(1, j.square(at)))),
		inside,
	),
	acos: one(
		(x) => j.integral(x, arccosine(x.v), (at) => j.neg(inverseRoot(j.sub(1, j.square(at))))),
		inside,
	),
	atan: one(j.atan),
	atan2: {
		arity: 2,
		of: arctan2,
		where: hasInverse,
		terms: (y, x) => ({ xy: squaresOverSquare(x, y) }),
	},
	hypot: { arity: 2, of: distance, where: hasInverse },
	sinh: one(hyperbolicSine),
	cosh: one(hyperbolicCosine),
	asinh: one((x) => j.integral(x, areaSine(x.v), (at) => inverseRoot(j.add(1, j.square(at))))),
	acosh: one(
		(x) => j.integral(x, areaCosine(x.v), (at) => inverseRoot(j.sub(j.square(at), 1))),
		(x) => x > 1,
	),
	atanh: one(
		(x) => j.integral(x, areaTangent(x.v), (at) => j.div(1, j.sub(1, j.square(at)))),
		inside,
	),
	sigmoidSlope: one((x) => j.mul(sigmoid(x), sigmoid(j.neg(x)))),
	tanhSlope: one((x) => j.div(4, j.square(j.add(j.exp(x), j.exp(j.neg(x)))))),
	siluSlope: {
		...one((x) => {
			const s = sigmoid(x);
			return j.add(s, j.mul(x, j.mul(s, sigmoid(j.neg(x)))));
		}),
		terms: (x) => {
			const s = sigmoid(x);
			return { v: [s.v, b.mul(x.v, s.x)], x: [b.scaled(s.x, 1), b.mul(x.v, s.xx)] };
		},
	},
	// A density below all normal numbers is rounded twice before x or 2 − x² multiplies it: half a
	// unit in the exponential, of which 1/√(2π) leaves 0.2, and half a unit of its own.
	geluSlope: {
		...one((x) => j.add(cumulative(x), j.mul(x, density(x)))),
		slack: (x, _, order, dtype) => {
			const edge = dtype === "float64" ? 37.5 : 13.1;
			return x < -edge || (order > 0 && x > edge) ? 0.7 * Math.abs(x) ** (order + 1) : 0;
		},
		terms: (x) => {
			const c = cumulative(x);
			return { v: [c.v, b.mul(x.v, c.x)], x: [b.scaled(c.x, 1), b.mul(x.v, c.xx)] };
		},
	},
	bell: one((x) => j.exp(j.neg(j.square(x)))),
	normalDensity: one(density),
	normalCumulative: one(cumulative),
	overSquares: {
		arity: 2,
		of: (x, y) => j.div(x, squares(x, y)),
		where: hasInverse,
		terms: (x, y) => ({ x: squaresOverSquare(x, y) }),
	},
	hypotSlopeX: { arity: 2, of: (x, y) => j.div(x, distance(x, y)), where: hasInverse },
	hypotSlopeY: { arity: 2, of: (x, y) => j.div(y, distance(x, y)), where: hasInverse },
	softsign: one((x) => j.div(x, j.add(1, b.sign(x.v) < 0 ? j.neg(x) : x))),
	expRest: one((x) => j.sub(j.expm1(x), x)),
	asinhSlope: one((x) => inverseRoot(j.add(1, j.square(x)))),
	oneMinusSquare: one((x) => j.sub(1, j.square(x))),
	difference: { arity: 2, of: j.sub },
	scale: { arity: 2, of: j.mul },
	scaleTangent: { arity: 2, of: j.mul },
	...specialDefinitions,
};
