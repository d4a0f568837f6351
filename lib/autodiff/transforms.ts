import { checkFunction } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { elsewhere } from "./elsewhere.ts";
import { gradientOf, pull, push, run } from "./run.ts";

/** What a function returns that has a gradient: a scalar, or one in front of further results. */
export type ScalarResult = Tensor | readonly [Tensor, ...unknown[]];

/**
 * The value of a scalar function together with its gradient with respect to the first argument,
 * which may be a tensor or any nested plain object or array of float tensors; the gradient has the
 * same structure. Further arguments are passed on and not differentiated. A leaf on which the value
 * does not depend has a gradient of zeros.
 *
 * A function may return further results behind the scalar, `[loss, state]`, in any structure of
 * tensors: they come out with the value and do not count for the gradient.
 *
 * @returns a function that gives `[value, gradient]`
 * @throws GradientError when the result is not a float scalar, or a leaf is not a float tensor
 */
export function valueAndGrad<X, Rest extends unknown[], Y extends ScalarResult>(
	f: (x: X, ...rest: Rest) => Y,
): (x: X, ...rest: Rest) => [value: Y, gradient: X] {
	checkFunction("valueAndGrad", f);
	return (x, ...rest) => (elsewhere.gradientOf ?? gradientOf)("valueAndGrad", f, x, rest);
}

/**
 * The gradient of a scalar function with respect to its first argument, in that argument's
 * structure; see `valueAndGrad`.
 * @throws GradientError when the result is not a float scalar, or a leaf is not a float tensor
 */
export function grad<X, Rest extends unknown[]>(
	f: (x: X, ...rest: Rest) => Tensor,
): (x: X, ...rest: Rest) => X {
	checkFunction("grad", f);
	return (x, ...rest) => (elsewhere.gradientOf ?? gradientOf)("grad", f, x, rest)[1];
}

/**
 * Runs `f` and returns its result and the function that takes a cotangent of the result back to the
 * first argument (a vector–Jacobian product). The function may be called any number of times.
 * @throws GradientError when a leaf of the argument is not a float tensor
 */
export function vjp<X, Rest extends unknown[], Y>(
	f: (x: X, ...rest: Rest) => Y,
	x: X,
	...rest: Rest
): [value: Y, pullback: (g: Y) => X] {
	checkFunction("vjp", f);
	const made = run("vjp", f, x, rest);
	return [made.value, (g) => pull(made, g)];
}

/**
 * The result of `f` and its derivative in the direction `dx` (a Jacobian–vector product): forward
 * mode.
 * @throws GradientError when a leaf of the argument is not a float tensor, or `dx` has another
 * structure
 */
export function jvp<X, Rest extends unknown[], Y>(
	f: (x: X, ...rest: Rest) => Y,
	x: X,
	dx: X,
	...rest: Rest
): [value: Y, tangent: Y] {
	checkFunction("jvp", f);
	const made = run("jvp", f, x, rest);
	return [made.value, push(made, dx)];
}

/**
 * Runs `f` and returns its result and its derivative at that point, as a linear function from a
 * tangent of the first argument to one of the result. The function may be called any number of
 * times; `f` is not run again.
 * @throws GradientError when a leaf of the argument is not a float tensor
 */
export function linearize<X, Rest extends unknown[], Y>(
	f: (x: X, ...rest: Rest) => Y,
	x: X,
	...rest: Rest
): [value: Y, derivative: (dx: X) => Y] {
	checkFunction("linearize", f);
	const made = run("linearize", f, x, rest);
	return [made.value, (dx) => push(made, dx)];
}

/**
 * The Hessian of a scalar function times a vector, by forward mode over reverse mode: the Hessian
 * itself is never formed. `v` has the structure of `x`.
 * @throws GradientError as `grad` and `jvp` do
 */
export function hvp<X, Rest extends unknown[]>(
	f: (x: X, ...rest: Rest) => Tensor,
	x: X,
	v: X,
	...rest: Rest
): X {
	checkFunction("hvp", f);
	const gradient = (x: X, ...rest: Rest) => gradientOf("hvp", f, x, rest)[1];
	return push(run("hvp", gradient, x, rest), v);
}
