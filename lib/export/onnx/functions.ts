import { termOf } from "../../scalar/formula.ts";
import { isOwnFunction } from "../../scalar/function.ts";
import * as s from "../../scalar/index.ts";
import {
	constant,
	type NativeFunction,
	type Scalar,
	type ScalarFunction,
	type Term,
} from "../../scalar/scalar.ts";
import type { FloatElement } from "./element-types.ts";

// What the functions of formulas are in ONNX: nodes, or formulas of what has nodes.

/**
 * Nodes that ONNX Runtime computes in every float type. Its `Sigmoid` is none of them: it gives 0
 * or lost digits where the result is small.
 */
const NODES: Readonly<Record<string, string>> = {
	exp: "Exp",
	log: "Log",
	sin: "Sin",
	cos: "Cos",
	tanh: "Tanh",
	remainder: "Mod",
	round: "Round",
};

/** Nodes that it does not compute in float64. */
const NARROW_NODES: Readonly<Record<string, string>> = {
	tan: "Tan",
	asin: "Asin",
	acos: "Acos",
	atan: "Atan",
	sinh: "Sinh",
	cosh: "Cosh",
	asinh: "Asinh",
	acosh: "Acosh",
	atanh: "Atanh",
	erf: "Erf",
};

const { PI, LN2, LN10 } = Math;

/** −x where y is negative; −0 counts as not negative. */
const withSignOf = (x: Scalar, y: Scalar) => s.select(s.less(y, 0), s.neg(x), x);

/** A function of |x| that is odd; near 0 it is x, and so is −0. */
const odd = (x: Scalar, ofSize: (size: Scalar) => Scalar) =>
	s.select(s.equal(x, 0), x, withSignOf(ofSize(s.abs(x)), x));

/** Half of eˣ, which does not overflow before sinh and cosh do. */
const halfExp = (x: Scalar) => {
	const root = s.exp(s.mul(0.5, x));
	return s.mul(s.mul(0.5, root), root);
};

/** c₀·xⁿ + … + cₙ. */
const polynomial = (x: Scalar, [first, ...rest]: readonly [number, ...number[]]) =>
	rest.reduce((sum, c) => s.add(s.mul(sum, x), c), constant(first));

/**
 * The arc tangent of a number from 0: around 0, 1 or ∞ by a quotient of polynomials, which is that
 * of S. L. Moshier's Cephes library.
 */
function arcTangent(size: Scalar): Scalar {
	const [isGreat, isMiddle] = [s.greater(size, 1 + Math.SQRT2), s.greater(size, 0.66)];
	const middle = s.div(s.sub(size, 1), s.add(size, 1));
	const x = s.select(isGreat, s.div(-1, size), s.select(isMiddle, middle, size));
	const z = s.mul(x, x);
	const p = polynomial(
		z,
		[
			-0.8750608600031904, -16.157537187333652, -75.00855792314705, -122.88666844901361,
			-64.85021904942025,
		],
	);
	const q = polynomial(
		z,
		[
			1, 24.858464901423062, 165.02700983169885, 432.88106049129027, 485.3903996359137,
			194.5506571482614,
		],
	);
	const near = s.add(s.mul(x, s.div(s.mul(z, p), q)), x);
	return s.add(s.select(isGreat, PI / 2, s.select(isMiddle, PI / 4, 0)), near);
}

/** The functions that are no nodes, or not in float64, in terms of others. */
const FORMULAS: Readonly<Record<string, (...x: Scalar[]) => Term>> = {
	// By the logarithm of what exp was rounded to (W. Kahan).
	expm1: (x) => {
		const y = s.exp(x!);
		const rest = s.sub(y, 1);
		const near = s.div(s.mul(rest, x!), s.log(y));
		const isFar = s.or(s.equal(rest, -1), s.equal(y, Number.POSITIVE_INFINITY));
		return s.select(s.equal(y, 1), x!, s.select(isFar, rest, near));
	},
	// By what 1 + x was rounded to, too.
	log1p: (x) => {
		const y = s.add(1, x!);
		const near = s.div(s.mul(s.log(y), x!), s.sub(y, 1));
		return s.select(s.equal(y, 1), x!, s.select(s.equal(x!, Number.POSITIVE_INFINITY), x!, near));
	},
	log2: (x) => s.div(s.log(x!), LN2),
	log10: (x) => s.div(s.log(x!), LN10),
	tan: (x) => s.div(s.sin(x!), s.cos(x!)),
	sinh: (x) =>
		odd(x!, (size) => {
			const rest = s.expm1(size);
			const near = s.mul(0.5, s.add(rest, s.div(rest, s.add(rest, 1))));
			return s.select(s.less(size, 22), near, halfExp(size));
		}),
	cosh: (x) => {
		const size = s.abs(x!);
		const half = s.mul(0.5, s.exp(size));
		return s.select(s.less(size, 22), s.add(half, s.div(0.25, half)), halfExp(size));
	},
	asinh: (x) =>
		odd(x!, (size) => {
			const square = s.mul(size, size);
			const near = s.add(size, s.div(square, s.add(1, s.sqrt(s.add(square, 1)))));
			return s.select(s.less(size, 1e8), s.log1p(near), s.add(s.log(size), LN2));
		}),
	acosh: (x) => {
		const rest = s.sub(x!, 1);
		const near = s.log1p(s.add(rest, s.sqrt(s.add(s.mul(2, rest), s.mul(rest, rest)))));
		const far = s.select(s.less(x!, 1e8), near, s.add(s.log(x!), LN2));
		return s.select(s.less(x!, 1), Number.NaN, far);
	},
	atanh: (x) => odd(x!, (size) => s.mul(0.5, s.log1p(s.div(s.mul(2, size), s.sub(1, size))))),
	atan: (x) => odd(x!, arcTangent),
	asin: (x) => s.atan(s.div(x!, s.sqrt(s.mul(s.sub(1, x!), s.add(1, x!))))),
	acos: (x) => s.mul(2, s.atan(s.sqrt(s.div(s.sub(1, x!), s.add(1, x!))))),
	atan2: (y, x) => {
		const [width, height] = [s.abs(x!), s.abs(y!)];
		const same = s.select(s.equal(width, 0), 0, 1);
		const quotient = s.div(s.min(width, height), s.max(width, height));
		const acute = s.atan(s.select(s.equal(width, height), same, quotient));
		const upper = s.select(s.greater(height, width), s.sub(PI / 2, acute), acute);
		const angle = s.select(isNegative(x!), s.sub(PI, upper), upper);
		return s.select(isNegative(y!), s.neg(angle), angle);
	},
	sign: (x) => s.select(s.greater(x!, 0), 1, s.select(s.less(x!, 0), -1, x!)),
	hypot: (x, y) => {
		const [width, height] = [s.abs(x!), s.abs(y!)];
		const [most, least] = [s.max(width, height), s.min(width, height)];
		const quotient = s.div(least, most);
		const size = s.mul(most, s.sqrt(s.add(1, s.mul(quotient, quotient))));
		const infinity = Number.POSITIVE_INFINITY;
		const isInfinite = s.or(s.equal(width, infinity), s.equal(height, infinity));
		return s.select(isInfinite, infinity, s.select(s.equal(most, 0), 0, size));
	},
};

/** Whether a number is below 0, or −0. */
function isNegative(x: Scalar) {
	return s.or(s.less(x, 0), s.less(s.div(1, x), 0));
}

/** The node `Pow`, which gives 1 for 1 to any power, and for −1 to ±∞. */
const POWER: NativeFunction = { name: "Pow", arity: 2, evaluate: Math.pow, operator: undefined };

/** xʸ as the engine has it: NaN there, unless the exponent is known to be finite. */
function powerOf(x: Scalar, y: Scalar): Term {
	const power: Scalar = { kind: "call", type: "number", of: POWER, args: [x, y] };
	if (y.kind === "constant" && Number.isFinite(y.value)) return power;
	const ends = s.less(s.abs(y), Number.POSITIVE_INFINITY);
	return s.select(s.and(s.equal(s.abs(x), 1), s.not(ends)), Number.NaN, power);
}

/** The formulas that have been asked for. */
const terms = new Map<string, Term>();

/** What a function is: a node, or a formula of its arguments. */
export function nodeOrFormula(
	f: ScalarFunction,
	element: FloatElement,
	args: readonly Term[],
): string | Term {
	const { name, arity } = f;
	if (f === POWER) return POWER.name;
	if (isOwnFunction(f)) {
		if (name === "pow")
			return termOf(
				(x, y) => powerOf(x!, args[1]!.kind === "constant" ? (args[1] as Scalar) : y!),
				2,
			);
		if (NODES[name] !== undefined) return NODES[name];
		if (element !== "float64" && NARROW_NODES[name] !== undefined) return NARROW_NODES[name];
		const formula = FORMULAS[name];
		if (formula !== undefined) {
			const term = terms.get(name) ?? termOf(formula, arity);
			terms.set(name, term);
			return term;
		}
	}
	if ("term" in f) return f.term();
	throw new TypeError(`${name} has no form in ONNX`);
}
