import { identity } from "../core/linear-map.ts";
import { apply, type Op } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";

// Two ops that change nothing. They are there to be seen: in a recorded program they stand where a
// derivative is not that of what is computed, but what the user has decided.

/** An op that changes nothing. */
/* @__NO_SIDE_EFFECTS__ */
function mark<P>(
	name: string,
	byHand: "stopped" | "given",
	differential: Op["differential"],
): Op<string, P> {
	return {
		name,
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		evaluate: ([x]) => x!,
		differential,
		typescript: ([x]) => x!,
		latex: ([x]) => x!,
		plain: { kind: "order" },
		print: ([x]) => x!,
		facts: { idle: () => true, flops: () => 0, byHand },
	};
}

const stopOp = mark<null>("stopGradient", "stopped", null);

// Whoever differentiates the recorded program sees just that.
const givenOp = mark<{ readonly call: number }>("customGradient", "given", () => identity);

let calls = 0;

/** The same value, through which no derivative flows. */
export function stopped(x: Tensor): Tensor {
	return apply(stopOp, [x], null);
}

/**
 * The same value, as the result of a call whose derivative was given with it: of each call another
 * one, since their derivatives may differ.
 */
export function given(x: Tensor): Tensor {
	return apply(givenOp, [x], { call: calls++ });
}
