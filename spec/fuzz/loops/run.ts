// Random programs with loops, branches and batches in them against the same written out: `npm run
// fuzz:loops`, or with `-- --runs 500 --seed 7 --seconds 30`. It says how to run the same again,
// ends with 1 at the first program that fails, and stops after `seconds`. Where `seconds` are not
// given, it looks for the smallest program that fails.
import { parseArgs } from "node:util";
import * as fc from "fast-check";
import { draws } from "../../../lib/check/arbitrary-draw.ts";
import { judgeLoops } from "./judge.ts";
import { loopPrograms } from "./programs.ts";

/** How many programs share a seed. */
const BATCH = 20;

const { values } = parseArgs({
	options: { runs: { type: "string" }, seed: { type: "string" }, seconds: { type: "string" } },
});
const runs = Number(values.runs ?? 1000);
const first = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const end = performance.now() + 1000 * Number(values.seconds ?? Number.POSITIVE_INFINITY);

let done = 0;
for (let seed = first; done < runs && performance.now() < end; seed++) {
	const numRuns = Math.min(BATCH, runs - done);
	const result = fc.check(
		fc.property(loopPrograms(), draws(), (program, draw) => judgeLoops(program, draw)),
		{
			numRuns,
			seed,
			includeErrorInReport: true,
			// With a bound of time it is said at once what failed: to find the smallest takes longer.
			endOnFailure: values.seconds !== undefined,
		},
	);
	if (result.failed) {
		console.log(fc.defaultReportMessage(result));
		console.log(`again: npm run fuzz:loops -- --seed ${seed} --runs ${numRuns}`);
		process.exit(1);
	}
	done += numRuns;
}
console.log(`${done} programs with loops, branches and batches from seed ${first} on: no failure`);
process.exit(0);
