import { jvp, vjp } from "../autodiff/transforms.ts";
import { isFloat } from "../core/dtype.ts";
import { apply, type Draw, type Op } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { differentiateAtZero } from "./differences/finite-difference.ts";
import { law } from "./law.ts";

/** Several tensors in, several out, as the laws see every op. */
export type ListFunction = (x: readonly Tensor[]) => readonly Tensor[];

/** ⟨u, J·v⟩ = ⟨Jᵀ·u, v⟩ holds up to rounding. */
export const ADJOINT_TOLERANCE = 1e-12;
/** What extrapolated differences of values rounded to 1e−16 can resolve, with a margin. */
const DIFFERENCE_TOLERANCE = 1e-8;
function dotProduct(x: Tensor, y: Tensor): { sum: number; size: number } {
	const [a, b] = [elements(x), elements(y)];
	let sum = 0;
	let size = 0;
	for (let i = 0; i < a.length; i++) {
		sum += a[i]! * b[i]!;
		size += Math.abs(a[i]! * b[i]!);
	}
	return { sum, size };
}

/** Σ ⟨x, y⟩, and the size of the terms, to which rounding errors are relative. */
export function innerProduct(
	x: readonly Tensor[],
	y: readonly Tensor[],
): { sum: number; size: number } {
	let sum = 0;
	let size = 0;
	for (const [i, xi] of x.entries()) {
		const part = dotProduct(xi, y[i]!);
		sum += part.sum;
		size += part.size;
	}
	return { sum, size };
}

/**
 * Checks the derivatives of `f` at `x`: forward mode, reverse mode and finite differences agree
 * along a random direction with a random cotangent; up to `order`, by checking the derivatives
 * themselves in the same way.
 */
export function checkDerivatives(
	name: string,
	f: ListFunction,
	x: readonly Tensor[],
	draw: Draw,
	order: number,
): void {
	const v = x.map((xi) => randomDirection(xi, draw));
	const [y, dy] = jvp(f, x, v);
	const u = y.map((yi) => randomDirection(yi, draw));
	const [, pull] = vjp(f, x);
	const g = pull(u);
	const forward = innerProduct(u, dy);
	const reverse = innerProduct(g, v);
	const size = Math.max(1, forward.size, reverse.size);
	law(
		Math.abs(forward.sum - reverse.sum) <= ADJOINT_TOLERANCE * size,
		name,
		`forward mode gives ${forward.sum}, reverse mode ${reverse.sum}`,
	);
	const moved = (t: number) => innerProduct(u, f(x.map((xi, i) => add(xi, mul(v[i]!, t)))));
	const { value, error } = differentiateAtZero((t) => moved(t).sum);
	law(
		Math.abs(forward.sum - value) <= DIFFERENCE_TOLERANCE * Math.max(size, moved(0).size),
		name,
		`the derivative is ${forward.sum}, by differences ${value} ± ${error}`,
	);
	if (order === 1) return;
	const n = x.length;
	const back: ListFunction = (xu) => vjp(f, xu.slice(0, n))[1](xu.slice(n));
	checkDerivatives(`${name}, reverse mode`, back, [...x, ...u], draw, order - 1);
	const ahead: ListFunction = (xv) => jvp(f, xv.slice(0, n), xv.slice(n))[1];
	checkDerivatives(`${name}, forward mode`, ahead, [...x, ...v], draw, order - 1);
}

/** A random tangent or cotangent; of ones it would hide mistakes that sum to zero. */
export function randomDirection(x: Tensor, draw: Draw): Tensor {
	return astype(draw.tensor(x.shape, { min: -1, max: 1 }), x.dtype);
}

/** An op as a function of its float inputs, the others held fixed. */
export function asListFunction(op: Op, inputs: readonly Tensor[], params: Data): ListFunction {
	return (x) => {
		let next = 0;
		return [
			apply(
				op,
				inputs.map((input) => (isFloat(input.dtype) ? x[next++]! : input)),
				params,
			),
		];
	};
}

/** Elements agree relative to the greatest one; NaN with NaN, an infinity with itself. */
export function nearIn(
	op: string,
	what: string,
	actual: Tensor,
	expected: Tensor,
	tolerance: number,
): void {
	const [a, e] = [elements(actual), elements(expected)];
	let size = 1;
	for (const value of e) if (Number.isFinite(value)) size = Math.max(size, Math.abs(value));
	for (let i = 0; i < e.length; i++) {
		const [x, y] = [a[i]!, e[i]!];
		const agrees = x === y || Object.is(x, y) || Math.abs(x - y) <= tolerance * size;
		law(agrees, op, `${what} is ${x}, expected ${y}`);
	}
}

/** The tensors of a float dtype. */
export const floats = (list: readonly Tensor[]) => list.filter((x) => isFloat(x.dtype));
