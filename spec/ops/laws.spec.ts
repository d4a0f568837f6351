import * as fc from "fast-check";
import { laws } from "../../lib/check/laws.ts";
import * as adjoint from "../../lib/index.ts";
import type { Op } from "../../lib/op.ts";
import { drawFrom } from "../draw.ts";
import { suite } from "../suite.ts";

const RUNS = 40;

/** Every public function that carries a record: a new op joins by itself. */
const records = Object.values(adjoint).flatMap((value) =>
	typeof value === "function" && "op" in value ? [value.op as Op] : [],
);

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
