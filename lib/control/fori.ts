import { calledAs } from "../core/called-as.ts";
import { arange } from "../core/create.ts";
import { DomainError } from "../core/error.ts";
import { checkFunction, checkOptions, describe } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { CHECKPOINT, type CheckpointOptions, scanAs } from "./scan.ts";

/**
 * Takes a step for each whole number from `from` up to `to`, which is not included, and hands a
 * carry on: `carry = step(carry, i)`, with `i` as an int32 scalar. It is `scan` without results of
 * the steps, and what is said there holds here.
 * @returns the last carry
 * @throws DomainError where `from` or `to` is no whole number
 */
export function fori<C>(
	from: number,
	to: number,
	step: (carry: C, i: Tensor) => C,
	carry: C,
	options: CheckpointOptions = {},
): C {
	checkFunction("fori", step);
	for (const [role, x] of [
		["from", from],
		["to", to],
	] as const) {
		if (Number.isSafeInteger(x)) continue;
		throw new DomainError(
			`fori: expected \`${role}\` to be a whole number, got ${describe(x)}; a loop whose end is a tensor is a whileLoop`,
		);
	}
	const numbers = calledAs("fori", () => arange(from, Math.max(from, to), 1, { dtype: "int32" }));
	checkOptions("fori", options, { checkpoint: CHECKPOINT });
	const pair = (c: C, i: Tensor) => [step(c, i), null] as const;
	return scanAs("fori", pair, carry, numbers, options)[0];
}
