import { boundedLoop } from "../control/loop-origins.ts";
import { DerivationError } from "../core/error.ts";
import type { Op } from "../core/op.ts";
import { bodiesOf, type Program } from "../program/program.ts";

/** @throws DerivationError for an op with programs inside that has no lines */
export function checkHasLines({ instructions }: Program): void {
	for (const { op } of instructions) {
		if (op.bodies === undefined) continue;
		const isLoop = op.lowering === "repeat" || boundedLoop(op) !== undefined;
		if (isLoop || op.lowering === "choice") {
			for (const body of bodiesOf(op)) checkHasLines(body);
			continue;
		}
		throw new DerivationError(`derive: the function calls ${op.name}${refusal(op)}`);
	}
}

/** Why there are no lines, and the way out. */
function refusal({ lowering }: Op): string {
	if (lowering === "while") {
		return (
			", and a derivation has no lines for a loop whose number of steps is known only once they are done; " +
			"say how many there are at most, { max: 100 }"
		);
	}
	return (
		" under vmap with a test of each example, and a derivation has no lines for that; " +
		"choose with where(test, x, y), or derive what is done for one example"
	);
}
