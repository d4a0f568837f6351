import { GradientError } from "../../core/error.ts";
import type { Mode } from "../differences/problem.ts";

/** Options of `checkGradients`. */
export interface CheckOptions {
	/** Derivatives up to this order are checked; left out: 2. */
	readonly order?: number;
	/** Left out: both. At higher orders every combination of them. */
	readonly modes?: readonly Mode[];
	/** Of the random directions and cotangents; left out: 0. */
	readonly seed?: number;
	/**
	 * An argument with at most so many elements moves element by element, a larger one in random
	 * directions. Left out: 2048 over the number of arguments at first order, 64 over it from the
	 * second on, where everything moves at once first.
	 */
	readonly elements?: number;
	/** In how many random directions a large argument moves; left out: 4. */
	readonly directions?: number;
}

/** Options of `assertGradients`. */
export interface AssertOptions extends CheckOptions {
	/** What is let pass although it could not be decided; left out: nothing. */
	readonly accept?: readonly ("ill-conditioned" | "non-finite")[];
}

const OPTIONS = ["order", "modes", "seed", "elements", "directions"];
const MODES = ["reverse", "forward"];
const ACCEPTED = ["ill-conditioned", "non-finite"];

/**
 * Refuses options by which less would be checked than they seem to say.
 * @param op the function that was called with them
 * @throws GradientError
 */
export function refuseBadOptions(op: string, options: CheckOptions): void {
	const { order = 2, modes = MODES, elements = 0, directions = 1 } = options;
	const known = op === "assertGradients" ? [...OPTIONS, "accept"] : OPTIONS;
	for (const name of Object.keys(options)) {
		if (known.includes(name)) continue;
		throw new GradientError(
			`${op}: there is no option ${name}; there are ${known.join(", ")}, and bounds follow from the function`,
		);
	}
	const isMode = (mode: string) => MODES.includes(mode);
	if (!(Number.isInteger(order) && order >= 1 && modes.length > 0 && modes.every(isMode))) {
		throw new GradientError(
			`${op}: expected an order of at least 1 and a mode, "reverse" or "forward", got order ${order} and modes [${modes.join(", ")}]`,
		);
	}
	if (!(elements >= 0 && Number.isInteger(directions) && directions >= 1)) {
		throw new GradientError(
			`${op}: expected a number of elements and at least 1 direction, got elements ${elements} and directions ${directions}`,
		);
	}
}

/**
 * Refuses to accept what is no matter of doubt.
 * @throws GradientError
 */
export function refuseToAccept(accept: readonly string[]): void {
	for (const verdict of accept) {
		if (ACCEPTED.includes(verdict)) continue;
		throw new GradientError(
			`assertGradients: expected accept to name "ill-conditioned" or "non-finite", which are undecided, got "${verdict}"`,
		);
	}
}
