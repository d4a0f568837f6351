import * as s from "../../../scalar/primitives.ts";
import { constant, type Scalar, type Term } from "../../../scalar/scalar.ts";

/**
 * Powers that are a few multiplications, at most 2 ulp from the function; −∞ has the root ∞, and −0
 * the root 0, as the power has it.
 */
const short = new Map<number, (x: Scalar) => Scalar>([
	[0, () => constant(1)],
	[1, (x) => x],
	[2, square],
	[3, (x) => s.mul(square(x), x)],
	[4, (x) => square(square(x))],
	[-1, (x) => s.div(1, x)],
	[0.5, root],
	[-0.5, (x) => s.div(1, root(x))],
]);

/** The power of these without a call of the function; null where there is no such way. */
export function shortPower([x, exponent]: readonly Term[]): Scalar | null {
	const found = exponent!.kind === "constant" ? short.get(exponent!.value) : undefined;
	return found?.(x as Scalar) ?? null;
}

function square(x: Scalar): Scalar {
	return s.mul(x, x);
}

function root(x: Scalar): Scalar {
	const infinity = Number.POSITIVE_INFINITY;
	return s.sqrt(s.select(s.equal(x, -infinity), infinity, s.add(x, 0)));
}
