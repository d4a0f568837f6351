import * as fc from "fast-check";
import * as kind from "../core/argument-kinds.ts";
import type { Op } from "../core/op.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import { draws } from "./arbitrary-draw.ts";
import { LawError } from "./law.ts";
import { laws } from "./laws.ts";

/** How `checkOp` tries an op. */
export interface CheckOpOptions {
	/** How many arguments each law is tried on; left out: 100. */
	readonly runs?: number;
	/** Left out: another one each time; the error tells which. */
	readonly seed?: number;
	/** The names of the laws to try, from `laws`; left out: all. */
	readonly laws?: readonly string[];
}

const CHECK_OP_OPTIONS: OptionKinds<CheckOpOptions> = {
	runs: kind.count,
	seed: kind.number,
	laws: kind.strings,
};

function isOp(x: unknown): boolean {
	return kind.callable.holds(x) || kind.structure.holds(x);
}

/**
 * Tries an op, given as its record or as a function that carries one, on random arguments from its
 * `sample` by every law in `laws`: shape and dtype rules, both modes against finite differences to
 * second order, views, float32, integers, ….
 * @throws LawError for the first law that is broken, with the simplest arguments found that break
 * it and how to replay
 * @throws LawError for a record without `sample`, and for the name of a law that there is not
 */
export function checkOp(op: Op | { readonly op: Op }, options: CheckOpOptions = {}): void {
	checkArgument("checkOp", "", op, { expected: "a record, or a function with one", holds: isOp });
	const record = "op" in op ? op.op : op;
	const { runs = 100, seed } = checkOptions("checkOp", options, CHECK_OP_OPTIONS);
	if (record.sample === undefined) {
		throw new LawError(
			`checkOp: expected a record with \`sample\`, which draws arguments to try the op on, got ${record.name} without; ` +
				"for one tensor it is (draw) => ({ inputs: [draw.tensor(draw.shape())], params: null }). " +
				"A function that is no op is for checkGradients",
		);
	}
	for (const claim of options.laws ?? Object.keys(laws)) {
		const law = laws[claim];
		if (law === undefined) {
			throw new LawError(`checkOp: there is no law "${claim}"; see Object.keys(laws)`);
		}
		const result = fc.check(
			fc.property(draws(), (draw) => law(record, draw)),
			{ numRuns: runs, ...(seed === undefined ? {} : { seed }) },
		);
		if (!result.failed) continue;
		const cause = result.errorInstance;
		const replay = { runs, seed: result.seed, laws: [claim] };
		throw new LawError(
			`${record.name} breaks the law "${claim}":\n${cause instanceof Error ? cause.message : String(cause)}\n` +
				`(try ${result.numRuns} of ${runs}, made simpler ${result.numShrinks} times; ` +
				`replay with checkOp(${record.name}, ${JSON.stringify(replay)}))`,
			{ cause },
		);
	}
}
