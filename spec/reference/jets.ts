import type { Big } from "./big-float.ts";
import * as b from "./big-float.ts";
import * as f from "./big-functions.ts";

// A value with its first and second derivatives by two arguments, carried through a formula by the
// rules of calculus. So a derivative is known by the formula of the value, as a textbook has it.

/** A value and its derivatives: by x, y; x twice, x and y, y twice. */
export interface Jet {
	readonly v: Big;
	readonly x: Big;
	readonly y: Big;
	readonly xx: Big;
	readonly xy: Big;
	readonly yy: Big;
}

const { ZERO: O, ONE: I } = b;

export const constant = (v: Big | number): Jet => ({
	v: typeof v === "number" ? b.big(v) : v,
	x: O,
	y: O,
	xx: O,
	xy: O,
	yy: O,
});
export const variableX = (v: Big): Jet => ({ ...constant(v), x: I });
export const variableY = (v: Big): Jet => ({ ...constant(v), y: I });

type Like = Jet | number;
const jet = (x: Like): Jet => (typeof x === "number" ? constant(x) : x);

/** Both, element by element. */
function each(p: Jet, q: Jet, of: (p: Big, q: Big) => Big): Jet {
	return {
		v: of(p.v, q.v),
		x: of(p.x, q.x),
		y: of(p.y, q.y),
		xx: of(p.xx, q.xx),
		xy: of(p.xy, q.xy),
		yy: of(p.yy, q.yy),
	};
}

export const add = (p: Like, q: Like): Jet => each(jet(p), jet(q), b.add);
export const sub = (p: Like, q: Like): Jet => each(jet(p), jet(q), b.sub);
export const neg = (p: Like): Jet => sub(0, p);

/** The sum of products. */
function dot(...products: readonly (readonly [Big, Big])[]): Big {
	return products.map(([p, q]) => b.mul(p, q)).reduce(b.add);
}

export function mul(left: Like, right: Like): Jet {
	const [p, q] = [jet(left), jet(right)];
	return {
		v: b.mul(p.v, q.v),
		x: dot([p.v, q.x], [p.x, q.v]),
		y: dot([p.v, q.y], [p.y, q.v]),
		xx: dot([p.v, q.xx], [b.scaled(p.x, 1), q.x], [p.xx, q.v]),
		xy: dot([p.v, q.xy], [p.x, q.y], [p.y, q.x], [p.xy, q.v]),
		yy: dot([p.v, q.yy], [b.scaled(p.y, 1), q.y], [p.yy, q.v]),
	};
}

/** A function of p with this value, this first and this second derivative. */
function composed(p: Jet, v: Big, first: Big, second: Big): Jet {
	const two = (i: Big, j: Big, ij: Big) => dot([second, b.mul(i, j)], [first, ij]);
	return {
		v,
		x: b.mul(first, p.x),
		y: b.mul(first, p.y),
		xx: two(p.x, p.x, p.xx),
		xy: two(p.x, p.y, p.xy),
		yy: two(p.y, p.y, p.yy),
	};
}

/** A function with this value and with this derivative, in which the variable is x. */
export function integral(p: Jet, v: Big, slope: (x: Jet) => Jet): Jet {
	const first = slope(variableX(p.v));
	return composed(p, v, first.v, first.x);
}

function reciprocal(p: Jet): Jet {
	const v = b.div(I, p.v);
	const square = b.mul(v, v);
	return composed(p, v, b.neg(square), b.scaled(b.mul(square, v), 1));
}

export const div = (p: Like, q: Like): Jet => mul(p, reciprocal(jet(q)));
export const square = (p: Jet): Jet => mul(p, p);

export function sqrt(p: Jet): Jet {
	const v = b.sqrt(p.v);
	const first = b.div(b.big(0.5), v);
	return composed(p, v, first, b.neg(b.scaled(b.div(first, p.v), -1)));
}

export function exp(p: Jet): Jet {
	const v = f.exp(p.v);
	return composed(p, v, v, v);
}

export function expm1(p: Jet): Jet {
	return { ...exp(p), v: f.expm1(p.v) };
}

export const log = (p: Jet): Jet => integral(p, f.log(p.v), reciprocal);
export const log1p = (p: Jet): Jet => integral(p, f.log1p(p.v), (x) => reciprocal(add(1, x)));

export function sin(p: Jet): Jet {
	const v = f.sine(p.v);
	return composed(p, v, f.sine(p.v, 1), b.neg(v));
}

export function cos(p: Jet): Jet {
	const v = f.sine(p.v, 1);
	return composed(p, v, b.neg(f.sine(p.v)), b.neg(v));
}

export const atan = (p: Jet): Jet => integral(p, f.atan(p.v), (x) => reciprocal(add(1, square(x))));

/** 2/√π · e^(−x²) */
const bell = (x: Jet): Jet => mul(constant(b.div(b.big(2), b.sqrt(f.pi()))), exp(neg(square(x))));

export const erf = (p: Jet): Jet => integral(p, f.erf(p.v), bell);
export const erfc = (p: Jet): Jet => integral(p, f.erfc(p.v), (x) => neg(bell(x)));
