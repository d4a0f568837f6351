import { alike } from "../core/lead.ts";
import { identity, type LinearMap } from "../core/linear-map.ts";
import { apply, type Op } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import type { Tensor } from "../core/tensor.ts";
import type { OpTraits } from "../core/traits.ts";

// Ops that change nothing. They are there to be seen: in a recorded program they stand where a
// derivative is not that of what is computed, but what the user has decided, or where a batch was
// gone through one by one.

/** An op that changes nothing. */
/* @__NO_SIDE_EFFECTS__ */
function mark<P extends Data>(
	name: string,
	traits: OpTraits<P>,
	differential: Op["differential"],
	jax?: Op["jax"],
): Op<string, P> {
	return {
		name,
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		evaluate: ([x]) => x!,
		differential,
		typescript: ([x]) => x!,
		latex: ([x]) => x!,
		loops: { kind: "order" },
		lead: alike,
		print: ([x]) => x!,
		...(jax && { jax }),
		traits: { idle: () => true, flops: () => 0, ...traits },
	};
}

/** A result of so many applications of an op that has no rule for a batch. */
type OneByOneParams = { readonly op: string; readonly size: number };

const oneByOneOp = mark<OneByOneParams>(
	"oneByOne",
	{
		note: ({ op, size }) =>
			`${op} has no rule for a batch, so vmap applies it to one example after the other, ${size} times; state \`lead\` or \`batch\` in its record`,
	},
	() => identity,
);

/** The same value, as made by applying the op to one example of a batch after the other. */
export function oneByOne(x: Tensor, op: string, size: number): Tensor {
	return apply(oneByOneOp, [x], { op, size });
}

const stopOp = mark<null>(
	"stopGradient",
	{ byHand: "stopped" },
	null,
	([x]) => `lax.stop_gradient(${x})`,
);

/** The same value, through which no derivative flows. */
export function stopped(x: Tensor): Tensor {
	return apply(stopOp, [x], null);
}

/**
 * The same value, as the result of a call of these arguments whose derivative was given with it: an
 * op for each call, since their derivatives may differ. Whoever differentiates the recorded program
 * finds that derivative, and none of the value's own.
 */
export function given(
	value: Tensor,
	args: readonly Tensor[],
	differential: (i: number, args: readonly Tensor[], out: Tensor) => LinearMap,
): Tensor {
	const op = mark<null>("customGradient", { byHand: "given" }, (i, [, ...inputs], out) =>
		i === 0 ? null : differential(i - 1, inputs, out),
	);
	return apply(op, [value, ...args], null);
}
