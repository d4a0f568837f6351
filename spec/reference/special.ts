import type { Big } from "./big-float.ts";
import * as b from "./big-float.ts";
import * as f from "./big-functions.ts";
import { polygamma } from "./big-gamma.ts";
import type { Definition } from "./elementwise.ts";
import type { Jet } from "./jets.ts";
import * as j from "./jets.ts";

// What special functions are in a textbook.

/** The derivative of this order of ψ, and log Γ at order −1. */
const polygammaOf = (order: number) => (x: Jet) =>
	j.integral(x, polygamma(order, x.v), (at) => ({
		...j.constant(polygamma(order + 1, at.v)),
		x: polygamma(order + 2, at.v),
	}));
const lgamma = polygammaOf(-1);
const positive = (x: number) => x > 0;
const betaTerms = (x: Jet, y: Jet) => {
	const [p, q, both] = [x, y, j.add(x, y)].map((z) => polygammaOf(0)(z));
	return { p: p!, q: q!, both: both! };
};

const half = (x: Big) => b.scaled(x, -1);
/** φ(z) */
const density = (z: Big) => b.div(f.exp(b.neg(half(b.mul(z, z)))), b.sqrt(b.scaled(f.pi(), 1)));
/** Φ(z) */
const cumulative = (z: Big) => half(f.erfc(b.neg(b.mul(z, b.sqrt(b.big(0.5))))));

/** The z < 0 with Φ(z) = p < ½, by Newton's method from the logarithm. */
function quantile(p: Big): Big {
	const near = b.approximate(b.sqrt(b.scaled(b.neg(f.log(p)), 1)));
	let z = b.big(-near);
	for (let i = 0; i < 60; i++) {
		const at = cumulative(z);
		const step = b.div(b.mul(at, f.log(b.div(at, p))), density(z));
		z = b.sub(z, step);
		if (b.sign(step) === 0 || b.rankOf(step) < b.rankOf(z) - BigInt(b.bitsNow() - 20)) break;
	}
	return z;
}

/** The z with Φ(z) = p, or 1 − p if that is the tail, with its derivatives by p. */
function quantileJets(tail: Big, isBelow: boolean): { z: Big; first: Big; second: Big } {
	const below = b.withBits(b.bitsNow() + 80, () => quantile(tail));
	const z = isBelow ? below : b.neg(below);
	const first = b.div(b.ONE, density(z));
	return { z, first, second: b.mul(z, b.mul(first, first)) };
}

function quantileOf(p: Big) {
	const isBelow = b.approximate(p) < 0.5;
	const exactly = () => (isBelow ? p : b.sub(b.ONE, p));
	return quantileJets(b.withBits(b.bitsNow() + 1200, exactly), isBelow);
}

const toJet = (p: Jet, v: Big, first: Big, second: Big) =>
	j.integral(p, v, () => ({ ...j.constant(first), x: second }));

const ndtri = (p: Jet) => {
	const { z, first, second } = quantileOf(p.v);
	return toJet(p, z, first, second);
};
const erfinv = (x: Jet) => {
	const { z, first, second } = quantileOf(
		b.withBits(b.bitsNow() + 1200, () => half(b.add(b.ONE, x.v))),
	);
	const root = b.sqrt(b.big(0.5));
	return toJet(x, b.mul(z, root), half(b.mul(first, root)), b.scaled(b.mul(second, root), -2));
};
/** The derivative of a function as a function; its own derivatives end there. */
const slopeOf = (of: (x: Jet) => Jet) => (x: Jet) => {
	const jet = of(j.variableX(x.v));
	// The second derivative is not asked for; a 0 would have more and more digits tried.
	return { ...j.constant(jet.x), x: jet.xx, xx: b.ONE };
};

const normal = (x: Jet): Jet => j.mul(0.5, j.erfc(j.neg(j.mul(x, j.constant(b.sqrt(b.big(0.5)))))));
const normalDensity = (x: Jet): Jet =>
	j.div(j.exp(j.mul(-0.5, j.square(x))), j.sqrt(j.mul(2, j.constant(f.pi()))));
const hazard = (x: Jet) => j.div(normalDensity(x), normal(x));
/**
 * Before the tail begins φ/Φ + x is a difference, which is 1/x² of its terms; in the tail it has
 * the digits of the series, which is made for what it is a small part of.
 */
const restSlack = (x: number, _: number, order: number) =>
	order > 0 && x < 0 ? (x > -5.7 ? 2 * x * x + 20 : 40) : 0;
/** Whether the digits that a difference of logarithms loses are a few hundred. */
const isOrdinary = (x: number) => x > 2 ** -60 && x < 2 ** 60;
const share = (x: number) => x > 0 && x < 1;

/** The slope of the quantile is made of φ/Φ there, and its own of the square of that. */
const tailSlack = (_: number, __: number, order: number) => (order > 0 ? 8 : 0);
/** log(1 − eʸ⁻ˣ), also where that exponential is far below 1. */
function logOfRest(x: Jet, y: Jet): Jet {
	const far = j.sub(y, x);
	const isSmall = b.approximate(far.v) < -1;
	return isSmall ? j.log1p(j.neg(j.exp(far))) : j.log(j.neg(j.expm1(far)));
}

export const specialDefinitions: Record<string, Definition> = {
	cbrt: {
		arity: 1,
		of: (x) => {
			const root = j.exp(j.div(j.log(b.sign(x.v) < 0 ? j.neg(x) : x), 3));
			return b.sign(x.v) < 0 ? j.neg(root) : root;
		},
		where: (x) => x !== 0,
	},
	// ∂yy is −x/y², by 1/y twice.
	xlogy: {
		arity: 2,
		of: (x, y) => j.mul(x, j.log(y)),
		where: (_, y, [least]) => y > 2 ** (least / 2) && y < 2 ** (-least / 2),
	},
	logit: {
		arity: 1,
		of: (x) => j.log(j.div(x, j.sub(1, x))),
		where: share,
		terms: (x) => ({ xx: [x, j.sub(1, x)].map((z) => j.div(1, j.square(z)).v) }),
	},
	// x − y is rounded, which an exponential shows as often as x − y says.
	logSubExp: {
		arity: 2,
		of: (x, y) => j.add(x, logOfRest(x, y)),
		where: (x, y) => x > y,
		slack: (x, y, order) => (order === 0 ? 0 : x - y),
		terms: (x, y) => ({ v: [x.v, logOfRest(x, y).v] }),
	},
	// At 1 and 2 it is exactly 0.
	lgamma: { arity: 1, of: lgamma, where: (x) => positive(x) && x !== 1 && x !== 2 },
	digamma: { arity: 1, of: polygammaOf(0), where: positive },
	polygamma: { arity: 1, of: polygammaOf(1), where: positive },
	betaln: {
		arity: 2,
		of: (x, y) => j.sub(j.add(lgamma(x), lgamma(y)), lgamma(j.add(x, y))),
		where: (x, y) => isOrdinary(x) && isOrdinary(y),
		terms: (x, y) => {
			const { p, q, both } = betaTerms(x, y);
			return {
				v: [lgamma(x).v, lgamma(y).v, b.mul(b.add(x.v, y.v), both.v)],
				x: [p.v, both.v],
				y: [q.v, both.v],
				xx: [p.x, both.x],
				yy: [q.y, both.y],
			};
		},
	},
	// The tail has 360 bits.
	logNdtr: { arity: 1, of: (x) => j.log(normal(x)), where: (x) => x > -1e5, slack: restSlack },
	normalHazard: { arity: 1, of: hazard, where: (x) => x > -1e5, slack: restSlack },
	normalHazardRest: {
		arity: 1,
		of: (x) => j.add(hazard(x), x),
		where: (x) => x > -1e5,
		slack: (x, _, order) => (x < 0 ? (order > 0 ? 100 * (1 + x * x) : restSlack(x, 0, 1)) : 0),
	},
	ndtri: { arity: 1, of: ndtri, where: share, slack: tailSlack },
	ndtriSlope: { arity: 1, of: slopeOf(ndtri), where: share, slack: tailSlack },
	erfinv: { arity: 1, of: erfinv, where: (x) => Math.abs(x) < 1 },
	erfinvSlope: { arity: 1, of: slopeOf(erfinv), where: (x) => Math.abs(x) < 1 },
};
