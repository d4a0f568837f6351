import * as fc from "fast-check";
import { laws } from "../../lib/check/laws.ts";
import { drawFrom } from "../draw.ts";
import { records } from "../records.ts";
import { suite } from "../suite.ts";

const RUNS = 40;

suite("ops/laws", (test) => {
	for (const op of records) {
		for (const [claim, law] of Object.entries(laws)) {
			test(`${op.name}: ${claim}`, () => {
				fc.assert(
					fc.property(fc.gen(), (gen) => law(op, drawFrom(gen))),
					{ numRuns: RUNS },
				);
			});
		}
	}
});
