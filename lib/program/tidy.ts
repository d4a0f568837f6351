import { withViewsOfConstants } from "./constant-views.ts";
import { plainProducts } from "./product-laws.ts";
import type { Program, Value } from "./program.ts";
import { instructionsOf } from "./program.ts";
import { type Rewritten, then } from "./rewrite.ts";
import { neutral } from "./rules.ts";
import { simplify } from "./simplify.ts";

/**
 * What is done with a recorded program before anything else, forward pass included.
 * @param results so many outputs are results, the others gradients; left out: one
 */
export type Tidying = (program: Program, results?: number) => Rewritten;

/**
 * The program without what does nothing: zeros that are added, factors 1, products with the
 * identity or with zeros, shapes that only a product of matrices was given. What the user named
 * stays, and so do marks of derivatives that are fixed by hand.
 */
export const withoutNoise: Tidying = (program, results) => {
	const viewed = withViewsOfConstants(program);
	const forward = [...forwardPass(viewed.program, results)];
	const byHand = forward.filter((x) => x.kind === "instruction" && x.op.traits?.byHand);
	const named = viewed.program.instructions.flatMap(({ op, inputs: [x] }) =>
		op.traits?.label === undefined || isName(x!) ? [] : [x!],
	);
	const tidied = simplify(viewed.program, {
		keep: new Set([...byHand, ...named]),
		keepsUses: true,
		algebra: (state) => ({
			laws: [neutral("adding 0 changes nothing", (_, term) => term === 0), ...plainProducts(state)],
			collect: { name: "", rewrite: () => null },
		}),
	});
	return then(viewed, tidied);
};

/** The program as it is, with what is computed twice once. */
export const asRecorded: Tidying = (program, results) => {
	const viewed = withViewsOfConstants(program);
	return then(viewed, simplify(viewed.program, { keep: forwardPass(viewed.program, results) }));
};

/**
 * The forward pass of a program that gives a result and its gradients, but for the names in it:
 * what stays as the user wrote it, whatever is simplified.
 */
export function forwardPass({ outputs }: Program, results = 1): Set<Value> {
	return new Set(instructionsOf(outputs.slice(0, results)).filter((step) => !isName(step)));
}

/** Whether a value is another under a name: no value of its own. */
function isName(value: Value): boolean {
	return value.kind === "instruction" && value.op.traits?.label !== undefined;
}
