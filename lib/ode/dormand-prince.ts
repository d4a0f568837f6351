import { stopGradient } from "../autodiff/custom.ts";
import { whileLoop } from "../control/index.ts";
import { zeros } from "../core/create.ts";
import { DomainError } from "../core/error.ts";
import type { Tensor } from "../core/tensor.ts";
import { isValueless } from "../core/valueless.ts";
import {
	abs,
	add,
	clip,
	div,
	maximum,
	minimum,
	mul,
	sign,
	square,
	sub,
} from "../ops/arithmetic.ts";
import { less, lessEqual, logicalAnd, where } from "../ops/comparison.ts";
import { power } from "../ops/exponential.ts";
import { sum } from "../structure/broadcasting.ts";
import { combined, moved } from "./combine.ts";
import type { OdeFunction, Stretch, Vector } from "./model.ts";

/** How exact the steps are, and how many there may be. */
export interface Control {
	readonly rtol: number;
	readonly atol: number;
	readonly maxSteps: number;
	/** Whether reverse mode goes through the loop, which then needs its greatest length. */
	readonly bounded: boolean;
}

// The coefficients of the method (Dormand and Prince, "A family of embedded Runge–Kutta formulae",
// 1980): five orders, with a second result of four orders to tell the error by. The last slope of a
// step is the first of the next one.
const TIMES = [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const STAGES: readonly (readonly number[])[] = [
	[1 / 5],
	[3 / 40, 9 / 40],
	[44 / 45, -56 / 15, 32 / 9],
	[19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
	[9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
	[35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** The result of five orders less that of four. */
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

/** What is handed on from step to step. */
interface State {
	readonly t: Tensor;
	/** How long the next step is to be, without a sign. */
	readonly h: Tensor;
	readonly y: Vector;
	/** dy/dt there. */
	readonly k: Vector;
	readonly steps: Tensor;
}

/**
 * Steps of such a length that the error of each is within the tolerances. Where more steps than
 * allowed would be needed, the result is NaN.
 */
export function dormandPrince(control: Control): Stretch {
	const { maxSteps, bounded } = control;
	return {
		begin: (f, y, from, to, params) => {
			const k = f(y, from, params);
			return [firstStep(f, y, k, from, to, params, control), ...k];
		},
		go: (f, y, [h, ...k], from, to, params) => {
			const start: State = { t: from, h: h!, y, k, steps: zeros([], { dtype: "int32" }) };
			const isUnder = (s: State) => logicalAnd(less(s.steps, maxSteps), less(0, abs(sub(to, s.t))));
			const next = (s: State) => step(f, s, to, params, control);
			const end = whileLoop<State>(isUnder, next, start, bounded ? { max: maxSteps } : {});
			const isThere = lessEqual(abs(sub(to, end.t)), 0);
			if (!isValueless(isThere) && isThere.item() === 0) {
				throw new DomainError(
					`odeint: expected to come from ${from} to ${to} in ${maxSteps} steps, but came to ${end.t}; the equation may be stiff, ` +
						"or the solution unbounded: pass larger tolerances or maxSteps",
				);
			}
			return [end.y.map((leaf) => where(isThere, leaf, Number.NaN)), [end.h, ...end.k]];
		},
	};
}

function step(f: OdeFunction, s: State, to: Tensor, params: Vector, control: Control): State {
	const left = sub(to, s.t);
	const isLast = lessEqual(abs(left), s.h);
	const length = stopGradient(minimum(s.h, abs(left)));
	// Where the steps lie is held fixed, but the last one ends at `to`, wherever that moves.
	const h = where(isLast, left, mul(length, sign(left)));
	const slopes: Vector[] = [s.k];
	let y = s.y;
	for (const [i, coefficients] of STAGES.entries()) {
		y = moved(s.y, h, coefficients, slopes);
		slopes.push(f(y, add(s.t, mul(h, TIMES[i]!)), params));
	}
	const error = combined(ERROR, slopes).map((e) => mul(e, h));
	const size = stopGradient(norm(error, scaleOf(s.y, y, control)));
	const isGood = lessEqual(size, 1);
	// The error grows with the fifth power of the length.
	const factor = clip(mul(0.9, power(maximum(size, 1e-10), -0.2)), 0.2, 10);
	// NaN counts as too long a step.
	const shorter = where(
		less(size, Number.POSITIVE_INFINITY),
		mul(length, factor),
		mul(length, 0.2),
	);
	const chosen = (now: Tensor, before: Tensor) => where(isGood, now, before);
	return {
		t: chosen(where(isLast, to, add(s.t, h)), s.t),
		// A last step that was cut short says little about the next one.
		h: where(logicalAnd(isGood, isLast), maximum(s.h, shorter), shorter),
		y: y.map((leaf, i) => chosen(leaf, s.y[i]!)),
		k: slopes.at(-1)!.map((leaf, i) => chosen(leaf, s.k[i]!)),
		steps: add(s.steps, 1),
	};
}

/**
 * The first length (Hairer, Nørsett and Wanner, "Solving ordinary differential equations I", II.4).
 */
function firstStep(
	f: OdeFunction,
	y: Vector,
	k: Vector,
	from: Tensor,
	to: Tensor,
	params: Vector,
	control: Control,
): Tensor {
	const scale = scaleOf(y, y, control);
	const [d0, d1] = [norm(y, scale), norm(k, scale)];
	const isTiny = lessEqual(minimum(d0, d1), 1e-5);
	const guess = where(isTiny, 1e-6, mul(0.01, div(d0, maximum(d1, 1e-300))));
	const h = mul(guess, sign(sub(to, from)));
	const there = moved(y, h, [1], [k]);
	const change = f(there, add(from, h), params).map((leaf, i) => sub(leaf, k[i]!));
	const d2 = div(norm(change, scale), guess);
	const bend = maximum(d1, d2);
	const second = where(
		lessEqual(bend, 1e-15),
		maximum(1e-6, mul(guess, 1e-3)),
		power(div(0.01, maximum(bend, 1e-300)), 0.2),
	);
	return stopGradient(minimum(mul(100, guess), second));
}

function scaleOf(a: Vector, b: Vector, { rtol, atol }: Control): Tensor[] {
	return a.map((x, i) => add(atol, mul(rtol, maximum(abs(x), abs(b[i]!)))));
}

/** The root of the mean square of all elements, each in units of its own. */
function norm(x: Vector, scale: Vector): Tensor {
	const count = x.reduce((n, leaf) => n + leaf.size, 0);
	const squares = x.map((leaf, i) => sum(square(div(leaf, scale[i]!))));
	return power(
		div(
			squares.reduce((a, b) => add(a, b)),
			count,
		),
		0.5,
	);
}
