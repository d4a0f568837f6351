import * as kind from "../../core/argument-kinds.ts";
import { GradientError } from "../../core/error.ts";
import { checkArgument } from "../../core/options.ts";
import type { Mode } from "../differences/problem.ts";
import type { Choice } from "./choice.ts";

/** Options of `checkGradients`. */
export interface CheckOptions extends Choice {
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
	/**
	 * In milliseconds: a check that takes longer ends between two calls of the function, and its
	 * report is not `ok` but says what was not compared. Left out: no limit.
	 */
	readonly timeLimit?: number;
	/**
	 * Is told at times what is being compared. Left out: the last line of a terminal shows it after
	 * two seconds, on `stderr`; false: it does not.
	 */
	readonly progress?: ((text: string) => void) | false;
}

/** Options of `assertGradients`. */
export interface AssertOptions extends CheckOptions {
	/**
	 * What is let pass although it could not be decided; left out: nothing. `unfinished`: the time
	 * limit ended the check, and what was compared until then is confirmed.
	 */
	readonly accept?: readonly ("ill-conditioned" | "non-finite" | "unfinished")[];
}

const OPTIONS = [
	"order",
	"modes",
	"seed",
	"elements",
	"directions",
	"only",
	"except",
	"timeLimit",
	"progress",
];
/** What else there is, by the function that takes it. */
const MORE_OPTIONS: Readonly<Record<string, readonly string[]>> = {
	assertGradients: ["accept"],
	assertGradientProperty: ["accept", "runs"],
};
const MODES = ["reverse", "forward"];
const ACCEPTED = ["ill-conditioned", "non-finite", "unfinished"];

/** What `only` and `except` are. */
const PATHS: kind.ArgumentKind = {
	expected: 'an array of paths, as "args[0].w1"',
	holds: kind.strings.holds,
	error: GradientError,
};

/**
 * Refuses options by which less would be checked than they seem to say.
 * @param op the function that was called with them
 * @throws GradientError
 */
export function refuseBadOptions(op: string, options: CheckOptions): void {
	checkArgument(op, "options", options, kind.structure);
	const { order = 2, modes = MODES, elements = 0, directions = 1 } = options;
	const known = [...OPTIONS, ...(MORE_OPTIONS[op] ?? [])];
	for (const name of Object.keys(options)) {
		if (known.includes(name)) continue;
		throw new GradientError(
			`${op}: there is no option ${name}; there are ${known.join(", ")}, and bounds follow from the function`,
		);
	}
	refuseBadForm(op, options);
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
 * Refuses options of a form that types would refuse too.
 * @throws GradientError
 */
function refuseBadForm(
	op: string,
	{ seed = 0, modes = [], timeLimit = 1, progress = false, only, except }: CheckOptions,
) {
	checkArgument(op, "seed", seed, { expected: "a safe integer", holds: Number.isSafeInteger });
	checkArgument(op, "modes", modes, kind.strings);
	if (!kind.positive.holds(timeLimit)) {
		throw new GradientError(`${op}: expected timeLimit in milliseconds above 0, got ${timeLimit}`);
	}
	if (progress !== false && typeof progress !== "function") {
		throw new GradientError(`${op}: expected progress to be a function or false, got ${progress}`);
	}
	if (only !== undefined) checkArgument(op, "only", only, PATHS);
	if (except !== undefined) checkArgument(op, "except", except, PATHS);
}

/**
 * Refuses to accept what is no matter of doubt.
 * @throws GradientError
 */
export function refuseToAccept(op: string, accept: readonly string[]): void {
	checkArgument(op, "accept", accept, kind.strings);
	for (const verdict of accept) {
		if (ACCEPTED.includes(verdict)) continue;
		throw new GradientError(
			`${op}: expected accept to name "ill-conditioned", "non-finite" or "unfinished", which are undecided, got "${verdict}"`,
		);
	}
}
